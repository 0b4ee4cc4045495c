"""What is done to a case: each action is one function, and one transaction.

It checks the officer and the version that they saw, looks the action up in the table of
`handlers.case_life`, writes an event, and queues what follows (a reply, the new card).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from handlers.case_life import (
    ENDS_SNOOZE,
    MERGED,
    NO_LONGER_OFFERED,
    PARTICIPLES,
    PAST_TENSE,
    RESOLUTIONS,
    TRANSITIONS,
    Action,
)
from handlers.errors import NotAllowed, StaleCase, UnknownCase
from handlers.notices import draw_card
from handlers.tables import Case, CaseEvent, CaseState
from handlers.unit import Unit
from knowledge.topics import Topic
from triage.decision import EnquiryType, Route


@dataclass(frozen=True, slots=True)
class Officer:
    """Who acts. `may_act` is decided where people sign in (a Slack usergroup, say)."""

    id: str
    name: str
    may_act: bool
    leads: bool = False
    """Whether they may switch modes and release the brake."""


BOT = Officer(id="triagebot", name="triagebot", may_act=True)
"""Who does what nobody pressed."""


@dataclass(frozen=True, slots=True)
class Press:
    """One action as it arrives: on which case, drawn at which version, by whom."""

    case_id: int
    version: int
    officer: Officer


async def claim(unit: Unit, press: Press) -> Case:
    """Make the officer the case's owner, also where another owned it."""
    case = await begin(unit, press, Action.CLAIM)
    if case.officer == press.officer.id:
        raise NotAllowed("You own this case already.")
    before = case.officer_name
    case.officer, case.officer_name = press.officer.id, press.officer.name
    await advance(unit, case, Action.CLAIM, press.officer, {"from": before})
    return case


async def reclassify(
    unit: Unit,
    press: Press,
    types: Sequence[EnquiryType],
    *,
    route: Route | None = None,
    topics: Sequence[Topic] = (),
) -> Case:
    """Correct the case's types; what they were stays in the event.

    With them is kept which way it should have gone, and on which topics an answer could rest.
    """
    case = await begin(unit, press, Action.RECLASSIFY)
    if not types:
        raise NotAllowed("A case needs at least one type.")
    detail: dict[str, Any] = {"from": case.types, "to": [str(one) for one in types]}
    detail |= {"route": str(route)} if route else {}
    detail |= {"topics": [str(one) for one in topics]} if topics else {}
    case.types = [str(one) for one in types]
    await advance(unit, case, Action.RECLASSIFY, press.officer, detail)
    return case


async def resolve(unit: Unit, press: Press, resolution: str) -> Case:
    """End the case with one of the reasons of `RESOLUTIONS`."""
    case = await begin(unit, press, Action.RESOLVE)
    if resolution not in RESOLUTIONS:
        raise NotAllowed("Please choose one of the listed reasons.")
    await end(unit, case, resolution)
    await advance(unit, case, Action.RESOLVE, press.officer, {"resolution": resolution})
    return case


async def reopen(unit: Unit, press: Press) -> Case:
    """Take a resolved case up again."""
    case = await begin(unit, press, Action.REOPEN)
    case.resolution, case.resolved_at = None, None
    await advance(unit, case, Action.REOPEN, press.officer, {})
    return case


async def end(unit: Unit, case: Case, resolution: str) -> None:
    """Note why and when the case ends; `advance` does the rest."""
    case.resolution, case.resolved_at = resolution, await unit.now()


async def reply_begins(unit: Unit, case: Case, officer: Officer) -> None:
    """Note the first reply, and make an unclaimed case the officer's."""
    if case.officer is None:
        case.officer, case.officer_name = officer.id, officer.name
    if case.first_reply_at is None:
        case.first_reply_at = await unit.now()


async def begin(unit: Unit, press: Press, action: Action, *, any_version: bool = False) -> Case:
    """The case, locked, if this officer may do this to the version that they saw.

    With `any_version` also to a later one.

    Raises UnknownCase, StaleCase or NotAllowed.
    """
    if not press.officer.may_act:
        raise NotAllowed("Only case officers can work on cases.")
    row = await unit.session.execute(select(Case).where(Case.id == press.case_id).with_for_update())
    case = row.scalar_one_or_none()
    if case is None:
        raise UnknownCase(press.case_id)
    if case.version != press.version and not any_version:
        raise StaleCase(await _latest_change(unit, case))
    if case.resolution == MERGED:
        raise NotAllowed("It was merged into another case, which holds its messages now.")
    if (CaseState(case.state), action) not in TRANSITIONS:
        raise NotAllowed(f"A case that is {case.state} cannot be {PARTICIPLES[action]}.")
    return case


async def advance(
    unit: Unit, case: Case, action: Action, actor: Officer, detail: dict[str, Any]
) -> None:
    """Write the event, move the state by the table, and have the card drawn anew."""
    case.state = TRANSITIONS[CaseState(case.state), action]
    case.version += 1
    if action in NO_LONGER_OFFERED:
        case.answer = None
    if action in ENDS_SNOOZE:
        case.snoozed_until = None
    await record(unit, case, action, actor, detail)
    await draw_card(unit, case)


async def record(unit: Unit, case: Case, kind: str, actor: Officer, detail: dict[str, Any]) -> None:
    """Add an event at the case's present version."""
    unit.session.add(
        CaseEvent(
            case_id=case.id,
            version=case.version,
            kind=kind,
            actor=actor.id,
            actor_name=actor.name,
            detail=detail,
        )
    )
    await unit.session.flush()


async def _latest_change(unit: Unit, case: Case) -> str:
    row = await unit.session.execute(
        select(CaseEvent)
        .where(CaseEvent.case_id == case.id)
        .order_by(CaseEvent.version.desc())
        .limit(1)
    )
    event = row.scalar_one()
    return f"{event.actor_name} {PAST_TENSE.get(event.kind, event.kind)}"
