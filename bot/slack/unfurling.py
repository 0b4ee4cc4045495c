"""Links to the page of a case: shown as a line of that case where its readers may see cases."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import structlog
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.blocks import Json, section
from bot.slack.case_lines import line_text
from bot.slack.failures import ERRORS, code_of
from bot.slack.people import People
from handlers.case_queue import line_of
from handlers.case_reference import named, reference_of_path
from handlers.errors import StoreUnavailableError
from handlers.unit import Store

log = structlog.get_logger(__name__)

MOST_LINKS = 5


@dataclass(frozen=True, slots=True)
class Unfurling:
    """Listens to links. Cases are shown in the channels of cases: elsewhere anybody may read."""

    store: Store
    people: People
    pages: str
    """Address of our own pages."""
    case_channels: Collection[str]

    def register(self, app: AsyncApp) -> None:
        """Have Bolt tell of links to our pages."""
        app.event("link_shared")(self.shared)

    async def shared(self, event: dict[str, Any], client: AsyncWebClient) -> None:
        """Show the cases that are linked."""
        if event.get("channel") not in self.case_channels:
            return
        try:
            shown = await self._shown([str(one["url"]) for one in event.get("links") or ()])
            if shown:
                await client.chat_unfurl(
                    channel=event["channel"], ts=event["message_ts"], unfurls=shown
                )
        except (*ERRORS, StoreUnavailableError) as error:
            # A link without its case is still a link.
            log.info("a link was not unfurled", error=code_of(error))

    async def _shown(self, links: list[str]) -> dict[str, dict[str, list[Json]]]:
        shown = {}
        workspace = await self.people.workspace_url()
        async with self.store.unit() as unit:
            for link in links[:MOST_LINKS]:
                reference = self._reference(link)
                found = await named(unit, reference) if reference else None
                if found is not None and found.case_id is not None:
                    line = await line_of(unit, found.case_id)
                    shown[link] = {"blocks": [section(line_text(line, workspace))]}
        return shown

    def _reference(self, link: str) -> str | None:
        """What a link names, if it leads to our pages."""
        ours, theirs = urlsplit(self.pages), urlsplit(link)
        same = (ours.scheme, ours.netloc) == (theirs.scheme, theirs.netloc)
        if not same or not theirs.path.startswith(ours.path):
            return None
        return reference_of_path(theirs.path)
