"""Enquiries that officers bring: a phone call that they took, or a message that somebody wrote."""

from dataclasses import dataclass

import structlog
from slack_bolt import BoltContext
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import names
from bot.slack.answers import DATABASE_AWAY, whisper
from bot.slack.blocks import Json
from bot.slack.events import is_written_by_a_person, keep
from bot.slack.failures import ERRORS, code_of
from bot.slack.inputs import field, shell, text_box
from bot.slack.people import People
from bot.slack.submitting import Given, refuse
from handlers.cases import Officer
from handlers.desk import Desk
from handlers.errors import StoreUnavailableError
from handlers.phone_calls import PhoneCall, keep_call
from handlers.replies import is_address
from handlers.unit import Store

log = structlog.get_logger(__name__)

CALLER, ADDRESS, SUBJECT = "caller", "address", "subject"
"""Block ids of the form; what was asked stands in its main field."""
NOT_ALLOWED = "Only case officers can do this."
KEPT = "It is an enquiry now; the answer appears in its thread, or a case in the cases channel."
HOW = {
    "kept": KEPT,
    "known": "It is an enquiry already.",
    "by a bot": "An app wrote it, so it is left alone.",
}


def phone_modal() -> Json:
    """The form for what was said on the phone."""
    address: Json = {"type": "email_text_input"}
    blocks = [
        field("Who called", text_box(long=False), block_id=CALLER),
        field(
            "Their email address",
            address,
            block_id=ADDRESS,
            hint="The reply goes there. Please read it back to them.",
        ),
        field("In a few words", text_box(long=False), block_id=SUBJECT),
        field("What they asked", text_box()),
    ]
    return shell(names.PHONE_MODAL, "New phone enquiry", "Open it", "", blocks)


@dataclass(frozen=True, slots=True)
class Shortcuts:
    """Listens to the app's entries in Slack's menus."""

    store: Store
    people: People
    desk: Desk

    def register(self, app: AsyncApp) -> None:
        """Have Bolt bring them here."""
        app.shortcut(names.PHONE_CALL)(self.ask_call)
        app.view(names.PHONE_MODAL)(self.take_call)
        app.shortcut(names.MAKE_ENQUIRY)(self.make_enquiry)

    async def ask_call(self, ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        """Open the form; who may not use it is told when they send it."""
        await ack()
        try:
            await client.views_open(trigger_id=body["trigger_id"], view=phone_modal())
        except ERRORS as error:
            log.warning("a modal was not opened", error=code_of(error))

    async def take_call(self, ack: AsyncAck, body: Json, view: Json) -> None:
        """Keep what was said. Sent twice, it is one enquiry: the form's own id is its key."""
        officer = await self.people.officer(body["user"]["id"])
        if not officer.may_act:
            await refuse(ack, view, NOT_ALLOWED)
            return
        call = _call(Given.of(view), officer)
        wrong = self._wrong_address(call.email)
        if wrong:
            await ack(response_action="errors", errors={ADDRESS: wrong})
            return
        try:
            await keep_call(self.store, call, key=view["id"], officer=officer.id)
        except StoreUnavailableError:
            await refuse(ack, view, DATABASE_AWAY)
        else:
            await ack()

    def _wrong_address(self, address: str) -> str:
        """Why no reply can go there; empty where one can."""
        if not is_address(address):
            return "This is no mail address."
        if address.lower() in self.desk.caution.own_addresses:
            return "This is our own address; please give the caller's."
        return ""

    async def make_enquiry(
        self,
        ack: AsyncAck,
        body: Json,
        context: BoltContext,
        client: AsyncWebClient,
        respond: AsyncRespond,
    ) -> None:
        """Have a message decided as if it had been asked of us."""
        await ack()
        user, channel = body["user"]["id"], body["channel"]["id"]
        event = {**body["message"], "channel": channel}
        try:
            said = await self._made(user, event, context.bot_user_id)
        except StoreUnavailableError:
            said = DATABASE_AWAY
        await whisper(client, respond, channel, user, said)

    async def _made(self, user: str, event: Json, bot: str | None) -> str:
        officer = await self.people.officer(user)
        if not officer.may_act:
            return NOT_ALLOWED
        if not is_written_by_a_person(event):
            return HOW["by a bot"]
        return HOW[await keep(event, bot, self.store, self.people)]


def _call(given: Given, officer: Officer) -> PhoneCall:
    return PhoneCall(
        name=given.text(CALLER).strip(),
        email=given.text(ADDRESS).strip(),
        subject=given.text(SUBJECT).strip(),
        text=given.text(),
        taken_by=officer.name,
    )
