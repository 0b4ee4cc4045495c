"""Who read a whole message, identifiers and all: kept as events of the case, which stays as it is.

An action of an officer raises a case's version, so that whoever saw the older one is refused. A
reading changes nothing and must refuse nobody, so readings count downwards from -1.
"""

from typing import Final

from sqlalchemy import func, select

from handlers.cases import Officer
from handlers.errors import NotAllowed, UnknownCase
from handlers.tables import Case, CaseEvent
from handlers.unit import Unit

READ_WHOLE: Final = "read_whole"


async def note_reading(unit: Unit, case_id: int, officer: Officer) -> None:
    """Keep that an officer was shown the whole message, before they are. Raises UnknownCase.

    Raises NotAllowed for somebody who is no case officer.
    """
    if not officer.may_act:
        raise NotAllowed("Only case officers can read whole messages.")
    # Locked, so that two who read at once are counted one after the other.
    row = await unit.session.execute(select(Case.id).where(Case.id == case_id).with_for_update())
    if row.scalar_one_or_none() is None:
        raise UnknownCase(case_id)
    lowest = await unit.session.execute(
        select(func.min(CaseEvent.version)).where(CaseEvent.case_id == case_id)
    )
    unit.session.add(
        CaseEvent(
            case_id=case_id,
            version=min(lowest.scalar_one() or 0, 0) - 1,
            kind=READ_WHOLE,
            actor=officer.id,
            actor_name=officer.name,
            detail={},
        )
    )
    await unit.session.flush()
