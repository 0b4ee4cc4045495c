"""Signing in to the pages of cases, and out; and who it is that asks for one of them."""

import asyncio
import re
import time
from collections import deque
from collections.abc import Awaitable, Callable
from urllib.parse import urlencode

import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.web.forms import FormRefusedError, read_form
from bot.web.pages import PAGES, refused
from bot.web.passwords import NOBODY, matches
from bot.web.sessions import COOKIE, PATH, Session, Sessions, is_of

log = structlog.get_logger(__name__)

MOST_WRONG = 5
"""Wrong passwords for one name, after which its sign-in waits."""
WAIT_SECONDS = 300.0
MOST_NAMES = 1000
"""Names whose wrong passwords are remembered; the oldest are forgotten first."""
AT_ONCE = 2
"""Passwords tried at once: each takes memory and a processor."""
WRONG = "That name and password do not go together."
BUSY = "There were too many wrong passwords for this name. Please try again in five minutes."
_OURS = re.compile(r"/cases(?:/ENQ-[0-9A-Z-]{1,20}(?:/why)?)?(?:\?[\w=&%+.@-]{0,500})?", re.ASCII)

Page = Callable[[Request, Session], Awaitable[Response]]


class SigningIn:
    """The sign-in form, and the guard of all pages that need it.

    Args:
        sessions: who may sign in.
        secure: whether browsers may send the cookie over TLS alone.
    """

    def __init__(self, sessions: Sessions, *, secure: bool) -> None:
        self._sessions = sessions
        self._secure = secure
        self._wrong: dict[str, deque[float]] = {}
        self._trying = asyncio.Semaphore(AT_ONCE)

    def routes(self) -> list[BaseRoute]:
        """Where the forms are."""
        return [
            Route(f"{PATH}/sign-in", self.ask, methods=["GET"]),
            Route(f"{PATH}/sign-in", self.sign_in, methods=["POST"]),
            Route(f"{PATH}/sign-out", self.sign_out, methods=["POST"]),
        ]

    def guarded(self, page: Page) -> Callable[[Request], Awaitable[Response]]:
        """The page for who is signed in; others are asked to, and come back to it."""

        async def guard(request: Request) -> Response:
            session = self._sessions.read(request.cookies.get(COOKIE, ""))
            if session is not None:
                return await page(request, session)
            if request.method == "POST":
                return await _ended(request)
            query = f"?{request.url.query}" if request.url.query else ""
            to = urlencode({"to": request.url.path + query})
            return RedirectResponse(f"{PATH}/sign-in?{to}", 303)

        return guard

    async def ask(self, request: Request) -> Response:
        """The form."""
        return self._form(request, _back(request.query_params.get("to", "")))

    async def sign_in(self, request: Request) -> Response:
        """Begin a session, where name and password go together."""
        try:
            form = await read_form(request)
        except FormRefusedError as error:
            return self._form(request, PATH, problem=str(error), status=error.status)
        name, to = form.get("sign_in", ""), _back(form.get("to", ""))
        if self._must_wait(name):
            return self._form(request, to, problem=BUSY, name=name, status=429)
        officer = self._sessions.find(name)
        kept = officer.password.get_secret_value() if officer else NOBODY
        async with self._trying:
            right = await asyncio.to_thread(matches, form.get("password", ""), kept)
        if officer is None or not right:
            self._note_wrong(name)
            log.warning("a sign-in was refused", known=officer is not None)
            return self._form(request, to, problem=WRONG, name=name, status=403)
        self._wrong.pop(_key(name), None)
        session = self._sessions.begin(officer)
        log.info("an officer signed in", officer=officer.id)
        answer = RedirectResponse(to, 303)
        answer.set_cookie(
            COOKIE,
            session.token,
            max_age=int(self._sessions.lasts.total_seconds()),
            path=PATH,
            secure=self._secure,
            httponly=True,
            samesite="lax",
        )
        return answer

    async def sign_out(self, request: Request) -> Response:
        """End the session in this browser."""
        try:
            await read_form(request)
        except FormRefusedError as error:
            return self._form(request, PATH, problem=str(error), status=error.status)
        answer = RedirectResponse(f"{PATH}/sign-in", 303)
        answer.delete_cookie(COOKIE, path=PATH, secure=self._secure, httponly=True, samesite="lax")
        return answer

    def _form(
        self, request: Request, to: str, *, problem: str = "", name: str = "", status: int = 200
    ) -> Response:
        context = {
            "to": to,
            "problem": problem,
            "name": name,
            "possible": self._sessions.are_possible,
        }
        return PAGES.TemplateResponse(request, "sign_in.html", context, status_code=status)

    def _must_wait(self, name: str) -> bool:
        times = self._wrong.get(_key(name), deque())
        while times and times[0] < time.monotonic() - WAIT_SECONDS:
            times.popleft()
        return len(times) >= MOST_WRONG

    def _note_wrong(self, name: str) -> None:
        if len(self._wrong) >= MOST_NAMES and _key(name) not in self._wrong:
            del self._wrong[next(iter(self._wrong))]
        self._wrong.setdefault(_key(name), deque()).append(time.monotonic())


async def read_own_form(request: Request, session: Session) -> dict[str, str]:
    """The fields of a form that was made for this session. Raises FormRefusedError."""
    form = await read_form(request)
    if not is_of(session, form.get("form_token", "")):
        why = "This form was made before you signed in anew, so nothing was done."
        raise FormRefusedError(why, 403)
    return dict(form)


async def _ended(request: Request) -> Response:
    """Say that the session ended, and give back what was written."""
    try:
        form = await read_form(request)
    except FormRefusedError as error:
        return refused(request, str(error), error.status, back=PATH, back_to="To the cases")
    why = "Your session ended, so nothing was done. Please sign in, and do it once more."
    back = f"{PATH}/sign-in?{urlencode({'to': request.url.path.rpartition('/')[0]})}"
    return refused(request, why, 403, back=back, back_to="Sign in", written=form.get("text", ""))


def _back(to: str) -> str:
    """Where to go after signing in: a page of cases, and nowhere else."""
    return to if _OURS.fullmatch(to) else PATH


def _key(name: str) -> str:
    return name.strip().casefold()[:200]
