"""Cards that `/triage show` gave to one person: only their own presses can have them drawn anew."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog
from slack_bolt.async_app import AsyncRespond

from bot.slack import names
from bot.slack.answers import Said
from bot.slack.blocks import Json
from bot.slack.failures import ERRORS
from bot.slack.presses import value_of
from handlers.errors import StaleCase, StoreUnavailableError

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ShownCards:
    """Draws such a card as the case is after a press on it."""

    card_of: Callable[[int], Awaitable[Said]]
    """How a case is drawn for who asked to see it."""

    @asynccontextmanager
    async def drawn_anew(self, body: Json, respond: AsyncRespond) -> AsyncIterator[None]:
        """Draw the card once the work inside is done, or refused since the case is another now.

        A card in a channel is drawn by whoever delivers, for all who see it.
        """
        try:
            yield
        except StaleCase:
            await self._draw(body, respond)
            raise
        await self._draw(body, respond)

    async def _draw(self, body: Json, respond: AsyncRespond) -> None:
        if not (body.get("container") or {}).get("is_ephemeral"):
            return
        try:
            card = await self.card_of(names.seen_in(value_of(body)).case_id)
            await respond(text=card.text, blocks=card.blocks, replace_original=True)
        except (*ERRORS, StoreUnavailableError, ValueError) as error:
            # What was pressed is done all the same, and nobody may hear that it was not.
            log.info("a shown card was not drawn anew", error=repr(error))
