"""Merging a case into another, and making an enquiry of its own of one message."""

from sqlalchemy import func, literal, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from handlers.case_life import MERGED, Action
from handlers.case_queries import LETTERS
from handlers.case_tables import LinkKind
from handlers.cases import Press, advance, begin, end
from handlers.desk import Desk
from handlers.enquiries import add_participants
from handlers.errors import NotAllowed
from handlers.escalate import open_case
from handlers.notices import note_case, note_message
from handlers.references import new_reference
from handlers.related import keep_link, pair
from handlers.statutes import BY_RULE
from handlers.tables import (
    Case,
    CaseState,
    Enquiry,
    Outgoing,
    Participant,
    StoredDecision,
    StoredMessage,
)
from handlers.unit import Unit
from triage.decision import Decision, Flag, Reason

SPLIT_REASON = Reason(rule="split", text="An officer made a case of its own of this message.")


async def merge(unit: Unit, press: Press, named: str) -> Case:
    """Give the case's messages and participants to another, and close it as merged.

    What comes to its reference later lands in the other. Flags follow: they are never lost, nor
    is the day from which a law counts.

    Raises CaseError.
    """
    two = await pair(unit, press, Action.MERGE, named)
    case, source, other, target = two
    if (source.channel, target.channel) != ("email", "email"):
        raise NotAllowed("Only cases by mail can be merged, as each Slack thread has its own.")
    if other.state == CaseState.RESOLVED:
        raise NotAllowed(f"{target.reference} is resolved. Reopen it first, or merge it into this.")
    latest = await _latest_message(unit, source.id)
    moved = await _move(unit, source, target)
    other.flags = list(dict.fromkeys((*other.flags, *case.flags)))
    _keep_statutory_clock(case, other)
    await keep_link(unit, case, other, LinkKind.MERGED)
    await end(unit, case, MERGED)
    detail = {"into": target.reference, "resolution": MERGED, "messages": moved}
    await advance(unit, case, Action.MERGE, press.officer, detail)
    detail = {"from": source.reference, "messages": moved}
    await advance(unit, other, Action.ABSORB, press.officer, detail)
    await note_case(unit, other, "absorb", by=press.officer.name, text=source.reference)
    if latest is not None:
        await note_message(unit, other, latest)
    return case


async def split(unit: Unit, press: Press, message_id: int, desk: Desk) -> Case:
    """Make an enquiry with a case of its own of one message of this case. Raises CaseError."""
    case = await begin(unit, press, Action.SPLIT)
    source = await unit.session.get_one(Enquiry, case.enquiry_id)
    message, decision = await _splittable(unit, source, message_id)
    enquiry = Enquiry(
        reference=new_reference(desk.signing_key),
        channel=source.channel,
        requester=message.author,
        requester_name=message.author_name,
        subject=message.subject,
        slack_channel=source.slack_channel,
        slack_thread=source.slack_thread,
        continues=source.id,
    )
    unit.session.add(enquiry)
    await unit.session.flush()
    await add_participants(unit, enquiry.id, {message.author})
    message.enquiry_id = enquiry.id
    made = Decision.model_validate(decision.record)
    decision.outcome = "case"
    new = await open_case(unit, enquiry, message, made, desk, why=(SPLIT_REASON,))
    await keep_link(unit, new, case, LinkKind.SPLIT)
    detail = {"message": message.id, "to": enquiry.reference}
    await advance(unit, case, Action.SPLIT, press.officer, detail)
    await note_case(unit, case, "split", by=press.officer.name, text=enquiry.reference)
    return new


def _keep_statutory_clock(case: Case, other: Case) -> None:
    """The law counts from the day on which a request came: merging makes that no later one."""
    if Flag.STATUTORY not in case.flags:
        return
    other.opened_at = min(case.opened_at, other.opened_at)
    told = [one for one in case.reasons if one.get("rule") in BY_RULE and one not in other.reasons]
    other.reasons = [*other.reasons, *told]


async def _move(unit: Unit, source: Enquiry, target: Enquiry) -> int:
    """Messages, letters and participants go to the target; how many messages there were."""
    rows = await unit.session.execute(
        update(StoredMessage)
        .where(StoredMessage.enquiry_id == source.id)
        .values(enquiry_id=target.id)
        .returning(StoredMessage.id)
    )
    moved = len(list(rows.scalars()))
    await unit.session.execute(
        update(Outgoing)
        .where(Outgoing.enquiry_id == source.id, Outgoing.kind.in_(LETTERS))
        .values(enquiry_id=target.id)
    )
    who = select(literal(target.id), Participant.address).where(Participant.enquiry_id == source.id)
    await unit.session.execute(
        insert(Participant).from_select(["enquiry_id", "address"], who).on_conflict_do_nothing()
    )
    await unit.session.execute(
        update(Enquiry)
        .where(or_(Enquiry.id == source.id, Enquiry.merged_into == source.id))
        .values(merged_into=target.id)
    )
    return moved


async def _latest_message(unit: Unit, enquiry_id: int) -> int | None:
    row = await unit.session.execute(
        select(func.max(StoredMessage.id)).where(
            StoredMessage.enquiry_id == enquiry_id, StoredMessage.direction == "in"
        )
    )
    return row.scalar_one()


async def _splittable(
    unit: Unit, source: Enquiry, message_id: int
) -> tuple[StoredMessage, StoredDecision]:
    rows = await unit.session.execute(
        select(StoredMessage, StoredDecision)
        .join(StoredDecision, StoredDecision.message_id == StoredMessage.id)
        .where(StoredMessage.enquiry_id == source.id, StoredMessage.direction == "in")
        .order_by(StoredMessage.id)
    )
    found = [(message, decision) for message, decision in rows]
    if len(found) < 2:  # noqa: PLR2004 -- one goes, one stays
        raise NotAllowed("It has one message only, so there is nothing to split.")
    for message, decision in found[1:]:
        if message.id == message_id:
            return message, decision
    raise NotAllowed("Please choose one of its later messages; the first one stays.")
