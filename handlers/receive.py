"""What becomes of one inbound message: joined to its enquiry, answered, escalated or ignored.

All of it is one transaction: message, decision, case, and outgoing effects with their jobs
commit together or not at all.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, update

from handlers.answer import write_letter
from handlers.bursts import continued, said_before
from handlers.desk import Desk
from handlers.drift import drifting
from handlers.enquiries import (
    Arrival,
    add_participants,
    case_of,
    has_effect,
    keep_inbound,
    known_already,
    open_enquiry,
    wait_for_turn,
)
from handlers.errors import AlreadyDoneError
from handlers.escalate import acknowledge, continue_case, objection_to_writing, open_case
from handlers.freshness import ask_owners, decided_since
from handlers.inbound import live
from handlers.letters import Content
from handlers.naming import Named, find
from handlers.related import current
from handlers.returned import keep_reports
from handlers.slack_threads import keep_officers_word
from handlers.switches import Mode, switches
from handlers.tables import Enquiry, Inbound, InboundState, StoredDecision, StoredMessage
from handlers.unit import Unit
from handlers.unproved import is_believed, link_cases, why_apart
from triage import explain
from triage.decision import Decision, Reason, Route
from triage.message import Message
from triage.objections import Ground

WITHHELD_BY = {
    Mode.APPROVE: "an officer approves each answer at present",
    Mode.OFF: "automatic answers are switched off",
}
"""How a mode that keeps an answer back is told to officers."""

REPLIED = Reason(rule="replied_to_answer", text="They wrote again after an automatic answer.")
CONTINUES = Reason(
    rule="continues_unanswered",
    text="They wrote before, and what they wrote was recorded without an answer.",
)

Decide = Callable[[Message], Decision]


@dataclass(frozen=True, slots=True)
class Judged:
    """A decision and the milliseconds that it took."""

    decision: Decision
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was done, and whose enquiry it is.

    `answered`, `case`, `joined`, `ignored`, `duplicate`, or `shadow`: recorded, and nothing else.
    """

    what: str
    reference: str | None


def judge(decide: Decide, message: Message) -> Judged:
    """Decide, and time it. Plain work, for a thread."""
    start = time.perf_counter()
    decision = decide(message)
    return Judged(decision, (time.perf_counter() - start) * 1000)


async def receive(unit: Unit, arrival: Arrival, judged: Judged, desk: Desk) -> Outcome:
    """Follow the route once. Raises AlreadyDoneError where another worker was first."""
    await _claim(unit, arrival)
    await wait_for_turn(unit, arrival.message.sender)
    if await known_already(unit, arrival):
        return Outcome("duplicate", None)
    believed = is_believed(arrival)
    if believed and (copied := await live(unit, await said_before(unit, arrival))) is not None:
        message = await keep_inbound(unit, copied, arrival)
        await keep_decision(unit, message, judged, "duplicate", arrival.message.channel)
        return Outcome("duplicate", copied.reference)
    found = await find(unit, arrival, desk)
    if found is None and (before := await live(unit, await continued(unit, arrival))) is not None:
        found = Named(before, takes_part=True)
    named = found and await current(unit, found.enquiry)
    joins = found is not None and found.takes_part and believed
    if named is not None and joins:
        enquiry = named
    else:
        enquiry = await open_enquiry(unit, arrival, desk, continues=named.id if named else None)
    message = await keep_inbound(unit, enquiry, arrival)
    for word in arrival.said_by_officers:
        await keep_officers_word(unit, enquiry.id, word)
    mode = (await switches(unit, desk.usual_mode)).mode(judged.decision.types)
    if mode is Mode.SHADOW:
        what = "shadow"
    elif joins:
        what = await _join(unit, enquiry, message, arrival, judged.decision, desk=desk)
    else:
        apart = None if found is None else why_apart(found, believed=believed)
        why = tuple(one for one in (apart, arrival.for_person) if one is not None)
        what = await _follow(
            unit, enquiry, message, arrival, judged.decision, desk=desk, mode=mode, why=why
        )
        if named is not None and what == "case":
            await link_cases(unit, enquiry, named)
    await keep_decision(unit, message, judged, what, arrival.message.channel)
    return Outcome(what, enquiry.reference)


