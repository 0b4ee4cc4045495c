"""How things stand now: open cases by age, what waits to be read or sent, what went wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Integer,
    Interval,
    cast,
    extract,
    func,
    literal_column,
    select,
    text,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import ARRAY, array
from sqlalchemy.orm import InstrumentedAttribute

from handlers.drift import drifting
from handlers.tables import Case, CaseState, Inbound, Outgoing, OutgoingState
from handlers.unit import Unit

AGES = ("under 1 day", "1-2 days", "3-5 days", "6-10 days", "over 10 days")
"""Completed periods of 24 hours since the case was opened."""

AGE_BORDERS = (1, 3, 6, 11)
OPEN_STATES = (CaseState.NEW, CaseState.OPEN, CaseState.WAITING)
UNSENT_STATES = (
    OutgoingState.READY,
    OutgoingState.SENDING,
    OutgoingState.HELD,
    OutgoingState.FAILED,
)
DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Standing:
    """What is open or unfinished at this moment."""

    open_cases: Mapping[tuple[str, CaseState], int]
    """By age and state; each pair is there."""
    unsent: Mapping[OutgoingState, int]
    """Mails and Slack posts that have not left, by state; each state is there."""
    unread: int
    """Messages accepted and not yet triaged."""
    set_aside: int
    """Messages that failed three times; the raw copy is kept."""
    oldest_unread: timedelta | None
    oldest_ready: timedelta | None
    """How long the oldest has waited, to be triaged and to be sent."""
    drifting: bool
    """Recent messages differ from the calibration messages, so answers wait for approval."""

    @property
    def open_total(self) -> int:
        """All cases that are not resolved."""
        return sum(self.open_cases.values())

    @property
    def needs_a_person(self) -> bool:
        """Whether something went wrong that only a person can put right."""
        held, failed = self.unsent[OutgoingState.HELD], self.unsent[OutgoingState.FAILED]
        return bool(held or failed or self.set_aside)


async def standing(unit: Unit) -> Standing:
    """Count what is open or unfinished; time is the database's."""
    unread, set_aside, oldest_unread = await _intake(unit)
    unsent, oldest_ready = await _delivery(unit)
    return Standing(
        open_cases=await _open_cases(unit),
        unsent=unsent,
        unread=unread,
        set_aside=set_aside,
        oldest_unread=oldest_unread,
        oldest_ready=oldest_ready,
        drifting=await drifting(unit),
    )


async def is_reachable(unit: Unit) -> bool:
    """Whether the database answers; the unit raises where it does not."""
    return (await unit.session.execute(text("SELECT true"))).scalar_one() is True


async def _open_cases(unit: Unit) -> dict[tuple[str, CaseState], int]:
    days = func.floor(extract("epoch", func.now() - Case.opened_at) / DAY_SECONDS)
    borders = cast(array(AGE_BORDERS), ARRAY(Integer))
    age = func.width_bucket(cast(days, Integer), borders)
    rows = await unit.session.execute(
        select(age, Case.state, func.count())
        .where(Case.state.in_(OPEN_STATES))
        .group_by(age, Case.state)
    )
    counts = {(AGES[place], CaseState(state)): number for place, state, number in rows}
    return {(age, state): counts.get((age, state), 0) for age in AGES for state in OPEN_STATES}


async def _intake(unit: Unit) -> tuple[int, int, timedelta | None]:
    """Unread, set aside, and the age of the oldest unread.

    The conditions are spelt as in the partial indexes, so that a plan without values fits too.
    """
    unread = await unit.session.execute(
        select(func.count(), _since(Inbound.received_at)).where(
            Inbound.state == literal_column("'new'")
        )
    )
    number, oldest = unread.one()
    aside = await unit.session.execute(
        select(func.count()).where(Inbound.state == literal_column("'set_aside'"))
    )
    return number, aside.scalar_one(), oldest


async def _delivery(unit: Unit) -> tuple[dict[OutgoingState, int], timedelta | None]:
    rows = await unit.session.execute(
        select(Outgoing.state, func.count(), _since(Outgoing.created_at))
        .where(Outgoing.sent_at.is_(None))
        .group_by(Outgoing.state)
    )
    found = {OutgoingState(state): (number, oldest) for state, number, oldest in rows}
    counts = {state: found.get(state, (0, None))[0] for state in UNSENT_STATES}
    return counts, found.get(OutgoingState.READY, (0, None))[1]


def _since(column: InstrumentedAttribute[datetime]) -> ColumnElement[timedelta | None]:
    """How long ago the first of these times was; NULL of none."""
    return type_coerce(func.now() - func.min(column), Interval())
