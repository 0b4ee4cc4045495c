"""The reply to an enquirer: draft, snippets, Cc, a look at the mail before it leaves."""

from dataclasses import dataclass, replace

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import names
from bot.slack.blocks import MOST_TEXT, Json, button, context, section
from bot.slack.failures import ERRORS, code_of
from bot.slack.inputs import (
    MOST_INPUT,
    MOST_OPTION,
    field,
    one_of,
    option,
    plain,
    several_of,
    shell,
    text_box,
)
from bot.slack.mrkdwn import fit, fit_plain, quote, units
from bot.slack.people import People
from bot.slack.presses import pressed
from bot.slack.submitting import Given, submit
from handlers.case_view import CaseView, case_view
from handlers.cases import Officer, Press
from handlers.desk import Desk
from handlers.errors import CaseError, StoreUnavailableError
from handlers.presence import stops_writing
from handlers.replies import addresses_in, checked_words, reply
from handlers.tables import Case
from handlers.unit import Store, Unit
from knowledge.snippets import snippet, snippets

log = structlog.get_logger(__name__)

COPIES = "copies"
FILES = "files"
HELPS = "reply_helps"


@dataclass(frozen=True, slots=True)
class Writing:
    """A reply as it stands in the modal."""

    text: str
    copies: str = ""
    turn: int = 1
    """Raised where we change the text: Slack keeps what is typed in a block of the same id."""
    preview: str | None = None


def reply_modal(case: CaseView, seen: names.Seen) -> Json:
    """The reply, begun with the draft."""
    return drawn(case, seen, Writing(case.draft, " ".join(case.now.copies)))


def drawn(case: CaseView, seen: names.Seen, writing: Writing) -> Json:
    """The modal with a reply as it stands."""
    block_id = names.FIELD if writing.turn == 1 else f"{names.FIELD}:{writing.turn}"
    by_mail = case.channel != "slack"
    copies = field(
        "Cc",
        text_box(writing.copies, long=False),
        block_id=COPIES,
        optional=True,
        hint="Addresses with blanks between. They may write to this case from then on.",
    )
    modal = shell(
        names.REPLY_MODAL,
        f"Reply {case.reference}",
        "Send",
        seen.dumped(),
        [
            field("Reply", text_box(writing.text), block_id=block_id),
            _helps(),
            *([copies] if by_mail else []),
            *(_files(case) if by_mail else []),
            *_notes(case, writing),
            *_preview(case, writing),
        ],
    )
    return {**modal, "notify_on_close": True}


def _files(case: CaseView) -> list[Json]:
    """Files of the case, to be chosen; nothing where there are none."""
    options = [option(fit_plain(one.label, MOST_OPTION), one.key) for one in case.now.files]
    if not options:
        return []
    return [field("Files of the case", several_of(options), block_id=FILES, optional=True)]


def _helps() -> Json:
    menu = {
        **one_of([option(one.title, one.id) for one in snippets()]),
        "action_id": names.SNIPPET,
        "placeholder": plain("Add a sentence"),
    }
    look = button("Preview", names.PREVIEW, "preview")
    return {"type": "actions", "block_id": HELPS, "elements": [menu, look]}


def _notes(case: CaseView, writing: Writing) -> list[Json]:
    where = "Slack, in their thread" if case.channel == "slack" else "mail"
    notes = [context(f"It leaves by {where}.")]
    if units(writing.text) > MOST_INPUT:
        long = f"{len(writing.text):,}"
        notes.append(context(f"The draft has {long} characters; its end was cut off here."))
    if case.now.writing:
        who = fit(" and ".join(case.now.writing), 300)
        notes.append(context(f":pencil2: Also writing at this moment: {who}"))
    return notes


def _preview(case: CaseView, writing: Writing) -> list[Json]:
    if writing.preview is None:
        return []
    to = "their thread in Slack" if case.channel == "slack" else fit(case.requester, 300)
    copies = f"\n*Cc* {fit(writing.copies, 600)}" if writing.copies.strip() else ""
    return [
        section(f"*As it leaves*\n*To* {to}{copies}"),
        section(quote(writing.preview, MOST_TEXT)),
        context("Below it stand your name, the service and the reference."),
    ]


@dataclass(frozen=True, slots=True)
class Replies:
    """Listens to the reply modal."""

    store: Store
    people: People
    desk: Desk

    def register(self, app: AsyncApp) -> None:
        """Have Bolt bring it here."""
        app.view(names.REPLY_MODAL)(self.send)
        app.view_closed(names.REPLY_MODAL)(self.closed)
        app.action(names.SNIPPET)(self.add_snippet)
        app.action(names.PREVIEW)(self.preview)

    async def send(self, ack: AsyncAck, body: Json, view: Json) -> None:
        """Send the officer's words."""

        async def act(unit: Unit, press: Press, given: Given) -> Case:
            copies = addresses_in(given.text(COPIES))
            files = given.several(FILES)
            return await reply(unit, press, given.text(), self.desk, copies=copies, files=files)

        await submit(ack, body, view, self.store, self.people, act)

    async def closed(self, ack: AsyncAck, body: Json, view: Json) -> None:
        """They write no more."""
        await ack()
        seen = names.seen_in(view["private_metadata"])
        officer = Officer(id=body["user"]["id"], name="", may_act=False)
        try:
            async with self.store.unit() as unit:
                case = await unit.session.get(Case, seen.case_id)
                if case is not None:
                    await stops_writing(unit, case, officer, drawn=False)
        except StoreUnavailableError:
            log.info("who stopped writing is not known; it ends by itself", case=seen.case_id)

    async def add_snippet(self, ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        """Put a sentence below what is written so far."""
        await ack()
        chosen = snippet(str((pressed(body).get("selected_option") or {}).get("value") or ""))
        if chosen is None:
            return
        now = _writing(body["view"])
        text = f"{now.text.rstrip()}\n\n{chosen.text}".strip()
        await self._redraw(client, body["view"], replace(now, text=text, turn=now.turn + 1))

    async def preview(self, ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        """Show the mail below the field, or why it could not leave."""
        await ack()
        now = _writing(body["view"])
        try:
            words = checked_words(now.text)
            addresses_in(now.copies)
        except CaseError as error:
            words = str(error)
        await self._redraw(client, body["view"], replace(now, preview=words))

    async def _redraw(self, client: AsyncWebClient, view: Json, writing: Writing) -> None:
        seen = names.seen_in(view["private_metadata"])
        try:
            async with self.store.unit() as unit:
                case = await case_view(unit, seen.case_id)
            new = drawn(case, seen, writing)
            await client.views_update(view_id=view["id"], hash=view.get("hash"), view=new)
        except (*ERRORS, CaseError, StoreUnavailableError) as error:
            log.warning("the reply was not drawn anew", error=code_of(error))


def _writing(view: Json) -> Writing:
    values = (view.get("state") or {}).get("values") or {}
    turns = [
        int(block.partition(":")[2] or 1)
        for block in values
        if block.partition(":")[0] == names.FIELD
    ]
    given = Given.of(view)
    return Writing(given.text(), given.text(COPIES), turns[0] if turns else 1)
