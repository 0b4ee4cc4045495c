"""The modals: how each is drawn, and what its submission asks a handler to do."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.slack import names
from bot.slack.answers import DATABASE_AWAY
from bot.slack.blocks import MOST_TEXT, Json, context, section
from bot.slack.letters import link
from bot.slack.mrkdwn import escape, fit, units
from bot.slack.people import People
from bot.slack.views import type_name
from handlers import cases
from handlers.approval import approve
from handlers.case_life import RESOLUTIONS
from handlers.case_view import CaseView
from handlers.cases import Press
from handlers.desk import Desk
from handlers.errors import CaseError, StoreUnavailableError
from handlers.letters import Content
from handlers.replies import reply
from handlers.tables import Case
from handlers.unit import Store, Unit
from triage.decision import EnquiryType

log = structlog.get_logger(__name__)

MOST_INPUT = 3000
"""Characters of a text field, by Slack's rules."""
MOST_ERROR = 300
"""Characters of an error below a field; Slack names no limit."""
SECONDS = 2.5
"""Longest work before an answer: Slack gives three seconds."""


def reply_modal(case: CaseView, seen: names.Seen) -> Json:
    """The reply to the enquirer, begun with the draft."""
    draft = case.draft
    element: Json = {
        "type": "plain_text_input",
        "action_id": names.FIELD,
        "multiline": True,
        "max_length": MOST_INPUT,
    }
    notes = [
        context(f"It leaves by {'Slack, in their thread' if case.channel == 'slack' else 'mail'}.")
    ]
    if draft.strip():
        element["initial_value"] = _cut(draft)
    if units(draft) > MOST_INPUT:
        notes.append(context(f"The draft has {len(draft):,} characters; its end was cut off here."))
    return _modal(
        names.REPLY_MODAL, f"Reply {case.reference}", "Send", seen, "Reply", element, notes
    )


def reclassify_modal(case: CaseView, seen: names.Seen) -> Json:
    """What the enquiry is about, to be put right."""
    options = [_option(type_name(one), str(one)) for one in EnquiryType]
    chosen = [option for option in options if option["value"] in case.types]
    element: Json = {
        "type": "multi_static_select",
        "action_id": names.FIELD,
        "options": options,
    }
    if chosen:
        element["initial_options"] = chosen
    return _modal(names.RECLASSIFY_MODAL, "Reclassify", "Save", seen, "It is about", element, [])


def resolve_modal(case: CaseView, seen: names.Seen) -> Json:
    """Why the case ends."""
    del case
    element: Json = {
        "type": "static_select",
        "action_id": names.FIELD,
        "options": [_option(words, value) for value, words in RESOLUTIONS.items()],
    }
    return _modal(names.RESOLVE_MODAL, "Resolve", "Resolve", seen, "Because", element, [])


def approve_modal(case: CaseView, seen: names.Seen) -> Json:
    """The answer that waits, as the enquirer would read it; to submit is to have it sent."""
    content = case.offered or Content()
    where = "in their thread" if case.channel == "slack" else f"to {fit(case.requester, 400)}"
    blocks = [
        context(f"It leaves {where}, in your name, and the case is resolved as answered."),
        *_series(content),
        *_passages(content),
    ]
    decision: Json = {
        "type": "input",
        "block_id": names.FIELD,
        "label": _plain("Read against what was asked"),
        "element": {
            "type": "checkboxes",
            "action_id": names.FIELD,
            "options": [_option("I have read the enquiry, and this answers it", "read")],
        },
    }
    return _shell(
        names.APPROVE_MODAL, f"Answer {case.reference}", "Send", seen, [*blocks, decision]
    )


