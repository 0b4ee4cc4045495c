"""The message that a case is about, unmasked, and the decision on it: for an officer who asks."""

from sqlalchemy import func, select

from handlers.case_queries import ANSWERED, MADE_CASES, opened_for
from handlers.errors import UnknownCase
from handlers.tables import Case, StoredDecision, StoredMessage
from handlers.unit import Unit
from triage.decision import Decision
from triage.message import Message

MOST_WHOLE = 200_000
"""Characters read of the message that an officer asks for in full."""


async def whole_message(unit: Unit, case_id: int) -> str:
    """The latest message of the enquirer, unmasked, up to MOST_WHOLE: for an officer only."""
    row = await unit.session.execute(
        select(func.left(StoredMessage.text, MOST_WHOLE))
        .join(Case, Case.enquiry_id == StoredMessage.enquiry_id)
        .where(Case.id == case_id, StoredMessage.direction == "in")
        .order_by(StoredMessage.id.desc())
        .limit(1)
    )
    text = row.scalar_one_or_none()
    if text is None:
        raise UnknownCase(case_id)
    return str(text)


async def decision_of(unit: Unit, case_id: int) -> tuple[Decision, Message]:
    """The decision that made the case, and the message that it is about, unmasked.

    Raises UnknownCase, also for a case that no decision made.
    """
    found = await unit.session.execute(
        select(
            StoredDecision.record,
            StoredMessage.subject,
            func.left(StoredMessage.new_text, MOST_WHOLE),
        )
        .join(StoredMessage, StoredMessage.id == StoredDecision.message_id)
        .join(Case, Case.enquiry_id == StoredMessage.enquiry_id)
        .where(Case.id == case_id, StoredDecision.outcome.in_((*MADE_CASES, ANSWERED)))
        .order_by(
            StoredDecision.message_id.is_distinct_from(opened_for()),
            StoredDecision.outcome == ANSWERED,
            StoredDecision.message_id,
        )
        .limit(1)
    )
    row = found.one_or_none()
    if row is None:
        raise UnknownCase(case_id)
    record, subject, new_text = row
    message = Message(subject=subject, text=new_text, new_text=new_text)
    return Decision.model_validate(record), message
