"""The pages behind the links below an answer: a form that asks, and a word of thanks.

Mail scanners and previews follow links, so a GET only ever shows a page. Only the button's POST
counts. The pages hold nothing of the enquiry, and whoever has no link that we signed learns only
how to reach a person.
"""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from bot.settings import Settings
from bot.web.forms import read_body
from bot.web.pages import HERE, PAGES, store_of
from handlers.desk import Desk
from handlers.errors import StoreUnavailableError
from handlers.feedback import hear
from handlers.feedback_links import PATH, WORDS, outgoing_of
from handlers.knowledge_tables import Said
from handlers.public_status import PublicStatus, public_status

MOST_BODY_BYTES = 1024
"""The form has no fields: an honest body is empty."""

_GONE, _TOO_LARGE, _AWAY = 404, 413, 503


@dataclass(frozen=True, slots=True)
class Reach:
    """How an enquirer reaches a person, and whose pages these are."""

    service: str
    organisation: str
    telephone: str
    email: str

    @classmethod
    def of(cls, settings: Settings) -> "Reach":
        """As the settings tell it to enquirers."""
        return cls(
            settings.mailbox_name,
            settings.organisation,
            settings.telephone,
            settings.contact_dars or settings.mailbox_address,
        )


@dataclass(frozen=True, slots=True)
class FeedbackPages:
    """Shows the pages and takes what is pressed."""

    desk: Desk
    reach: Reach

    def routes(self) -> list[BaseRoute]:
        """All below one path, their looks too, so that a proxy need forward nothing else."""
        at = PATH + "/{said}/{token}"
        return [
            Mount(f"{PATH}/static", StaticFiles(directory=HERE / "static")),
            Route(at, self.ask, methods=["GET"]),
            Route(at, self.take, methods=["POST"]),
            Mount(PATH, self.nothing),
        ]

    async def ask(self, request: Request) -> Response:
        """The form. It reads no database and changes nothing, however often it is fetched."""
        link = self._link(request)
        if link is None:
            return self._page(request, "feedback_missing.html", status=_GONE)
        return self._page(request, "feedback_ask.html", said=link[1])

    async def take(self, request: Request) -> Response:
        """The button was pressed: counted once, and a person reads it where that was asked for."""
        link = self._link(request)
        if link is None:
            return self._page(request, "feedback_missing.html", status=_GONE)
        if await read_body(request, MOST_BODY_BYTES) is None:
            return self._page(request, "feedback_missing.html", status=_TOO_LARGE)
        outgoing_id, said = link
        try:
            async with store_of(request).unit() as unit:
                known = await hear(unit, outgoing_id, said, self.desk)
                stands = await public_status(unit, outgoing_id)
        except StoreUnavailableError:
            return self._page(request, "feedback_away.html", status=_AWAY)
        if not known:
            return self._page(request, "feedback_missing.html", status=_GONE)
        return self._page(request, "feedback_thanks.html", said=said, stands=stands)

    async def nothing(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Any other address below ours."""
        request = Request(scope, receive)
        await self._page(request, "feedback_missing.html", status=_GONE)(scope, receive, send)

    def _link(self, request: Request) -> tuple[int, Said] | None:
        said, token = request.path_params["said"], request.path_params["token"]
        outgoing_id = outgoing_of(token, self.desk.signing_key)
        return None if outgoing_id is None or said not in set(Said) else (outgoing_id, Said(said))

    def _page(
        self,
        request: Request,
        name: str,
        *,
        said: Said | None = None,
        stands: PublicStatus | None = None,
        status: int = 200,
    ) -> Response:
        token = request.path_params.get("token", "")
        context = {
            "reach": self.reach,
            "said": said,
            "stands": stands,
            "token": token,
            "words": WORDS,
        }
        return PAGES.TemplateResponse(request, name, context, status_code=status)
