"""Who has how much to do: what a lead looks at before handing out work."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from handlers.case_life import UNRESOLVED
from handlers.tables import Case, CaseState
from handlers.unit import Unit


@dataclass(frozen=True, slots=True)
class Load:
    """The open cases of one officer, or those that nobody owns."""

    officer_name: str | None
    to_do: int
    waiting: int
    """Of the enquirer something is awaited."""
    oldest: datetime
    """When the oldest of all of them was opened."""


async def load(unit: Unit, *, limit: int) -> list[Load]:
    """What nobody owns first, then the officers with the most to do."""
    waits = Case.state == CaseState.WAITING
    to_do = func.count().filter(~waits)
    rows = await unit.session.execute(
        select(
            func.max(Case.officer_name),
            to_do,
            func.count().filter(waits),
            func.min(Case.opened_at),
        )
        .where(Case.state.in_(UNRESOLVED))
        .group_by(Case.officer)
        .order_by(Case.officer.is_(None).desc(), to_do.desc())
        .limit(limit)
    )
    return [Load(*row) for row in rows]
