"""Who is writing a reply at this moment, so that two officers do not write at once."""

from datetime import timedelta

from sqlalchemy import delete, func
from sqlalchemy.dialects.postgresql import insert

from handlers.case_tables import CasePresence
from handlers.cases import Officer
from handlers.notices import draw_card_later
from handlers.tables import Case
from handlers.unit import Unit

WRITING_FOR = timedelta(minutes=5)
"""How long an open reply is believed to be written: Slack does not tell of a window left open."""


async def begins_writing(unit: Unit, case: Case, officer: Officer) -> None:
    """Have the others see that this officer has a reply open. It is no event of the case."""
    until = func.now() + WRITING_FOR
    await unit.session.execute(
        insert(CasePresence)
        .values(case_id=case.id, officer=officer.id, officer_name=officer.name, until=until)
        .on_conflict_do_update(
            index_elements=[CasePresence.case_id, CasePresence.officer],
            set_={"until": until, "officer_name": officer.name},
        )
    )
    await draw_card_later(unit, case, 0)
    await draw_card_later(unit, case, WRITING_FOR.total_seconds() + 1)


async def stops_writing(unit: Unit, case: Case, officer: Officer, *, drawn: bool = True) -> None:
    """They sent it or closed it; with `drawn` the card is drawn anew by whoever calls."""
    row = await unit.session.execute(
        delete(CasePresence)
        .where(CasePresence.case_id == case.id, CasePresence.officer == officer.id)
        .returning(CasePresence.officer)
    )
    if row.scalar_one_or_none() is not None and not drawn:
        await draw_card_later(unit, case, 0)
