"""The queries by which a case is read as those who work it see it."""

from typing import Any

from sqlalchemy import ScalarSelect, Select, func, literal_column, select

from handlers.tables import (
    Case,
    CaseEvent,
    Enquiry,
    Outgoing,
    OutgoingState,
    Participant,
    StoredDecision,
    StoredMessage,
)

LATEST = 10
"""Messages, events and troubles that a view carries, the latest of each."""
MOST_SHOWN = 20_000
"""Characters read of a message of the conversation; a mail may have millions."""
UNDECIDED = (OutgoingState.HELD, OutgoingState.FAILED)
LETTERS = ("answer", "acknowledgement", "closing", "officer")
"""Kinds of effects that an enquirer reads."""
MADE_CASES = ("case", "set_aside")
"""Outcomes that opened a case; one that was answered can become a case later."""
ANSWERED = "answered"
OPENED = "opened"
"""The event by which a case begins."""


def earlier_enquiries() -> ScalarSelect[int]:
    """How many enquiries before this one its requester took part in."""
    return (
        select(func.count())
        .select_from(Participant)
        .where(
            Participant.address == func.lower(Enquiry.requester),
            Participant.enquiry_id < Enquiry.id,
        )
        .scalar_subquery()
    )


def opened_for() -> ScalarSelect[int]:
    """The message that a case was opened for; a merged one brings messages that are older."""
    return (
        select(CaseEvent.detail["message"].as_integer())
        .where(CaseEvent.case_id == Case.id, CaseEvent.kind == OPENED)
        .limit(1)
        .correlate(Case)
        .scalar_subquery()
    )


def record() -> ScalarSelect[dict[str, Any]]:
    """The record of the decision that made the case, else of the answer that did not help."""
    return (
        select(StoredDecision.record)
        .join(StoredMessage, StoredMessage.id == StoredDecision.message_id)
        .where(
            StoredMessage.enquiry_id == Enquiry.id,
            StoredDecision.outcome.in_((*MADE_CASES, ANSWERED)),
        )
        .order_by(
            StoredDecision.message_id.is_distinct_from(opened_for()),
            StoredDecision.outcome == ANSWERED,
            StoredDecision.message_id,
        )
        .limit(1)
        .scalar_subquery()
    )


def rows(latest_first: Select[*tuple[Any, ...]]) -> ScalarSelect[Any]:
    """The latest rows as one JSON list, the oldest first."""
    latest = latest_first.limit(LATEST).subquery("r")
    one: Any = literal_column("to_jsonb(r)")
    ordered = func.jsonb_agg(one.op("ORDER BY")(latest.c.id))
    return (
        select(func.coalesce(ordered, literal_column("'[]'::jsonb")))
        .select_from(latest)
        .scalar_subquery()
    )


def message_columns() -> Select[*tuple[Any, ...]]:
    """What of a message is shown."""
    return select(
        StoredMessage.id,
        StoredMessage.direction,
        StoredMessage.author,
        StoredMessage.author_name,
        func.left(StoredMessage.new_text, MOST_SHOWN).label("text"),
        StoredMessage.automatic_reason,
        StoredMessage.authentication,
        StoredMessage.at,
    )


def messages(enquiry_id: int) -> Select[*tuple[Any, ...]]:
    """The conversation, the latest first."""
    return (
        message_columns()
        .where(StoredMessage.enquiry_id == enquiry_id)
        .order_by(StoredMessage.id.desc())
    )


def events(case_id: int) -> Select[*tuple[Any, ...]]:
    """What happened to a case, the latest first."""
    return (
        select(
            CaseEvent.id,
            CaseEvent.version,
            CaseEvent.kind,
            CaseEvent.actor_name,
            CaseEvent.at,
            CaseEvent.detail["note"].astext.label("note"),
        )
        .where(CaseEvent.case_id == case_id, CaseEvent.version > 0)
        .order_by(CaseEvent.id.desc())
    )


def trouble_columns() -> Select[*tuple[Any, ...]]:
    """Effects that an officer has to judge."""
    return select(
        Outgoing.id,
        Outgoing.kind,
        Outgoing.transport,
        Outgoing.recipient,
        Outgoing.state,
        Outgoing.error,
    ).where(Outgoing.state.in_(UNDECIDED))


def troubles(enquiry_id: int) -> Select[*tuple[Any, ...]]:
    """Letters of an enquiry that an officer has to judge, the latest first."""
    return (
        trouble_columns()
        .where(Outgoing.enquiry_id == enquiry_id, Outgoing.kind.in_(LETTERS))
        .order_by(Outgoing.id.desc())
    )