@dataclass(frozen=True, slots=True)
class Modals:
    """Listens to submissions; errors are shown below the field, with the modal still open."""

    store: Store
    people: People
    desk: Desk

    def register(self, app: AsyncApp) -> None:
        """Have Bolt bring submissions here."""
        app.view(names.REPLY_MODAL)(self.send_reply)
        app.view(names.RECLASSIFY_MODAL)(self.reclassify)
        app.view(names.RESOLVE_MODAL)(self.resolve)
        app.view(names.APPROVE_MODAL)(self.approve)

    async def send_reply(self, ack: AsyncAck, body: Json, view: Json) -> None:
        """Send the officer's words."""
        text = str(_field(view).get("value") or "")
        await self._do(ack, body, view, lambda unit, press: reply(unit, press, text, self.desk))

    async def reclassify(self, ack: AsyncAck, body: Json, view: Json) -> None:
        """Put the types right."""
        chosen = [EnquiryType(one["value"]) for one in _field(view).get("selected_options") or ()]
        await self._do(ack, body, view, lambda unit, press: cases.reclassify(unit, press, chosen))

    async def resolve(self, ack: AsyncAck, body: Json, view: Json) -> None:
        """End the case."""
        chosen = str((_field(view).get("selected_option") or {}).get("value") or "")
        await self._do(ack, body, view, lambda unit, press: cases.resolve(unit, press, chosen))

    async def approve(self, ack: AsyncAck, body: Json, view: Json) -> None:
        """Have the answer sent that waits."""
        await self._do(ack, body, view, lambda unit, press: approve(unit, press, self.desk))

    async def _do(
        self,
        ack: AsyncAck,
        body: Json,
        view: Json,
        act: Callable[[Unit, Press], Awaitable[Case]],
    ) -> None:
        try:
            async with asyncio.timeout(SECONDS):
                seen = names.seen_in(view["private_metadata"])
                officer = await self.people.officer(body["user"]["id"])
                async with self.store.unit() as unit:
                    await act(unit, Press(seen.case_id, seen.version, officer))
        except CaseError as error:
            await _refuse(ack, str(error))
        except (StoreUnavailableError, TimeoutError) as error:
            log.warning("a submission failed", error=repr(error))
            await _refuse(ack, DATABASE_AWAY)
        else:
            await ack()


async def _refuse(ack: AsyncAck, why: str) -> None:
    words = why if len(why) <= MOST_ERROR else why[: MOST_ERROR - 1] + "…"
    await ack(response_action="errors", errors={names.FIELD: words})


def _field(view: Json) -> Json:
    field: Json = view["state"]["values"][names.FIELD][names.FIELD]
    return field


def _modal(  # noqa: PLR0917  the parts of a modal, in their order
    callback_id: str,
    title: str,
    submit: str,
    seen: names.Seen,
    label: str,
    element: Json,
    notes: list[Json],
) -> Json:
    block: Json = {
        "type": "input",
        "block_id": names.FIELD,
        "label": _plain(label),
        "element": element,
    }
    return _shell(callback_id, title, submit, seen, [block, *notes])


def _shell(callback_id: str, title: str, submit: str, seen: names.Seen, blocks: list[Json]) -> Json:
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": _plain(title[:24]),
        "submit": _plain(submit),
        "close": _plain("Cancel"),
        "private_metadata": seen.dumped(),
        "blocks": blocks,
    }


def _series(content: Content) -> list[Json]:
    if content.unmet:
        return [section(f"*Published data*\n{escape(content.unmet)}")]
    if not content.series:
        return []
    lines = [
        f"• {link(one.url, one.title)} ({escape(one.publisher)})"
        + (f"\n  Why it may fit: {escape(one.why)}" if one.why else "")
        for one in content.series
    ]
    return [section("*Published data that may meet the need*\n" + "\n".join(lines))]


def _passages(content: Content) -> list[Json]:
    """A section a passage; articles keep well below a section's length."""
    return [
        section(
            f"*{escape(part.heading)}* _(guidance: {escape(part.article)} v{part.version})_\n"
            f"{fit(part.text, MOST_TEXT - 400)}"
        )
        for part in content.parts
    ]


def _option(words: str, value: str) -> Json:
    return {"text": _plain(words[:75]), "value": value}


def _plain(text: str) -> Json:
    return {"type": "plain_text", "text": text, "emoji": False}


def _cut(text: str) -> str:
    """As much as fits, a character beyond the first plane counting for two."""
    while units(text) > MOST_INPUT:
        text = text[: len(text) - max(1, (units(text) - MOST_INPUT) // 2)]
    return text
