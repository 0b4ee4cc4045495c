"""What an enquirer says of an answer: it helped, it did not, or a person is needed."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from handlers.assigning import relieve_if_away
from handlers.case_life import Action
from handlers.cases import Officer, advance
from handlers.desk import Desk
from handlers.enquiries import case_of, wait_for_turn
from handlers.escalate import acknowledge, open_case
from handlers.knowledge_tables import Feedback, Said
from handlers.notices import note_feedback
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
from triage.decision import Decision, Reason

REASONS = {
    Said.NO: Reason(rule="answer_did_not_help", text="They said that our answer did not help."),
    Said.PERSON: Reason(rule="person_wanted", text="They asked for a person after our answer."),
}


async def hear(unit: Unit, outgoing_id: int, said: Said, desk: Desk) -> bool:
    """Count what was said of an answer, once; all but a yes brings the enquiry to a person.

    False where this is no answer that we know.
    """
    outgoing = await unit.session.get(Outgoing, outgoing_id)
    if outgoing is None or outgoing.kind != "answer":
        return False
    enquiry = await unit.session.get_one(Enquiry, outgoing.enquiry_id)
    await _wait_for_turns(unit, enquiry)
    if await _is_new(unit, outgoing, said) and said != Said.YES:
        await _bring_to_a_person(unit, enquiry, outgoing, said, desk)
    return True


async def _wait_for_turns(unit: Unit, enquiry: Enquiry) -> None:
    """Whoever takes part may be writing at this moment: of the two, only one opens a case."""
    rows = await unit.session.execute(
        select(Participant.address)
        .where(Participant.enquiry_id == enquiry.id)
        .order_by(Participant.address)
    )
    for address in rows.scalars().all():
        await wait_for_turn(unit, address)


async def _is_new(unit: Unit, outgoing: Outgoing, said: Said) -> bool:
    row = await unit.session.execute(
        insert(Feedback)
        .values(outgoing_id=outgoing.id, said=said)
        .on_conflict_do_nothing(index_elements=[Feedback.outgoing_id, Feedback.said])
        .returning(Feedback.id)
    )
    return row.scalar_one_or_none() is not None


async def _bring_to_a_person(
    unit: Unit, enquiry: Enquiry, outgoing: Outgoing, said: Said, desk: Desk
) -> None:
    case = await case_of(unit, enquiry.id)
    if case is not None:
        await _bring_back(unit, case, enquiry, outgoing, said)
        await relieve_if_away(unit, case, desk.roster)
        return
    message, decision = await _answered(unit, enquiry.id)
    # A draft of what did not help would help no better: the officer starts afresh.
    bare = decision.model_copy(update={"passages": (), "series": (), "unmet": None})
    await open_case(unit, enquiry, message, bare, desk, why=(REASONS[said],))
    await acknowledge(unit, enquiry, None, desk)


async def _bring_back(
    unit: Unit, case: Case, enquiry: Enquiry, outgoing: Outgoing, said: Said
) -> None:
    """Have the officers see it on the case that there is."""
    await note_feedback(unit, case, outgoing.id, said)
    if case.state == CaseState.RESOLVED:
        case.resolution, case.resolved_at = None, None
    enquirer = Officer(
        id=enquiry.requester, name=enquiry.requester_name or "the enquirer", may_act=True
    )
    detail = {"said": said, "outgoing": outgoing.id}
    await advance(unit, case, Action.ASK_FOR_PERSON, enquirer, detail)


async def _answered(unit: Unit, enquiry_id: int) -> tuple[StoredMessage, Decision]:
    """The message that was answered by ourselves, and the decision to do so."""
    row = await unit.session.execute(
        select(StoredMessage, StoredDecision.record)
        .join(StoredDecision, StoredDecision.message_id == StoredMessage.id)
        .where(StoredMessage.enquiry_id == enquiry_id)
        .order_by((StoredDecision.outcome == "answered").desc(), StoredMessage.id)
        .limit(1)
    )
    message, record = row.one()
    return message, Decision.model_validate(record)
