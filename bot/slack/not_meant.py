"""«Not what I meant» below an answer: the enquiry goes to a person, once."""

from dataclasses import dataclass

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import names
from bot.slack.answers import DATABASE_AWAY, whisper
from bot.slack.blocks import Json, context
from bot.slack.failures import ERRORS, code_of
from bot.slack.mrkdwn import escape
from bot.slack.people import People
from handlers.desk import Desk
from handlers.errors import StoreUnavailableError
from handlers.feedback import hear
from handlers.knowledge_tables import Said
from handlers.slack_threads import asker_of_answer
from handlers.unit import Store

log = structlog.get_logger(__name__)

NOT_YOURS = "Only who asked, or a case officer, can say that. You can ask a question of your own."


@dataclass(frozen=True, slots=True)
class NotMeant:
    """Listens to the button below answers."""

    store: Store
    people: People
    desk: Desk

    def register(self, app: AsyncApp) -> None:
        """Have Bolt bring presses here."""
        app.action(names.NOT_MEANT)(self.pressed)

    async def pressed(
        self, ack: AsyncAck, body: Json, client: AsyncWebClient, respond: AsyncRespond
    ) -> None:
        """Make a case of it, and say so below the answer."""
        await ack()
        user, place = body["user"]["id"], body.get("container") or {}
        try:
            refused = await self._brought(names.outgoing_in(body["actions"][0]["value"]), user)
        except StoreUnavailableError:
            refused = DATABASE_AWAY
        except ValueError as error:
            log.warning("a button that is not ours", error=str(error))
            refused = "This button is of an older version; please write in the thread instead."
        if refused is not None:
            await whisper(client, respond, place.get("channel_id"), user, refused)
            return
        await self._say_so(client, body, user)

    async def _brought(self, outgoing_id: int, user: str) -> str | None:
        """Why it was not brought to a person; None where it was."""
        officer = await self.people.officer(user)
        named = await self.people.is_named_officer(user)
        async with self.store.unit() as unit:
            asker = await asker_of_answer(unit, outgoing_id)
            if asker != user and not (named and officer.may_act):
                return NOT_YOURS
            await hear(unit, outgoing_id, Said.NO, self.desk)
        return None

    async def _say_so(self, client: AsyncWebClient, body: Json, user: str) -> None:
        """Put what was pressed in the button's place; the answer stays for others to read."""
        message, place = body.get("message") or {}, body.get("container") or {}
        person = await self.people.person(user)
        said = f"{escape(person.name)}: not what I meant. A case officer will read it."
        blocks = [one for one in message.get("blocks") or () if one.get("type") != "actions"]
        try:
            await client.chat_update(
                channel=place["channel_id"],
                ts=place["message_ts"],
                text=str(message.get("text") or said),
                blocks=[*blocks, context(said)],
            )
        except (*ERRORS, KeyError) as error:
            log.warning("an answer keeps its button", error=code_of(error))
