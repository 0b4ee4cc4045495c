"""Buttons on cards that show something to the officer who presses, and change nothing."""

from dataclasses import dataclass
from datetime import UTC, datetime

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import card_thread, names, why
from bot.slack.answers import whisper
from bot.slack.blocks import Json, context
from bot.slack.card_clocks import arithmetic_blocks
from bot.slack.people import People
from bot.slack.presses import channel_of, pressed_by, told
from handlers.case_message import decision_of, whole_message
from handlers.case_readings import note_reading
from handlers.clock_reading import clocks_of_case
from handlers.errors import NotAllowed
from handlers.raw_mail import RawLinks, latest_inbound
from handlers.targets import ClockRules
from handlers.unit import Store

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Readings:
    """Listens to the buttons that only show something."""

    store: Store
    people: People
    clocks: ClockRules
    raw: RawLinks | None = None
    """Links to messages as they arrived; None where no page can be reached."""

    def register(self, app: AsyncApp) -> None:
        """Have Bolt bring presses here."""
        app.action(names.SHOW_WHOLE)(self.show_whole)
        app.action(names.SHOW_WHY)(self.show_why)

    async def show_whole(
        self, ack: AsyncAck, body: Json, client: AsyncWebClient, respond: AsyncRespond
    ) -> None:
        """The latest message, unmasked, for the officer who asked and nobody else."""
        await ack()
        async with told(body, client, respond):
            press = await pressed_by(self.people, body)
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
        """What decision and clocks rest on, for the officer who asked and nobody else."""
        await ack()
        async with told(body, client, respond):
            press = await pressed_by(self.people, body)
            if not press.officer.may_act:
                raise NotAllowed("Only case officers can read why.")
            async with self.store.unit() as unit:
                decision, message = await decision_of(unit, press.case_id)
                now = await unit.now()
                due = await clocks_of_case(unit, press.case_id, self.clocks, now)
            await whisper(
                client,
                respond,
                channel_of(body),
                press.officer.id,
                why.text(decision),
                [
                    *why.blocks(decision, message),
                    *arithmetic_blocks(due, self.clocks, now),
                ],
            )
