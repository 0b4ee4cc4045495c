"""The mailbox's pages under `/mail/`: read what left, write as an enquirer, send samples."""

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.mail.charsets import storable
from bot.sandbox.mailbox.live import stream
from bot.sandbox.mailbox.mail import Mail
from bot.sandbox.mailbox.mailbox import Mailbox, UnknownMailError
from bot.sandbox.mailbox.samples import Samples, read_samples
from bot.sandbox.mailbox.sending import Door, NotSentError
from bot.sandbox.mailbox.writing import Draft, NotAnAddressError, reply_to

PREFIX = "/mail"

_HERE = Path(__file__).parent
_MOST_SHOWN = 200
_MOST_IN_THREAD = 100
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_MAIL_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
    "style-src 'unsafe-inline'; img-src data:; base-uri 'self'; form-action 'none'; "
    "frame-ancestors 'self'"
)
"""For the HTML of a mail: its looks are kept; scripts, forms and anything from afar are not."""


@dataclass(frozen=True)
class Surroundings:
    """What the mailbox's page has to know of the service beside it."""

    smtp_host: str
    smtp_port: int
    """Where the service takes mail: the real port, not 0."""
    service_address: str
    """To whom an enquirer writes."""
    dashboard_url: str
    slack_url: str = "/"
    relay: str | None = None
    """The real relay, where one is set: replies then leave by it and do not come here."""


