"""When a case is to be worked on: its priority, and snoozing it until a time."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from handlers.case_life import Action
from handlers.case_tables import Priority
from handlers.cases import BOT, Press, advance, begin
from handlers.errors import NotAllowed
from handlers.notices import note_case
from handlers.tables import Case, CaseEvent
from handlers.unit import Unit

LONGEST_SNOOZE = timedelta(days=366)
AT_ONCE = 100
"""Cases that come back in one transaction."""


async def set_priority(unit: Unit, press: Press, priority: Priority) -> Case:
    """Have the case worked on sooner or later than others. Raises NotAllowed."""
    case = await begin(unit, press, Action.SET_PRIORITY)
    if case.priority == priority:
        raise NotAllowed(f"Its priority is {priority} already.")
    detail = {"from": case.priority, "to": str(priority)}
    case.priority = priority
    await advance(unit, case, Action.SET_PRIORITY, press.officer, detail)
    return case


async def snooze(unit: Unit, press: Press, until: datetime) -> Case:
    """Put the case aside until a time, or until its enquirer writes. Raises NotAllowed."""
    case = await begin(unit, press, Action.SNOOZE)
    now = await unit.now()
    if until <= now:
        raise NotAllowed("That time is over; please choose a later one.")
    if until > now + LONGEST_SNOOZE:
        raise NotAllowed("A case can be snoozed for a year at most.")
    case.snoozed_until = until
    await advance(unit, case, Action.SNOOZE, press.officer, {"until": until.isoformat()})
    return case


async def wake(unit: Unit, press: Press) -> Case:
    """Bring a snoozed case back before its time. Raises NotAllowed."""
    case = await begin(unit, press, Action.WAKE)
    if case.snoozed_until is None:
        raise NotAllowed("It is not snoozed.")
    await advance(unit, case, Action.WAKE, press.officer, {})
    return case


async def wake_due(unit: Unit) -> int:
    """Bring back the cases whose time has come, and tell their owners; returns how many.

    Of two workers that do it at once each takes other cases.
    """
    rows = await unit.session.execute(
        select(Case)
        .where(Case.snoozed_until <= func.now())
        .order_by(Case.snoozed_until)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    due = list(rows.scalars())
    for case in due:
        by = await _who_snoozed(unit, case)
        await advance(unit, case, Action.WAKE, BOT, {"snoozed_by": by})
        await note_case(unit, case, "wake", by=by, to=case.officer)
    return len(due)


async def _who_snoozed(unit: Unit, case: Case) -> str:
    row = await unit.session.execute(
        select(CaseEvent.actor_name)
        .where(CaseEvent.case_id == case.id, CaseEvent.kind == Action.SNOOZE)
        .order_by(CaseEvent.version.desc())
        .limit(1)
    )
    return row.scalar_one_or_none() or BOT.name
