"""New cases given to officers by themselves: by type, language, absence, and load or turn."""

from collections.abc import Collection

from sqlalchemy import func, select, text

from handlers.absences import absent_now
from handlers.case_life import Action
from handlers.cases import BOT, advance
from handlers.notices import CaseNote, note_case
from handlers.roster import Assigning, Roster, RosterOfficer
from handlers.tables import Case, CaseEvent, CaseState
from handlers.unit import Unit

ONE_AT_A_TIME = 7_214_035_119
"""The advisory lock under which one is chosen: two cases at once must not have the same turn."""


async def assign_new(unit: Unit, case: Case, roster: Roster) -> None:
    """Give a new case to whoever is next, and tell them; it stays unclaimed where nobody fits."""
    chosen = await choose(unit, case, roster)
    if chosen is not None:
        await _give(unit, case, chosen, Action.ASSIGN, "")


async def relieve(unit: Unit, case: Case, roster: Roster) -> bool:
    """Give a case of somebody who is away to another; False where nobody fits."""
    chosen = await choose(unit, case, roster, besides={case.officer})
    if chosen is None:
        return False
    await _give(unit, case, chosen, Action.HAND_OVER, f"{case.officer_name} is away.")
    return True


async def relieve_if_away(unit: Unit, case: Case, roster: Roster) -> None:
    """The same where the owner is away at this moment."""
    if case.officer is not None and case.officer in await absent_now(unit):
        await relieve(unit, case, roster)


async def hand_over_all(unit: Unit, officer: str, roster: Roster) -> tuple[int, int]:
    """Give the cases on which an officer has something to do to others.

    Gives how many went, and how many stay since nobody fits; those that wait for their enquirer
    stay until they write.
    """
    rows = await unit.session.execute(
        select(Case)
        .where(Case.officer == officer, Case.state == CaseState.OPEN)
        .order_by(Case.id)
        .with_for_update()
    )
    went = [await relieve(unit, case, roster) for case in rows.scalars().all()]
    return sum(went), len(went) - sum(went)


async def choose(
    unit: Unit, case: Case, roster: Roster, *, besides: Collection[str | None] = ()
) -> RosterOfficer | None:
    """Whose turn it is; None where nobody on the roster fits and is there."""
    takers = roster.takers(case.types, {str(one.get("rule")) for one in case.reasons})
    if not takers:
        return None
    await unit.session.execute(select(func.pg_advisory_xact_lock(ONE_AT_A_TIME)))
    away = await absent_now(unit)
    there = {one.id: one for one in takers if one.id not in away and one.id not in besides}
    if not there:
        return None
    turns = await _last_given(unit, list(there))
    to_do = await _to_do(unit, list(there)) if roster.how is Assigning.LOAD else {}
    order = list(there)
    return there[
        min(order, key=lambda one: (to_do.get(one, 0), turns.get(one, 0), order.index(one)))
    ]


async def _to_do(unit: Unit, officers: list[str]) -> dict[str, int]:
    """How many cases each has to do something about."""
    rows = await unit.session.execute(
        select(Case.officer, func.count())
        .where(Case.officer.in_(officers), Case.state == CaseState.OPEN)
        .group_by(Case.officer)
    )
    return {str(officer): number for officer, number in rows}


async def _last_given(unit: Unit, officers: list[str]) -> dict[str, int]:
    """The number of the event by which each was given a case last."""
    to = CaseEvent.detail["to"].astext
    rows = await unit.session.execute(
        select(to, func.max(CaseEvent.id))
        .where(
            CaseEvent.actor == BOT.id,
            CaseEvent.kind.in_((Action.ASSIGN, Action.HAND_OVER)),
            to.in_(officers),
            CaseEvent.at > func.now() - text("interval '90 days'"),
        )
        .group_by(to)
    )
    return {str(officer): number for officer, number in rows}


async def _give(unit: Unit, case: Case, to: RosterOfficer, action: Action, note: str) -> None:
    detail = {"from": case.officer_name, "to": to.id, "to_name": to.name}
    case.officer, case.officer_name = to.id, to.name
    await advance(unit, case, action, BOT, {**detail, **({"note": note} if note else {})})
    said: CaseNote = "assign" if action is Action.ASSIGN else "hand_over"
    await note_case(unit, case, said, by=BOT.name, to=to.id, text=note)
