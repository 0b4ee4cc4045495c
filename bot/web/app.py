"""The web application: its pages, who may reach them, and the headers that guard them."""

import ipaddress
from datetime import timedelta
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.settings import Settings
from bot.web import gaps
from bot.web.case_fields import Office
from bot.web.cases import CasePages
from bot.web.dashboard import dashboard, volumes_csv
from bot.web.feedback import FeedbackPages, Reach
from bot.web.health import TriageStatus, health, metrics, ready
from bot.web.pages import HERE, PAGES
from bot.web.raw import RawPages
from bot.web.sessions import Sessions
from bot.web.signing_in import SigningIn
from handlers.desk import Desk
from handlers.errors import StoreUnavailableError
from handlers.unit import Store

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
"""No script, no outside asset, no frame but of a mail on its own page (https://owasp.org/www-project-secure-headers/)."""


class WebError(Exception):
    """The pages cannot be served as set; the text is one line that says why."""


def check(settings: Settings) -> None:
    """Refuse to show figures to a network: there is no sign-in. Raises WebError."""
    if not _is_loopback(settings.web_host):
        raise WebError(
            f"TRIAGEBOT_WEB_HOST is {settings.web_host}, which other machines can reach, and the "
            "pages have no sign-in; set it to 127.0.0.1."
        )


def create_app(
    store: Store, settings: Settings, triage: TriageStatus, desk: Desk | None = None
) -> Starlette:
    """The application over a database. Raises WebError, as `check` does.

    With a desk it also takes what enquirers say of an answer, and officers work on cases in it;
    without, it only shows.
    """
    check(settings)
    app = Starlette(
        routes=[
            Route("/", dashboard, name="dashboard"),
            Route("/volumes.csv", volumes_csv, name="volumes_csv"),
            *gaps.routes(),
            Route("/health", health),
            Route("/ready", ready),
            Route("/metrics", metrics),
            *(FeedbackPages(desk, Reach.of(settings)).routes() if desk else ()),
            *(RawPages(desk).routes() if desk else ()),
            *(_cases(desk, settings).routes() if desk else ()),
            Mount("/static", StaticFiles(directory=HERE / "static"), name="static"),
        ],
        middleware=[
            Middleware(_GuardHeaders),
            # A page elsewhere must not reach us by a name that it points at this machine.
            Middleware(TrustedHostMiddleware, allowed_hosts=_names(settings), www_redirect=False),
        ],
        exception_handlers={
            StoreUnavailableError: _database_away,
            HTTPException: _http_problem,
        },
    )
    app.state.store = store
    app.state.triage = triage
    app.state.assumed_days = settings.answer_assumed_days
    return app


def _cases(desk: Desk, settings: Settings) -> CasePages:
    lasts = timedelta(hours=settings.web_session_hours)
    sessions = Sessions(settings.web_officers, desk.signing_key, lasts)
    # Where people come over TLS, their browsers must never send the cookie in clear.
    secure = (settings.web_public_url or "").startswith("https:")
    office = Office(desk, {one.id: one.name for one in settings.web_officers})
    return CasePages(office, SigningIn(sessions, secure=secure))


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def _names(settings: Settings) -> list[str]:
    public = urlsplit(settings.web_public_url or "").hostname
    return [*LOOPBACK_NAMES, settings.web_host, *([public] if public else [])]


async def _database_away(request: Request, _error: Exception) -> Response:
    return PAGES.TemplateResponse(request, "unavailable.html", status_code=503)


async def _http_problem(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return PAGES.TemplateResponse(request, "missing.html", {"status": status}, status_code=status)


class _GuardHeaders:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                # A page that shows a mail in a frame says so itself.
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if not scope["path"].startswith("/static/"):
                    headers["Cache-Control"] = "no-store"
            await send(message)

        await self._app(scope, receive, send_guarded)
