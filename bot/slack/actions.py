"""Buttons on cards: acknowledge, read the press into a type, call one handler."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import card_thread, modals, names
from bot.slack.blocks import Json, section
from bot.slack.people import People
from bot.slack.presses import pressed, pressed_by, told
from bot.slack.reply_modal import reply_modal
from bot.slack.shown_cards import ShownCards
from handlers import cases, undecided
from handlers.case_life import Action
from handlers.case_view import CaseView, case_view
from handlers.cases import Officer, Press
from handlers.presence import begins_writing
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
    shown: ShownCards

    def register(self, app: AsyncApp) -> None:
        """Have Bolt bring presses here."""
        for action_id in PRESSES:
            app.action(action_id)(self.act)
        for action_id in MODALS:
            app.action(action_id)(self.ask)
        for action_id in DECISIONS:
            app.action(action_id)(self.decide)

    async def act(
        self, ack: AsyncAck, body: Json, client: AsyncWebClient, respond: AsyncRespond
    ) -> None:
        """A button that needs no more than the press."""
        await ack()
        async with told(body, client, respond), self.shown.drawn_anew(body, respond):
            press = await pressed_by(self.people, body)
            async with self.store.unit() as unit:
                await PRESSES[pressed(body)["action_id"]](unit, press)

    async def ask(
        self, ack: AsyncAck, body: Json, client: AsyncWebClient, respond: AsyncRespond
    ) -> None:
        """A button that opens a modal, unless it would be refused anyway."""
        await ack()
        action, modal = MODALS[pressed(body)["action_id"]]
        async with told(body, client, respond), self.shown.drawn_anew(body, respond):
            press = await pressed_by(self.people, body)
            async with self.store.unit() as unit:
                held = await cases.begin(unit, press, action)
                case = await case_view(unit, press.case_id)
                if action is Action.REPLY:
                    await begins_writing(unit, held, press.officer)
            drawn = modal(case, names.Seen(press.case_id, press.version))
            await client.views_open(trigger_id=body["trigger_id"], view=drawn)

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