async def _claim(unit: Unit, arrival: Arrival) -> None:
    unread = [Inbound.id == arrival.inbound_id, Inbound.state == InboundState.NEW]
    if arrival.raw_size is not None:
        # Where more was added since it was read, the job of what was added does all of it.
        unread.append(func.length(Inbound.raw) == arrival.raw_size)
    row = await unit.session.execute(
        update(Inbound).where(*unread).values(state=InboundState.DONE).returning(Inbound.id)
    )
    if row.scalar_one_or_none() is None:
        raise AlreadyDoneError


async def _follow(
    unit: Unit,
    enquiry: Enquiry,
    message: StoredMessage,
    arrival: Arrival,
    decision: Decision,
    *,
    desk: Desk,
    mode: Mode,
    why: tuple[Reason, ...] = (),
) -> str:
    """A new enquiry goes the way that triage says, unless something forbids an answer.

    `why` is what forbids it already.
    """
    if decision.route == Route.IGNORE and arrival.for_person is None:
        return "ignored"
    changed = None
    if decision.route == Route.ANSWER:
        content, said = _answerable(decision, desk, mode)
        forbidden = await objection_to_writing(unit, enquiry, arrival, desk)
        if forbidden is not None:
            said.append(forbidden)
        changed = None if said else await decided_since(unit, content)
        if changed is not None:
            said.append(changed)
            # What was retired a moment ago must not be the officer's draft either.
            decision = decision.model_copy(update={"passages": (), "series": (), "unmet": None})
        why = (*why, *(Reason(rule="answer_withheld", text=_sentence(one)) for one in said))
        if await drifting(unit):
            why = (*why, explain.drifting())
        if not why:
            await write_letter(unit, enquiry, desk, template="answer", content=content)
            return "answered"
    withheld = desk.composer.withheld(decision, date.today())  # noqa: DTZ011  the service's day
    await ask_owners(unit, enquiry, withheld)
    offer = _awaits_approval(decision) and changed is None and mode is not Mode.OFF
    await open_case(unit, enquiry, message, decision, desk, why=why, offer=offer)
    await acknowledge(unit, enquiry, arrival, desk)
    return "case"


def _answerable(decision: Decision, desk: Desk, mode: Mode) -> tuple[Content, list[str]]:
    """What could be sent, and what of our own forbids to send it."""
    content, objections = desk.composer.content(decision, date.today())  # noqa: DTZ011  the service's day
    why = list(objections)
    if content.is_empty:
        why.append("no approved passage can be sent today")
    if mode is not Mode.AUTOMATIC:
        why.append(WITHHELD_BY[mode])
    return content, why


def _awaits_approval(decision: Decision) -> bool:
    """Whether the answer is good as far as triage can tell, and only lacks a person's word."""
    doubted = decision.explanation is not None and decision.explanation.ground == Ground.APPROVAL
    return decision.route == Route.ANSWER or doubted


async def _join(
    unit: Unit,
    enquiry: Enquiry,
    message: StoredMessage,
    arrival: Arrival,
    decision: Decision,
    *,
    desk: Desk,
) -> str:
    """A later message goes to the case; where a bot answered first, a person reads it now."""
    if not arrival.message.is_bounce:
        await add_participants(unit, enquiry.id, {arrival.message.sender})
    case = await case_of(unit, enquiry.id)
    await keep_reports(unit, enquiry, message, arrival.returned, case)
    if case is not None:
        if decision.route != Route.IGNORE or arrival.message.is_bounce:
            await continue_case(unit, case, enquiry, message, arrival, desk)
        return "joined"
    if decision.route == Route.IGNORE:
        return "ignored"
    reason = REPLIED if await has_effect(unit, enquiry.id, "answer") else CONTINUES
    await open_case(unit, enquiry, message, decision, desk, why=(reason,))
    await acknowledge(unit, enquiry, arrival, desk)
    return "case"


async def keep_decision(
    unit: Unit, message: StoredMessage, judged: Judged, what: str, channel: str
) -> None:
    """Add the decision to its message, with what was done."""
    decision = judged.decision
    unit.session.add(
        StoredDecision(
            message_id=message.id,
            channel=channel,
            route=decision.route,
            outcome=what,
            types=[str(one) for one in decision.types],
            topics=list(decision.topics),
            flags=[str(one) for one in decision.flags],
            confidence=decision.confidence,
            likeness=decision.likeness,
            record=decision.model_dump(mode="json"),
            milliseconds=judged.milliseconds,
        )
    )
    await unit.session.flush()


def _sentence(reason: str) -> str:
    return f"It could be answered, but: {reason}."
