"""What an article did for a gap: enquiries like it in the week before it was published, and after.

They are measured by the same distance by which the gap was made, and kept with the gap.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import BaseModel
from sqlalchemy import select

from handlers.knowledge_tables import Gap, GapState
from handlers.tables import StoredDecision, StoredMessage
from handlers.uncovered import Escalated, escalated_by_id
from handlers.unit import Unit
from knowledge.search import Encode
from triage.essence import comparable
from triage.gaps import alike, farthest, represent

WEEK = timedelta(days=7)
WATCHED = timedelta(days=15)
"""How long after publishing the effect is still measured."""


class Side(BaseModel):
    """Enquiries like the gap's in up to a week, and how many of them were answered by itself."""

    enquiries: int
    answered: int


class Effect(BaseModel):
    """Before and after; `days` of the week after have passed."""

    before: Side
    after: Side
    days: int


@dataclass(frozen=True, slots=True)
class Came:
    """An enquiry that came near the day of publishing."""

    text: str
    answered: bool
    after: bool


@dataclass(frozen=True, slots=True)
class Watched:
    """A published gap with all that its effect is measured from."""

    id: int
    members: tuple[Escalated, ...]
    came: tuple[Came, ...]
    days: int


def published_at(gap: Gap) -> datetime | None:
    """When a person marked it as published."""
    at = gap.detail.get("published_at")
    return datetime.fromisoformat(at) if at else None


async def watched(unit: Unit) -> list[Watched]:
    """Gaps whose articles were published lately."""
    rows = await unit.session.execute(
        select(Gap).where(Gap.state == GapState.PUBLISHED).order_by(Gap.id)
    )
    now = await unit.now()
    found = []
    for gap in rows.scalars():
        at = published_at(gap)
        if at is not None and now - at <= WATCHED:
            members = await escalated_by_id(unit, list(gap.enquiries))
            days = min(now - at, WEEK).days
            found.append(Watched(gap.id, tuple(members), await _came(unit, at), days))
    return found


def measure(gap: Watched, encoder: Encode | None) -> Effect:
    """Count the enquiries that are like the gap's. Plain work, for a thread."""
    own = [one.comparable for one in gap.members]
    vectors = represent([*own, *(one.text for one in gap.came)], encoder)
    near = alike(vectors[: len(own)], vectors[len(own) :], farthest(encoder))
    like = [one for one, is_near in zip(gap.came, near.tolist(), strict=True) if is_near]
    return Effect(
        before=_side([one for one in like if not one.after]),
        after=_side([one for one in like if one.after]),
        days=gap.days,
    )


async def keep_effect(unit: Unit, gap_id: int, effect: Effect) -> None:
    """Keep what was measured, if the gap is still published."""
    gap = await unit.session.get(Gap, gap_id, with_for_update=True)
    if gap is not None and gap.state == GapState.PUBLISHED:
        gap.detail = {**gap.detail, "effect": effect.model_dump()}


async def _came(unit: Unit, at: datetime) -> tuple[Came, ...]:
    """What opened an enquiry within a week of this moment, and was answered or made a case."""
    rows = await unit.session.execute(
        select(StoredMessage, StoredDecision.outcome, StoredDecision.decided_at)
        .join(StoredDecision, StoredDecision.message_id == StoredMessage.id)
        .where(
            StoredDecision.decided_at >= at - WEEK,
            StoredDecision.decided_at < at + WEEK,
            StoredDecision.outcome.in_(("answered", "case")),
        )
        .order_by(StoredMessage.id)
    )
    return tuple(
        Came(
            text=comparable(
                message.subject,
                message.new_text or message.text,
                (message.author_name, message.author),
            ),
            answered=outcome == "answered",
            after=decided_at >= at,
        )
        for message, outcome, decided_at in rows
    )


def _side(came: Sequence[Came]) -> Side:
    return Side(enquiries=len(came), answered=sum(one.answered for one in came))