class _Pages:
    def __init__(self, mailbox: Mailbox, around: Surroundings, samples: Samples) -> None:
        self._mailbox = mailbox
        self._around = around
        self._samples = samples
        self._door = Door(around.smtp_host, around.smtp_port)
        self._templates = _environment()

    async def front(self, request: web.Request) -> web.Response:
        """The list, how to begin, an empty form and the samples."""
        return self._front(request, self._fresh())

    async def read(self, request: web.Request) -> web.Response:
        """One mail in its thread; with `reply` in the query, the form of a reply below."""
        mail = self._mail(request)
        draft = reply_to(mail) if "reply" in request.query else None
        return self._thread(request, mail, draft)

    async def page_of_mail(self, request: web.Request) -> web.Response:
        """The HTML of a mail, for the frame that shuts it in."""
        html = self._mail(request).parsed.html
        if html is None:
            raise web.HTTPNotFound
        text = f'<!doctype html><base target="_blank">{storable(html)}'
        headers = {**_HEADERS, "Content-Security-Policy": _MAIL_POLICY}
        return web.Response(text=text, content_type="text/html", headers=headers)

    async def file_of_mail(self, request: web.Request) -> web.Response:
        """The mail's bytes as they came, to save."""
        mail = self._mail(request)
        headers = {**_HEADERS, "Content-Disposition": f'attachment; filename="mail-{mail.id}.eml"'}
        return web.Response(body=mail.raw, content_type="message/rfc822", headers=headers)

    async def send(self, request: web.Request) -> web.Response:
        """Send what the form holds; what was typed comes back where it could not be sent."""
        _refuse_others(request)
        form = await request.post()
        sender, name, subject, body, before = (
            str(form.get(field, "")) for field in ("sender", "name", "subject", "body", "answers")
        )
        answers = self._mailbox.mail(int(before)) if before.isdecimal() else None
        to = answers.answer_to if answers else self._around.service_address
        draft = Draft(sender, name, to, subject, body, answers)
        return await self._send(request, draft)

    async def send_sample(self, request: web.Request) -> web.Response:
        """Send a sample as it is."""
        _refuse_others(request)
        sample = self._samples.sample(request.match_info["slug"])
        if sample is None:
            raise web.HTTPNotFound
        return await self._send(request, sample.draft(self._around.service_address))

    async def changes(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events that tell of new mail."""
        return await stream(request, self._mailbox.changes)

    async def _send(self, request: web.Request, draft: Draft) -> web.Response:
        try:
            mail = await self._door.send(draft, self._mailbox)
        except (NotAnAddressError, NotSentError) as problem:
            status = 422 if isinstance(problem, NotAnAddressError) else 502
            if draft.answers is not None:
                return self._thread(request, draft.answers, draft, str(problem), status)
            return self._front(request, draft, str(problem), status)
        raise web.HTTPSeeOther(f"{PREFIX}/mails/{mail.id}")

    def _mail(self, request: web.Request) -> Mail:
        return self._mailbox.mail(int(request.match_info["mail"]))

    def _fresh(self) -> Draft:
        writer = self._samples.anyone()
        return Draft(writer.address, writer.name, self._around.service_address)

    def _front(
        self, request: web.Request, draft: Draft, problem: str = "", status: int = 200
    ) -> web.Response:
        draft = replace(draft, to=draft.to or self._around.service_address)
        known = {"samples": self._samples.samples, "draft": draft, "problem": problem}
        return self._page(request, "front.html", status, **known)

    def _thread(
        self,
        request: web.Request,
        mail: Mail,
        draft: Draft | None,
        problem: str = "",
        status: int = 200,
    ) -> web.Response:
        thread = self._mailbox.thread(mail)
        shown = thread[-_MOST_IN_THREAD:]
        hidden = len(thread) - len(shown)
        known = {
            "mail": mail,
            "thread": shown,
            "hidden": hidden,
            "repeated": {one.id: self._mailbox.repeated_by(one) for one in shown},
            "draft": draft,
            "problem": problem,
        }
        return self._page(request, "thread.html", status, **known)

    def gone(self, request: web.Request) -> web.Response:
        """Say that a mail is not here."""
        return self._page(request, "gone.html", 404)

    def _page(self, request: web.Request, template: str, status: int, **known: Any) -> web.Response:
        address = request.query.get("address", "").strip()
        text = self._templates.get_template(template).render(
            {"mail": None, **known},
            mails=self._mailbox.newest(address, _MOST_SHOWN),
            most=_MOST_SHOWN,
            kept=len(self._mailbox),
            number=self._mailbox.changes.number,
            address=address,
            around=self._around,
            today=datetime.now().astimezone().date(),
        )
        return web.Response(text=text, content_type="text/html", status=status, headers=_HEADERS)


def create_app(mailbox: Mailbox, around: Surroundings) -> web.Application:
    """The mailbox's pages as an application of aiohttp, to be added below `PREFIX`."""
    pages = _Pages(mailbox, around, read_samples())

    @web.middleware
    async def tell_of_gone_mail(request: web.Request, handler: Any) -> web.StreamResponse:
        try:
            answer: web.StreamResponse = await handler(request)
        except UnknownMailError:
            return pages.gone(request)
        return answer

    async def let_pages_go(app: web.Application) -> None:
        del app
        mailbox.changes.end()

    app = web.Application(middlewares=[tell_of_gone_mail])
    app.on_shutdown.append(let_pages_go)
    app.add_routes(
        [
            web.get("", _to_front),
            web.get("/", pages.front),
            web.get(r"/mails/{mail:\d{1,12}}", pages.read),
            web.get(r"/mails/{mail:\d{1,12}}/page", pages.page_of_mail),
            web.get(r"/mails/{mail:\d{1,12}}/file", pages.file_of_mail),
            web.post("/send", pages.send),
            web.post("/samples/{slug}", pages.send_sample),
            web.get("/changes", pages.changes),
            web.static("/static", _HERE / "static"),
        ]
    )
    return app


def add_mailbox(app: web.Application, mailbox: Mailbox, around: Surroundings) -> None:
    """Put the mailbox under `/mail` of an application that is not yet started."""
    app.add_subapp(PREFIX, create_app(mailbox, around))


def welcome_tiles(dashboard_url: str, slack_url: str = "/") -> Markup:
    """Three tiles that tell a newcomer what to do; looks: `/mail/static/tiles.css`."""
    template = _environment().get_template("tiles.html")
    return Markup(template.render(dashboard_url=dashboard_url, slack_url=slack_url))  # noqa: S704  rendered with autoescape


def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


async def _to_front(request: web.Request) -> web.Response:
    del request
    raise web.HTTPFound(f"{PREFIX}/")


def _refuse_others(request: web.Request) -> None:
    """Keep another site's page, open in the same browser, from sending mail here."""
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise web.HTTPForbidden
