"""Officers who are away, until which day: they are given no case, and what comes in goes to others.

A day is one of the service's own time zone; the last day of an absence is a day away.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from handlers.case_tables import OfficerAbsence
from handlers.cases import Officer
from handlers.errors import NotAllowed
from handlers.periods import LONDON
from handlers.unit import Unit

LONGEST_DAYS = 400


@dataclass(frozen=True, slots=True)
class Absence:
    """Who is away, and the last day of it."""

    officer: str
    name: str
    until: date


async def go_away(unit: Unit, officer: Officer, until: date, by: Officer) -> None:
    """Keep that an officer is away up to a day. Raises NotAllowed."""
    if not (officer.may_act and by.may_act):
        raise NotAllowed("Only case officers are away.")
    if officer.id != by.id and not by.leads:
        raise NotAllowed("Only a lead can say that somebody else is away.")
    today = await _today(unit)
    if until < today:
        raise NotAllowed("That day is over; please name the last day of the absence.")
    if (until - today).days > LONGEST_DAYS:
        raise NotAllowed(f"An absence has at most {LONGEST_DAYS} days.")
    values = {"officer_name": officer.name, "until": until, "set_by": by.name, "at": func.now()}
    await unit.session.execute(
        insert(OfficerAbsence)
        .values(officer=officer.id, **values)
        .on_conflict_do_update(index_elements=[OfficerAbsence.officer], set_=values)
    )


async def come_back(unit: Unit, officer: Officer) -> bool:
    """Keep that an officer is there again; False where they were not away."""
    gone = await unit.session.execute(
        delete(OfficerAbsence)
        .where(OfficerAbsence.officer == officer.id)
        .returning(OfficerAbsence.officer)
    )
    return gone.scalar_one_or_none() is not None


async def absences(unit: Unit) -> list[Absence]:
    """Who is away today, by name."""
    rows = await unit.session.execute(
        select(OfficerAbsence.officer, OfficerAbsence.officer_name, OfficerAbsence.until)
        .where(OfficerAbsence.until >= await _today(unit))
        .order_by(OfficerAbsence.officer_name)
    )
    return [Absence(*row) for row in rows]


async def absent_now(unit: Unit) -> frozenset[str]:
    """The ids of those who are away."""
    return frozenset(one.officer for one in await absences(unit))


async def _today(unit: Unit) -> date:
    return (await unit.now()).astimezone(LONDON).date()
