"""How answers did: confirmed by the enquirer, assumed to have helped, or taken back.

Each answer that was sent counts in one place. Taken back wins: the enquirer said no, asked for a
person, or wrote again so that a person read it. Then comes a yes. Silence is no yes: it is
counted apart, and only after some working days.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, not_, or_, select

from handlers.case_life import Action
from handlers.knowledge_tables import Feedback, Said
from handlers.outbox import OVERLAP, first_since
from handlers.periods import LONDON, Period, Span
from handlers.tables import Case, CaseEvent, Outgoing
from handlers.unit import Unit

DAY = timedelta(days=1)
SATURDAY = 5

CAME_BACK = (Action.WRITE_AGAIN, Action.ASK_FOR_PERSON)


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers sent in a period, by how they did."""

    sent: int = 0
    confirmed: int = 0
    """The enquirer said yes, and nothing else since."""
    assumed: int = 0
    """No word for the set number of working days."""
    taken_back: int = 0
    """The enquirer said no, asked for a person, or wrote again."""

    @property
    def waiting(self) -> int:
        """Sent too lately to assume anything."""
        return self.sent - self.confirmed - self.assumed - self.taken_back

    def share(self, number: int) -> float | None:
        """This number as a part of all answers, 0 to 1; None where there were none."""
        return number / self.sent if self.sent else None

    def as_dict(self) -> dict[str, int]:
        """The numbers by name."""
        return {
            "sent": self.sent,
            "confirmed": self.confirmed,
            "assumed": self.assumed,
            "taken_back": self.taken_back,
            "waiting": self.waiting,
        }


async def answers(unit: Unit, period: Period, *, assumed_days: int) -> Answers:
    """How the answers written in the period did, of those that were sent, as it is known now."""
    silent_since = working_days_before(await unit.now(), assumed_days)
    each = (await _each(unit, period.whole)).subquery("each")
    quiet = and_(not_(each.c.taken_back), not_(each.c.helped))
    row = await unit.session.execute(
        select(
            func.count(),
            _number(and_(each.c.helped, not_(each.c.taken_back))),
            _number(and_(quiet, each.c.sent_at < silent_since)),
            _number(each.c.taken_back),
        )
    )
    return Answers(*row.one())


async def _each(unit: Unit, span: Span) -> Select[datetime | None, bool, bool]:
    """Each answer with when it was sent, whether it helped, and whether it was taken back."""
    first = await first_since(unit, span.begins)
    # As far past the end as ids and times may differ.
    end = await first_since(unit, span.ends + 2 * OVERLAP)
    said = _said(first, end).subquery("said")
    came_back = select(CaseEvent.id).where(
        CaseEvent.case_id == Case.id,
        CaseEvent.kind.in_(CAME_BACK),
        CaseEvent.at > Outgoing.created_at,
    )
    taken_back = or_(
        said.c.against,
        Case.opened_at > Outgoing.created_at,
        and_(Case.id.is_not(None), came_back.exists()),
    )
    return (
        select(
            Outgoing.sent_at,
            func.coalesce(said.c.helped, False).label("helped"),
            func.coalesce(taken_back, False).label("taken_back"),
        )
        .outerjoin(said, said.c.outgoing_id == Outgoing.id)
        .outerjoin(Case, Case.enquiry_id == Outgoing.enquiry_id)
        .where(
            Outgoing.id >= first,
            Outgoing.id < end,
            Outgoing.created_at >= span.begins,
            Outgoing.created_at < span.ends,
            Outgoing.kind == "answer",
            Outgoing.sent_at.is_not(None),
        )
    )


def _said(first: int, end: int) -> Select[int, bool, bool]:
    return (
        select(
            Feedback.outgoing_id,
            func.bool_or(Feedback.said == Said.YES).label("helped"),
            func.bool_or(Feedback.said != Said.YES).label("against"),
        )
        .where(Feedback.outgoing_id >= first, Feedback.outgoing_id < end)
        .group_by(Feedback.outgoing_id)
    )


def working_days_before(now: datetime, days: int) -> datetime:
    """The moment so many days from Monday to Friday before now, as London's clocks have it.

    Nothing passes on Saturday and Sunday. Bank holidays pass like other days.
    """
    moment = now.astimezone(LONDON)
    if moment.weekday() >= SATURDAY:
        saturday = moment.date() - DAY * (moment.weekday() - SATURDAY)
        moment = datetime.combine(saturday, time.min, LONDON)
    while days:
        moment -= DAY
        days -= moment.weekday() < SATURDAY
    return moment


def _number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count().filter(condition)
