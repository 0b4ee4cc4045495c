"""App Home: an officer's lists of cases, and for leads the desk as a whole."""

import asyncio
import re
from dataclasses import dataclass, field, replace
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import home_lead, home_views, switching
from bot.slack.answers import DATABASE_AWAY
from bot.slack.blocks import Json, section
from bot.slack.failures import ERRORS, code_of, is_not_to_be_had
from bot.slack.home_look import Look, look_in
from bot.slack.home_reading import HomeReading
from bot.slack.home_views import Desk, desk_view, home_view
from bot.slack.mrkdwn import escape
from bot.slack.people import People
from handlers.cases import Officer
from handlers.errors import CaseError, StoreUnavailableError
from handlers.switches import Mode, release_brake, set_mode, stop_mail
from handlers.targets import ClockRules
from handlers.unit import Store

log = structlog.get_logger(__name__)

SECONDS = 2.5
"""Longest work before a modal is answered: Slack gives three seconds."""


@dataclass(slots=True)
class Home:
    """Draws the tab whenever somebody opens it or presses in it."""

    store: Store
    people: People
    cases_channel: str = ""
    """Where it is said that the bot was switched."""
    usual: Mode = Mode.AUTOMATIC
    rules: ClockRules = field(default_factory=ClockRules)
    is_off: bool = False
    """Whether this Slack has no App Home; said once."""

    def register(self, app: AsyncApp) -> None:
        """Have Bolt tell when the tab is opened, and what is pressed in it."""
        app.event("app_home_opened")(self.opened)
        app.action(re.compile(f"^({home_views.LIST}|{home_views.PAGE}):"))(self.turned)
        for action_id in (
            *(home_views.KIND, home_views.STATE, home_views.WORDS, home_views.CLEAR),
        ):
            app.action(action_id)(self.turned)
        app.action(home_lead.SWITCH)(self.ask_mode)
        app.action(home_lead.STOP)(self.brake)
        app.action(home_lead.RELEASE)(self.brake)
        app.view(switching.MODE_MODAL)(self.switch)

    async def opened(self, event: dict[str, Any], client: AsyncWebClient) -> None:
        """Publish the tab for the one who opened it, as they left it."""
        if event.get("tab", "home") == "home":
            look = look_in(str((event.get("view") or {}).get("private_metadata") or ""))
            # Whoever comes back reads the newest first page, with the filters that they set.
            await self._publish(client, event["user"], look.at(look.queue))

    async def turned(self, ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        """Another list, another page, or other filters."""
        await ack()
        look = look_in(str((body.get("view") or {}).get("private_metadata") or ""))
        await self._publish(client, body["user"]["id"], turned(look, body["actions"][0]))

    async def ask_mode(self, ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        """Open the modal by which a lead switches the mode."""
        await ack()
        try:
            await client.views_open(trigger_id=body["trigger_id"], view=switching.mode_modal())
        except ERRORS as error:
            log.warning("a modal was not opened", error=code_of(error))

    async def switch(self, ack: AsyncAck, body: Json, view: Json, client: AsyncWebClient) -> None:
        """Switch the mode as the modal says."""
        values = view["state"]["values"]
        kind = values[switching.KIND][switching.KIND]["selected_option"]["value"]
        mode = Mode(values[switching.MODE][switching.MODE]["selected_option"]["value"])
        note = str(values[switching.WHY][switching.WHY].get("value") or "")
        try:
            async with asyncio.timeout(SECONDS):
                officer = await self.people.officer(body["user"]["id"])
                async with self.store.unit() as unit:
                    await set_mode(unit, kind, mode, officer, note)
        except CaseError as error:
            await ack(response_action="errors", errors={switching.MODE: str(error)})
        except (StoreUnavailableError, TimeoutError):
            await ack(response_action="errors", errors={switching.MODE: DATABASE_AWAY})
        else:
            await ack()
            await self._tell(client, switching.switched(officer, kind, mode, note))
            await self._publish(client, officer.id, Look())

    async def brake(self, ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        """Stop automatic mail, or let it leave again."""
        await ack()
        officer = await self.people.officer(body["user"]["id"])
        stops = body["actions"][0]["action_id"] == home_lead.STOP
        try:
            async with self.store.unit() as unit:
                await (stop_mail if stops else release_brake)(unit, officer)
        except (CaseError, StoreUnavailableError) as error:
            log.warning("the brake stays as it is", officer=officer.id, error=repr(error))
        else:
            words = switching.stopped if stops else switching.released
            await self._tell(client, words(officer, ""))
        await self._publish(client, officer.id, Look())

    async def _publish(self, client: AsyncWebClient, user: str, look: Look) -> None:
        if self.is_off:
            return
        try:
            await client.views_publish(user_id=user, view=await self._view(user, look))
        except ERRORS as error:
            self.is_off = is_not_to_be_had(error)
            log.warning("App Home was not drawn", user=user, error=code_of(error))

    async def _view(self, user: str, look: Look) -> Json:
        officer = await self.people.officer(user)
        if not officer.may_act:
            return await self._without_cases(user)
        workspace = await self.people.workspace_url()
        try:
            desk, lead = await asyncio.gather(
                self._desk(user, look, workspace), self._lead(officer, look)
            )
        except StoreUnavailableError:
            return home_view([section(escape(DATABASE_AWAY))], look)
        blocks = home_lead.lead_blocks(lead, desk.now) if lead else ()
        return desk_view(replace(desk, lead=blocks))

    async def _without_cases(self, user: str) -> Json:
        """The tab of who is no officer: figures for analysts, and for others where to ask."""
        if not await self.people.is_analyst(user):
            return home_view([section("Cases are shown to case officers here.")])
        try:
            async with self.store.unit() as unit:
                seen = await home_lead.overview(unit, self.usual)
        except StoreUnavailableError:
            return home_view([section(escape(DATABASE_AWAY))])
        return home_view(home_lead.figure_blocks(seen))

    async def _desk(self, user: str, look: Look, workspace: str) -> Desk:
        async with self.store.unit() as unit:
            now = await unit.now()
            return await HomeReading(unit, user, look, self.rules, now).desk(workspace)

    async def _lead(self, officer: Officer, look: Look) -> home_lead.Overview | None:
        if not officer.leads or look.queue:
            return None
        async with self.store.unit() as unit:
            return await home_lead.overview(unit, self.usual)

    async def _tell(self, client: AsyncWebClient, words: str) -> None:
        """Say in the cases channel what a lead switched."""
        if not self.cases_channel:
            return
        try:
            await client.chat_postMessage(channel=self.cases_channel, text=words)
        except ERRORS as error:
            log.warning("the channel was not told", error=code_of(error))


def turned(look: Look, action: Json) -> Look:
    """What is looked at after a press."""
    name, _, value = str(action["action_id"]).partition(":")
    chosen = str((action.get("selected_option") or {}).get("value") or "")
    if name == home_views.LIST:
        return look.at(value)
    if name == home_views.PAGE:
        return look.at(look.queue, int(value) if value.isdecimal() else 0)
    if name == home_views.KIND:
        return look.of_kind(chosen)
    if name == home_views.STATE:
        return look.in_state(chosen)
    if name == home_views.WORDS:
        return look.with_words(str(action.get("value") or ""))
    return look.with_words("").of_kind("").in_state("")
