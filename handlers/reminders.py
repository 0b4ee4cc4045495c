"""Reminders before a clock runs out, and escalation after it: each once for a case and clock.

What was told is known by the key of the effect that tells it. So nothing is told twice, whichever
worker looks and however often, and nothing of it need be stored beside.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from handlers.absences import absent_now
from handlers.clock_reading import history_columns, history_of
from handlers.clock_words import TITLES, day, due_day, moment
from handlers.clocks import Clock, ClockName, ClockState, clocks
from handlers.outbox import Effect, send_later
from handlers.statutes import by_law
from handlers.tables import Case, CaseState, Enquiry, Outgoing
from handlers.targets import ClockRules
from handlers.unit import Unit
from handlers.working_time import DAY, NOTHING

KIND = "clock_note"
IN_THREAD = "thread"
CASES_CHANNEL = "cases"
"""Where leads are told, as long as no channel or person is set for it."""
LATE_NEWS_DAYS = 5
"""Working days for which being late is news. What has been late for longer when it is first looked
at, after an upgrade say, would flood the channel; it stands in the lists."""
PAGE = 500
"""Cases that are read at once."""


class Stage(StrEnum):
    """How far a clock has come."""

    SOON = "soon"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Reminding:
    """When officers are reminded, and who hears of what is late."""

    at_percent: int = 75
    """Part of a target that has passed when the officer is reminded."""
    statutory_days: int = 5
    """Working days before the end of a statutory clock on which the officer is reminded."""
    leads: Sequence[str] = ()
    """Ids of the Slack channels and people that are told; none is the cases channel."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose a case is, by id and name, and its reference."""

    officer: str | None
    officer_name: str | None
    reference: str


@dataclass(frozen=True, slots=True)
class Look:
    """One look at all clocks, at one moment."""

    rules: ClockRules
    how: Reminding
    now: datetime

    async def remind(self, unit: Unit, *, after: int = 0) -> tuple[int | None, int]:
        """Tell what is due soon or late of the next cases after the one with number `after`.

        Gives the last case's number, None where none is left, and how many notes were written.
        """
        rows = await unit.session.execute(
            select(*history_columns(), Case.enquiry_id, Case.officer)
            .where(Case.id > after, Case.state != CaseState.RESOLVED)
            .order_by(Case.id)
            .limit(PAGE)
        )
        found = list(rows.mappings())
        told = await _told(unit, [row["enquiry_id"] for row in found])
        away = await absent_now(unit)
        notes = [
            effect
            for row in found
            for clock in clocks(history_of(row), self.rules, self.now)
            for effect in self._notes(row, clock, away)
            if effect.key not in told
        ]
        for effect in notes:
            await send_later(unit, effect)
            if effect.recipient == IN_THREAD:
                await send_later(unit, _redrawing(effect))
        return (found[-1]["id"] if len(found) == PAGE else None), len(notes)

    def stage(self, clock: Clock) -> Stage | None:
        """What there is to tell of a clock; nothing where it stands still or is over."""
        if clock.is_over or clock.due is None:
            return None
        if clock.state is ClockState.LATE:
            day = self.rules.hours.day
            since = self.rules.hours.between(clock.due, self.now)
            return Stage.LATE if since <= day * LATE_NEWS_DAYS else None
        return Stage.SOON if self._is_soon(clock) else None

    def _is_soon(self, clock: Clock) -> bool:
        hours = self.rules.hours
        if clock.target is not None:
            given = clock.target.duration(hours)
            return (given - clock.left) * 100 >= given * self.how.at_percent
        last, today = due_day(clock, hours), hours.local(self.now).date()
        if last is None or not self.how.statutory_days:
            return False
        legal = by_law(hours)
        ahead = [today + DAY * number for number in range(1, (last - today).days + 1)]
        return sum(legal.is_working_day(one) for one in ahead) <= self.how.statutory_days

    def _notes(self, row: Mapping[Any, Any], clock: Clock, away: Collection[str]) -> list[Effect]:
        """The note in the thread, and what leads are told: what is late, and what nobody sees to.

        An owner who is away reads no note.
        """
        stage = self.stage(clock)
        if stage is None:
            return []
        leads = list(self.how.leads) or [CASES_CHANNEL]
        tells_leads = stage is Stage.LATE or row["officer"] in {None, *away}
        said = in_words(clock, self.rules)
        return [
            Effect(
                key=f"case:{row['id']}:clock:{clock.name}:{stage}:{place}",
                transport="slack",
                kind=KIND,
                enquiry_id=row["enquiry_id"],
                recipient=place,
                automatic=False,
                payload={
                    "case_id": row["id"],
                    "clock": clock.name,
                    "stage": stage,
                    "place": place,
                    "said": said,
                },
            )
            for place in (IN_THREAD, *(leads if tells_leads else ()))
        ]


def _redrawing(note: Effect) -> Effect:
    """The card drawn anew beside its note, since it tells what is late."""
    return Effect(
        key=f"{note.key}:card",
        transport="slack",
        kind="card",
        enquiry_id=note.enquiry_id,
        recipient="cases",
        automatic=False,
        payload={"case_id": note.payload["case_id"]},
    )


def in_words(clock: Clock, rules: ClockRules) -> str:
    """By when something is or was due; true also where it is read later."""
    last = due_day(clock, rules.hours)
    if clock.due is None or last is None:
        return f"{TITLES[clock.name]} is due, but not while it waits for the enquirer."
    by = f"the end of {day(last)}" if clock.is_statutory else moment(clock.due, rules.hours)
    return f"{TITLES[clock.name]} {'was' if clock.left < NOTHING else 'is'} due by {by}."


async def owner_of_due(unit: Unit, case_id: int, name: ClockName) -> Owner | None:
    """Whose the case is now; None where what the clock waits for has happened meanwhile."""
    row = await unit.session.execute(
        select(Case.officer, Case.officer_name, Enquiry.reference, Case.state, Case.first_reply_at)
        .join(Enquiry, Enquiry.id == Case.enquiry_id)
        .where(Case.id == case_id)
    )
    officer, officer_name, reference, state, first_reply_at = row.one()
    replied = name is ClockName.FIRST_REPLY and first_reply_at is not None
    if replied or state == CaseState.RESOLVED:
        return None
    return Owner(officer, officer_name, reference)


async def _told(unit: Unit, enquiries: Sequence[int]) -> frozenset[str]:
    rows = await unit.session.execute(
        select(Outgoing.key).where(Outgoing.enquiry_id.in_(enquiries), Outgoing.kind == KIND)
    )
    return frozenset(rows.scalars())
