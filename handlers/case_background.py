"""What an officer would look up before answering: the need, who asks, and what was before.

It stands apart from the case itself: it is read where a card is drawn, and no action needs it.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlalchemy import func, select

from handlers.case_life import ENDINGS
from handlers.case_message import decision_of
from handlers.case_need import Need, need_of
from handlers.case_queries import ANSWERED
from handlers.case_view import CaseView, Masked
from handlers.clock_reading import clocks_of_case
from handlers.clocks import Clock
from handlers.drafts import questions_of
from handlers.errors import UnknownCase
from handlers.similar_cases import PastCases, SimilarCase
from handlers.tables import Case, CaseState, Enquiry, Participant, StoredDecision, StoredMessage
from handlers.targets import ClockRules
from handlers.unit import Unit
from triage.decision import Decision
from triage.message import Message
from triage.organisation import Organisation, organisation

MOST_READ = 20_000
"""Characters of a message in which need and signature are sought."""
LATEST_EARLIER = 3


class EarlierEnquiry(BaseModel):
    """An enquiry that the same person took part in before, and how it ended."""

    model_config = ConfigDict(frozen=True)

    reference: str
    subject: Masked
    opened_at: datetime
    ended: str
    """In words, such as `Answered` or `still open`."""


class Background(BaseModel):
    """What stands behind a case; empty where nothing is known."""

    model_config = ConfigDict(frozen=True)

    need: Need = Need("")
    organisation: Organisation | None = None
    chances: Mapping[str, float] = {}
    """How likely triage found each type, 0 to 1; a type that an officer set is not here."""
    earlier: tuple[EarlierEnquiry, ...] = ()
    """The latest, newest first."""
    similar: tuple[SimilarCase, ...] = ()
    clocks: tuple[Clock, ...] = ()


@dataclass(frozen=True, slots=True)
class Behind:
    """Reads what a card shows beside the case.

    Args:
        past: Finds cases like it.
        rules: By which its clocks are counted.
    """

    past: PastCases
    rules: ClockRules

    async def read(self, unit: Unit, case: CaseView) -> Background:
        """All that is known of it at this moment."""
        earlier = await _earlier(unit, case)
        similar = await self.past.like(unit, case)
        due = await clocks_of_case(unit, case.id, self.rules)
        try:
            decision, message = await decision_of(unit, case.id)
        except UnknownCase:
            # A case of ours without a decision is rare, and no reason not to show it.
            return Background(earlier=earlier, similar=similar, clocks=due)
        # Reading a long message takes a while, and others wait for this thread.
        need, wrote_for = await asyncio.to_thread(_understood, case, decision, message)
        return Background(
            need=need,
            organisation=wrote_for,
            chances=_chances(case, decision),
            earlier=earlier,
            similar=similar,
            clocks=due,
        )


def _understood(
    case: CaseView, decision: Decision, message: Message
) -> tuple[Need, Organisation | None]:
    text = message.new_text[:MOST_READ]
    read = Message(subject=message.subject, text=text, new_text=text)
    topics = decision.topics if case.types == tuple(map(str, decision.types)) else ()
    need = need_of(case.types, case.flags, topics, questions_of(decision, read), read)
    address = "" if case.channel == "slack" else case.requester
    return need, organisation(address, text)


def _chances(case: CaseView, decision: Decision) -> dict[str, float]:
    return {
        str(kind): decision.type_scores[kind]
        for kind in decision.types
        if str(kind) in case.types and kind in decision.type_scores
    }


async def _earlier(unit: Unit, case: CaseView) -> tuple[EarlierEnquiry, ...]:
    """The latest enquiries before this one that its requester took part in."""
    this = select(Case.enquiry_id).where(Case.id == case.id).scalar_subquery()
    outcome = (
        select(StoredDecision.outcome)
        .join(StoredMessage, StoredMessage.id == StoredDecision.message_id)
        .where(StoredMessage.enquiry_id == Enquiry.id)
        .order_by(StoredMessage.id)
        .limit(1)
        .scalar_subquery()
    )
    rows = await unit.session.execute(
        select(
            Enquiry.reference,
            Enquiry.subject,
            Enquiry.opened_at,
            Case.state,
            Case.resolution,
            outcome.label("outcome"),
        )
        .join(Participant, Participant.enquiry_id == Enquiry.id)
        .outerjoin(Case, Case.enquiry_id == Enquiry.id)
        .where(
            Participant.address == func.lower(case.requester),
            Participant.enquiry_id < this,
        )
        .order_by(Enquiry.id.desc())
        .limit(LATEST_EARLIER)
    )
    return tuple(
        EarlierEnquiry(
            reference=row.reference,
            subject=row.subject,
            opened_at=row.opened_at,
            ended=_ended(row.state, row.resolution, row.outcome),
        )
        for row in rows
    )


def _ended(state: str | None, resolution: str | None, outcome: str | None) -> str:
    if state is None:
        return "Answered by guidance" if outcome == ANSWERED else "No reply was needed"
    if state == CaseState.RESOLVED:
        return ENDINGS.get(resolution or "", "Resolved")
    return "Still open"
