"""A case as those who work it see it: read in a few queries, for Slack's cards and for pages."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict
from sqlalchemy import select

from handlers import case_queries as queries
from handlers.authentication import Authentication
from handlers.case_now import CaseNow, case_now
from handlers.errors import UnknownCase
from handlers.letters import Content
from handlers.tables import Case, CaseState, Enquiry, Outgoing, StoredMessage
from handlers.unit import Unit
from triage.decision import PassageHit, Reason
from triage.masking import mask

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
    note: Masked | None = None
    """What an officer wrote for colleagues."""


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
    now: CaseNow = CaseNow()

    @property
    def sender(self) -> Authentication | None:
        """Whether the enquirer's latest mail came from them, and who says so."""
        return next((m.authentication for m in reversed(self.messages) if m.authentication), None)


async def case_view(unit: Unit, case_id: int) -> CaseView:
    """The case with this number as it now is. Raises UnknownCase."""
    found = await unit.session.execute(
        select(Case, Enquiry, queries.earlier_enquiries(), queries.record())
        .join(Enquiry, Enquiry.id == Case.enquiry_id)
        .where(Case.id == case_id)
        .execution_options(populate_existing=True)
    )
    row = found.one_or_none()
    if row is None:
        raise UnknownCase(case_id)
    case, enquiry, earlier, record = row
    lists = await unit.session.execute(
        select(
            queries.rows(queries.messages(enquiry.id)),
            queries.rows(queries.events(case.id)),
            queries.rows(queries.troubles(enquiry.id)),
        )
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
        now=await case_now(unit, case, enquiry),
    )


async def message_view(unit: Unit, message_id: int) -> MessageView | None:
    """One message, masked."""
    row = await unit.session.execute(
        queries.message_columns().where(StoredMessage.id == message_id)
    )
    found = row.mappings().one_or_none()
    return None if found is None else MessageView.model_validate(dict(found))


async def trouble(unit: Unit, outgoing_id: int) -> TroubleView | None:
    """An effect that waits for an officer's decision; None once it is decided."""
    row = await unit.session.execute(queries.trouble_columns().where(Outgoing.id == outgoing_id))
    found = row.mappings().one_or_none()
    return None if found is None else TroubleView.model_validate(dict(found))


_FROM_CASE = (
    *("id", "version", "state", "types", "flags", "reasons", "summary", "draft", "officer"),
    *("officer_name", "resolution", "opened_at", "resolved_at", "slack_channel", "slack_ts"),
)
_FROM_ENQUIRY = ("reference", "channel", "subject", "requester", "requester_name")
