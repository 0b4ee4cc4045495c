"""A case as those who work it see it: read in two queries, for Slack's cards and for pages."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict
from sqlalchemy import ScalarSelect, Select, func, literal_column, select

from handlers.authentication import Authentication
from handlers.errors import UnknownCase
from handlers.letters import Content
from handlers.tables import (
    Case,
    CaseEvent,
    CaseState,
    Enquiry,
    Outgoing,
    OutgoingState,
    Participant,
    StoredDecision,
    StoredMessage,
)
from handlers.unit import Unit
from triage.decision import PassageHit, Reason
from triage.masking import mask

LATEST = 10
"""Messages, events and troubles that a view carries, the latest of each."""
MOST_SHOWN = 20_000
"""Characters read of a message of the conversation; a mail may have millions."""
UNDECIDED = (OutgoingState.HELD, OutgoingState.FAILED)
LETTERS = ("answer", "acknowledgement", "officer")
"""Kinds of effects that an enquirer reads."""
MADE_CASES = ("case", "set_aside")
"""Outcomes that opened a case; one that was answered can become a case later."""
ANSWERED = "answered"

Masked = Annotated[str, AfterValidator(mask)]
"""Text without patient identifiers; the whole text is read by `whole_message` alone."""


class _View(BaseModel):
    model_config = ConfigDict(frozen=True)


class MessageView(_View):
    """One message of the conversation; `direction` is `in` or `out`."""

    id: int
    direction: str
    author: str
    author_name: str
    text: Masked
    automatic_reason: str | None
    authentication: Authentication | None = None
    at: datetime


class EventView(_View):
    """What happened to the case at one version."""

    version: int
    kind: str
    actor_name: str
    at: datetime


class TroubleView(_View):
    """An effect that failed, or that nobody can say has happened."""

    id: int
    kind: str
    transport: str
    recipient: str
    state: str
    error: str | None


class CaseView(_View):
    """A case with all that a card shows; lists hold the oldest first."""

    id: int
    version: int
    state: CaseState
    reference: str
    channel: str
    subject: Masked
    requester: str
    requester_name: str
    earlier_enquiries: int
    """How many enquiries this requester took part in before."""
    types: tuple[str, ...]
    flags: tuple[str, ...]
    reasons: tuple[Reason, ...]
    summary: str
    draft: str
    offered: Content | None
    """An answer that waits for approval, as it would be sent."""
    passages: tuple[PassageHit, ...]
    officer: str | None
    officer_name: str | None
    resolution: str | None
    opened_at: datetime
    resolved_at: datetime | None
    messages: tuple[MessageView, ...]
    events: tuple[EventView, ...]
    troubles: tuple[TroubleView, ...]
    slack_channel: str | None
    slack_ts: str | None

    @property
    def sender(self) -> Authentication | None:
        """Whether the enquirer's latest mail came from them, and who says so."""
        return next((m.authentication for m in reversed(self.messages) if m.authentication), None)


async def case_view(unit: Unit, case_id: int) -> CaseView:
    """The case with this number as it now is. Raises UnknownCase."""
    found = await unit.session.execute(
        select(Case, Enquiry, _earlier_enquiries(), _record())
        .join(Enquiry, Enquiry.id == Case.enquiry_id)
        .where(Case.id == case_id)
        .execution_options(populate_existing=True)
    )
    row = found.one_or_none()
    if row is None:
        raise UnknownCase(case_id)
    case, enquiry, earlier, record = row
    lists = await unit.session.execute(
        select(_rows(_messages(enquiry.id)), _rows(_events(case.id)), _rows(_troubles(enquiry.id)))
    )
    messages, events, troubles = lists.one()
    return CaseView(
        **{name: getattr(case, name) for name in _FROM_CASE},
        **{name: getattr(enquiry, name) for name in _FROM_ENQUIRY},
        earlier_enquiries=earlier,
        offered=case.answer,
        passages=(record or {}).get("passages", ()),
        messages=messages,
        events=events,
        troubles=troubles,
    )


async def message_view(unit: Unit, message_id: int) -> MessageView | None:
    """One message, masked."""
    row = await unit.session.execute(_message_columns().where(StoredMessage.id == message_id))
    found = row.mappings().one_or_none()
    return None if found is None else MessageView.model_validate(dict(found))


async def trouble(unit: Unit, outgoing_id: int) -> TroubleView | None:
    """An effect that waits for an officer's decision; None once it is decided."""
    row = await unit.session.execute(_trouble_columns().where(Outgoing.id == outgoing_id))
    found = row.mappings().one_or_none()
    return None if found is None else TroubleView.model_validate(dict(found))


_FROM_CASE = (
    *("id", "version", "state", "types", "flags", "reasons", "summary", "draft", "officer"),
    *("officer_name", "resolution", "opened_at", "resolved_at", "slack_channel", "slack_ts"),
)
_FROM_ENQUIRY = ("reference", "channel", "subject", "requester", "requester_name")


def _earlier_enquiries() -> ScalarSelect[int]:
    return (
        select(func.count())
        .select_from(Participant)
        .where(
            Participant.address == func.lower(Enquiry.requester),
            Participant.enquiry_id < Enquiry.id,
        )
        .scalar_subquery()
    )


def _record() -> ScalarSelect[dict[str, Any]]:
    """The record of the decision that made the case, else of the answer that did not help."""
    return (
        select(StoredDecision.record)
        .join(StoredMessage, StoredMessage.id == StoredDecision.message_id)
        .where(
            StoredMessage.enquiry_id == Enquiry.id,
            StoredDecision.outcome.in_((*MADE_CASES, ANSWERED)),
        )
        .order_by(StoredDecision.outcome == ANSWERED, StoredDecision.message_id)
        .limit(1)
        .scalar_subquery()
    )


def _rows(latest_first: Select[*tuple[Any, ...]]) -> ScalarSelect[Any]:
    """The latest rows as one JSON list, the oldest first."""
    rows = latest_first.limit(LATEST).subquery("r")
    one: Any = literal_column("to_jsonb(r)")
    ordered = func.jsonb_agg(one.op("ORDER BY")(rows.c.id))
    return (
        select(func.coalesce(ordered, literal_column("'[]'::jsonb")))
        .select_from(rows)
        .scalar_subquery()
    )


def _message_columns() -> Select[*tuple[Any, ...]]:
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


def _messages(enquiry_id: int) -> Select[*tuple[Any, ...]]:
    return (
        _message_columns()
        .where(StoredMessage.enquiry_id == enquiry_id)
        .order_by(StoredMessage.id.desc())
    )


def _events(case_id: int) -> Select[*tuple[Any, ...]]:
    return (
        select(CaseEvent.id, CaseEvent.version, CaseEvent.kind, CaseEvent.actor_name, CaseEvent.at)
        .where(CaseEvent.case_id == case_id, CaseEvent.version > 0)
        .order_by(CaseEvent.id.desc())
    )


def _trouble_columns() -> Select[*tuple[Any, ...]]:
    return select(
        Outgoing.id,
        Outgoing.kind,
        Outgoing.transport,
        Outgoing.recipient,
        Outgoing.state,
        Outgoing.error,
    ).where(Outgoing.state.in_(UNDECIDED))


def _troubles(enquiry_id: int) -> Select[*tuple[Any, ...]]:
    return (
        _trouble_columns()
        .where(Outgoing.enquiry_id == enquiry_id, Outgoing.kind.in_(LETTERS))
        .order_by(Outgoing.id.desc())
    )
