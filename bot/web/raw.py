"""A message as it arrived, to be saved and opened in a mail program; never shown as a page."""

from dataclasses import dataclass
from datetime import UTC, datetime

import structlog
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot.web.pages import store_of
from handlers.desk import Desk
from handlers.errors import StoreUnavailableError
from handlers.raw_mail import PATH, inbound_of, raw_mail

log = structlog.get_logger(__name__)

GONE = "This link has ended, or was never one of ours. Press *Show whole message* again.\n"


@dataclass(frozen=True, slots=True)
class RawPages:
    """Gives a message to whoever holds its link."""

    desk: Desk

    def routes(self) -> list[BaseRoute]:
        """The one path."""
        return [Route(PATH + "/{token}", self.give, methods=["GET"])]

    async def give(self, request: Request) -> Response:
        """The bytes, as a file: what a stranger wrote must not run as a page of ours."""
        inbound_id = inbound_of(
            request.path_params["token"], self.desk.signing_key, datetime.now(UTC)
        )
        if inbound_id is None:
            return PlainTextResponse(GONE, status_code=404)
        try:
            async with store_of(request).unit() as unit:
                raw = await raw_mail(unit, inbound_id)
        except StoreUnavailableError:
            return PlainTextResponse("Please try again in a moment.\n", status_code=503)
        if raw is None:
            return PlainTextResponse(GONE, status_code=404)
        log.info("message given as it arrived", inbound=inbound_id)
        headers = {
            "Content-Disposition": f'attachment; filename="message-{inbound_id}.eml"',
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        }
        return Response(raw, media_type="application/octet-stream", headers=headers)
