"""App Home: an officer's own cases, and those that nobody owns yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.answers import DATABASE_AWAY
from bot.slack.blocks import Json, context, section
from bot.slack.failures import ERRORS, code_of, is_not_to_be_had
from bot.slack.mrkdwn import escape, fit
from bot.slack.people import People
from bot.slack.views import STATE_NAMES, flag_name
from handlers.case_queue import OpenCase, cases_of, unclaimed_cases
from handlers.errors import StoreUnavailableError
from handlers.unit import Store

log = structlog.get_logger(__name__)

MOST_LINES = 30
"""Cases of each list; a view takes 100 blocks."""


@dataclass(slots=True)
class Home:
    """Draws the tab whenever somebody opens it."""

    store: Store
    people: People
    is_off: bool = False
    """Whether this Slack has no App Home; said once."""

    def register(self, app: AsyncApp) -> None:
        """Have Bolt tell when the tab is opened."""
        app.event("app_home_opened")(self.opened)

    async def opened(self, event: dict[str, Any], client: AsyncWebClient) -> None:
        """Publish the tab for the one who opened it."""
        if self.is_off or event.get("tab", "home") != "home":
            return
        try:
            await client.views_publish(user_id=event["user"], view=await self._view(event["user"]))
        except ERRORS as error:
            self.is_off = is_not_to_be_had(error)
            log.warning("App Home was not drawn", user=event["user"], error=code_of(error))

    async def _view(self, user: str) -> Json:
        officer = await self.people.officer(user)
        if not officer.may_act:
            return home_view([section("Cases are shown to case officers here.")])
        workspace = await self.people.workspace_url()
        try:
            async with self.store.unit() as unit:
                mine = await cases_of(unit, user, limit=MOST_LINES + 1)
                unclaimed = await unclaimed_cases(unit, limit=MOST_LINES + 1)
        except StoreUnavailableError:
            return home_view([section(escape(DATABASE_AWAY))])
        return home_view(
            [
                *listed("My cases", mine, workspace),
                {"type": "divider"},
                *listed("Unclaimed", unclaimed, workspace),
            ]
        )


def home_view(blocks: list[Json]) -> Json:
    """The tab with these blocks."""
    return {"type": "home", "blocks": blocks}


def listed(title: str, lines: Sequence[OpenCase], workspace: str) -> list[Json]:
    """One list with its title; says that there are more where they do not fit."""
    header: Json = {"type": "header", "text": {"type": "plain_text", "text": title}}
    if not lines:
        return [header, context("None.")]
    shown = [section(line_text(line, workspace)) for line in lines[:MOST_LINES]]
    more = [context(f"The {MOST_LINES} oldest are shown.")] if len(lines) > MOST_LINES else []
    return [header, *shown, *more]


def line_text(line: OpenCase, workspace: str) -> str:
    """One case: reference with a link to its card, flags, subject, state."""
    reference = escape(line.reference)
    if workspace and line.slack_channel and line.slack_ts:
        place = f"{line.slack_channel}/p{line.slack_ts.replace('.', '')}"
        address = f"{workspace.rstrip('/')}/archives/{place}"
        reference = f"<{escape(address)}|{reference}>"
    flags = "".join(f" · *{fit(flag_name(flag), 60)}*" for flag in line.flags)
    return (
        f"*{reference}*{flags} · {fit(line.subject, 400)}\n"
        f"{STATE_NAMES[line.state]}, opened {line.opened_at:%d %b %Y}"
    )
