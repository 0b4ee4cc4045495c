"""Buttons on cards: acknowledge, read the press into a type, call one handler."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import card_thread, modals, names, why
from bot.slack.answers import whisper
from bot.slack.blocks import Json, context, section
from bot.slack.people import People
from bot.slack.presses import channel_of, pressed, told
from bot.slack.reply_modal import reply_modal
from handlers import cases, undecided
from handlers.case_life import Action
from handlers.case_message import decision_of, whole_message
from handlers.case_readings import note_reading
from handlers.case_view import CaseView, case_view
from handlers.cases import Officer, Press
from handlers.errors import NotAllowed
from handlers.presence import begins_writing
from handlers.raw_mail import RawLinks, latest_inbound
from handlers.tables import Case, Outgoing
from handlers.undo import undo
from handlers.unit import Store, Unit

log = structlog.get_logger(__name__)

Do = Callable[[Unit, Press], Awaitable[Case]]
Decide = Callable[[Unit, int, Officer], Awaitable[Outgoing]]

PRESSES: dict[str, Do] = {names.CLAIM: cases.claim, names.REOPEN: cases.reopen, names.UNDO: undo}
"""Buttons that act at once."""
MODALS: dict[str, tuple[Action, Callable[[CaseView, names.Seen], Json]]] = {
    names.REPLY: (Action.REPLY, reply_modal),
    names.RECLASSIFY: (Action.RECLASSIFY, modals.reclassify_modal),
    names.RESOLVE: (Action.RESOLVE, modals.resolve_modal),
    names.APPROVE: (Action.APPROVE, modals.approve_modal),
}
"""Buttons that ask for something first."""
DECISIONS: dict[str, Decide] = {
    names.SEND_AGAIN: undecided.send_again,
    names.IT_ARRIVED: undecided.it_arrived,
}
DECIDED = {names.SEND_AGAIN: "had it sent again", names.IT_ARRIVED: "said that it arrived"}


@dataclass(frozen=True, slots=True)
class Actions:
    """Listens to the buttons of cards and of notes about mail."""

    store: Store
    people: People
    raw: RawLinks | None = None
    """Links to messages as they arrived; None where no page can be reached."""

    def register(self, app: AsyncApp) -> None:
        """Have Bolt bring presses here."""
        for action_id in PRESSES:
            app.action(action_id)(self.act)
        for action_id in MODALS:
            app.action(action_id)(self.ask)
        for action_id in DECISIONS:
            app.action(action_id)(self.decide)
        app.action(names.SHOW_WHOLE)(self.show_whole)
        app.action(names.SHOW_WHY)(self.show_why)

    async def act(
        self, ack: AsyncAck, body: Json, client: AsyncWebClient, respond: AsyncRespond
    ) -> None:
        """A button that needs no more than the press."""
        await ack()
        async with told(body, client, respond):
            press = await self._press(body)
            async with self.store.unit() as unit:
                await PRESSES[pressed(body)["action_id"]](unit, press)

    async def ask(
        self, ack: AsyncAck, body: Json, client: AsyncWebClient, respond: AsyncRespond
    ) -> None:
        """A button that opens a modal, unless it would be refused anyway."""
        await ack()
        action, modal = MODALS[pressed(body)["action_id"]]
        async with told(body, client, respond):
            press = await self._press(body)
            async with self.store.unit() as unit:
                held = await cases.begin(unit, press, action)
                case = await case_view(unit, press.case_id)
                if action is Action.REPLY:
                    await begins_writing(unit, held, press.officer)
            drawn = modal(case, names.Seen(press.case_id, press.version))
            await client.views_open(trigger_id=body["trigger_id"], view=drawn)

    async def show_whole(
        self, ack: AsyncAck, body: Json, client: AsyncWebClient, respond: AsyncRespond
    ) -> None:
        """The latest message, unmasked, for the officer who asked and nobody else."""
        await ack()
        async with told(body, client, respond):
            press = await self._press(body)
            async with self.store.unit() as unit:
                await note_reading(unit, press.case_id, press.officer)
                text = await whole_message(unit, press.case_id)
                inbound_id = await latest_inbound(unit, press.case_id)
            log.info("whole message shown", case=press.case_id, officer=press.officer.id)
            posts = card_thread.whole(text)
            if self.raw and inbound_id:
                address = self.raw.link(inbound_id, datetime.now(UTC))
                posts[-1].append(context(f"<{address}|As it arrived, to save> (for 15 minutes)"))
            for blocks in posts:
                await whisper(
                    client,
                    respond,
                    channel_of(body),
                    press.officer.id,
                    "The whole message, unmasked",
                    blocks,
                )

    async def show_why(
        self, ack: AsyncAck, body: Json, client: AsyncWebClient, respond: AsyncRespond
    ) -> None:
        """What the decision rests on, for the officer who asked and nobody else."""
        await ack()
        async with told(body, client, respond):
            press = await self._press(body)
            if not press.officer.may_act:
                raise NotAllowed("Only case officers can read why.")
            async with self.store.unit() as unit:
                decision, message = await decision_of(unit, press.case_id)
            await whisper(
                client,
                respond,
                channel_of(body),
                press.officer.id,
                why.text(decision),
                why.blocks(decision, message),
            )

    async def decide(
        self, ack: AsyncAck, body: Json, client: AsyncWebClient, respond: AsyncRespond
    ) -> None:
        """An officer's word on a mail that failed or is held; the note then says whose it was."""
        await ack()
        action_id = pressed(body)["action_id"]
        async with told(body, client, respond):
            officer = await self.people.officer(body["user"]["id"])
            outgoing_id = names.outgoing_in(pressed(body)["value"])
            async with self.store.unit() as unit:
                mail = await DECISIONS[action_id](unit, outgoing_id, officer)
            words = card_thread.decided(mail.recipient, f"{officer.name} {DECIDED[action_id]}")
            await client.chat_update(
                channel=body["container"]["channel_id"],
                ts=body["container"]["message_ts"],
                text=words,
                blocks=[section(words)],
            )

    async def _press(self, body: Json) -> Press:
        seen = names.seen_in(pressed(body)["value"])
        officer = await self.people.officer(body["user"]["id"])
        return Press(case_id=seen.case_id, version=seen.version, officer=officer)
