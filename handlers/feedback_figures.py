"""How answers did: confirmed by the enquirer, assumed to have helped, or taken back.

Each answer that was sent counts in one place. Taken back wins: the enquirer said no, asked for a
person, or wrote again so that a person read it. Then comes a yes. Silence is no yes: it is
counted apart, and only after some working days.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, not_, or_, select

from handlers.cases import Action
from handlers.knowledge_tables import Feedback, Said
from handlers.periods import LONDON, Period
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
    """How the answers sent in the period did, as it is known now."""
    silent_since = working_days_before(await unit.now(), assumed_days)
    whole = period.whole
    said, back = _said().subquery("said"), _came_back().subquery("back")
    taken_back = func.coalesce(
        or_(
            said.c.against,
            Case.opened_at > Outgoing.created_at,
            back.c.at > Outgoing.created_at,
        ),
        False,
    )
    confirmed = and_(not_(taken_back), func.coalesce(said.c.helped, False))
    assumed = and_(
        not_(taken_back),
        not_(func.coalesce(said.c.helped, False)),
        Outgoing.sent_at < silent_since,
    )
    row = await unit.session.execute(
        select(func.count(), _number(confirmed), _number(assumed), _number(taken_back))
        .select_from(Outgoing)
        .outerjoin(said, said.c.outgoing_id == Outgoing.id)
        .outerjoin(Case, Case.enquiry_id == Outgoing.enquiry_id)
        .outerjoin(back, back.c.case_id == Case.id)
        .where(
            Outgoing.kind == "answer",
            Outgoing.sent_at >= whole.begins,
            Outgoing.sent_at < whole.ends,
        )
    )
    return Answers(*row.one())


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


def _said() -> Select[int, bool, bool]:
    return select(
        Feedback.outgoing_id,
        func.bool_or(Feedback.said == Said.YES).label("helped"),
        func.bool_or(Feedback.said != Said.YES).label("against"),
    ).group_by(Feedback.outgoing_id)


def _came_back() -> Select[int, datetime]:
    """When an enquirer last came back to each case; machines' mail writes no such event."""
    return (
        select(CaseEvent.case_id, func.max(CaseEvent.at).label("at"))
        .where(CaseEvent.kind.in_(CAME_BACK))
        .group_by(CaseEvent.case_id)
    )


def _number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count().filter(condition)
