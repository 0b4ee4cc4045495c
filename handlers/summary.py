"""A period in a dozen figures: totals, how long decisions took, how long people waited."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Integer, cast, func, select
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql import ColumnElement

from handlers.metrics import OUTCOMES, Row
from handlers.periods import Period, Span
from handlers.standing import Standing, standing
from handlers.tables import IMPORT, Case, StoredDecision
from handlers.unit import Unit

TENTHS = 10
"""Milliseconds are counted in tenths: exact enough, and a few hundred groups to sort."""

SET_ASIDE = "set_aside"
"""These were never decided by triage: they count, but took no time."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What happened in the period, and how things stand now."""

    period: Period
    total: Row
    median_ms: float | None
    """Time that a decision took, in milliseconds, cut to a tenth."""
    p95_ms: float | None
    cases_opened: int
    cases_replied: int
    """Of those, how many an officer has written to."""
    first_reply: timedelta | None
    """Median from the case's opening to the officer's first reply, in whole minutes."""
    standing: Standing

    def share(self, number: int) -> float | None:
        """This number as a part of all messages, 0 to 1; None where there were none."""
        return number / self.total.messages if self.total.messages else None


async def summary(unit: Unit, period: Period) -> Summary:
    """The period's totals, the times that decisions and first replies took, and the present."""
    outcomes, times = await _decided(unit, period.whole)
    minutes, opened = await _first_replies(unit, period.whole)
    wait = percentile(minutes.items(), 0.5)
    return Summary(
        period=period,
        total=Row((), sum(outcomes.values()), *(outcomes.get(name, 0) for name in OUTCOMES)),
        median_ms=percentile(times.items(), 0.5),
        p95_ms=percentile(times.items(), 0.95),
        cases_opened=opened,
        cases_replied=sum(minutes.values()),
        first_reply=None if wait is None else timedelta(minutes=wait),
        standing=await standing(unit),
    )


def percentile(counts: Iterable[tuple[float, int]], share: float) -> float | None:
    """The least value that at least this share of all values does not exceed (nearest rank)."""
    ordered = sorted(counts)
    rank = share * sum(number for _, number in ordered)
    passed = 0
    for value, number in ordered:
        passed += number
        if passed >= rank:
            return value
    return None


async def _decided(unit: Unit, whole: Span) -> tuple[dict[str, int], dict[float, int]]:
    """Decisions by outcome, and by the time that they took."""
    tenths = cast(func.floor(StoredDecision.milliseconds * TENTHS), Integer).label("tenths")
    rows = await unit.session.execute(
        select(StoredDecision.outcome, tenths, func.count())
        .where(_within(StoredDecision.decided_at, whole), StoredDecision.channel != IMPORT)
        .group_by(StoredDecision.outcome, "tenths")
    )
    outcomes: dict[str, int] = {}
    times: dict[float, int] = {}
    for outcome, tenth, number in rows:
        outcomes[outcome] = outcomes.get(outcome, 0) + number
        if outcome != SET_ASIDE:
            times[tenth / TENTHS] = times.get(tenth / TENTHS, 0) + number
    return outcomes, times


async def _first_replies(unit: Unit, whole: Span) -> tuple[dict[float, int], int]:
    """Cases opened in the span: how many had a first reply after so many minutes, and all."""
    # `date_part`, not `extract`, which counts in decimals and takes twice as long.
    seconds = func.date_part("epoch", Case.first_reply_at - Case.opened_at)
    minute = cast(func.floor(seconds / 60), Integer).label("minute")
    rows = await unit.session.execute(
        select(minute, func.count()).where(_within(Case.opened_at, whole)).group_by("minute")
    )
    counts: dict[int | None, int] = dict(iter(rows))
    replied = {float(wait): number for wait, number in counts.items() if wait is not None}
    return replied, sum(counts.values())


def _within(column: InstrumentedAttribute[datetime], span: Span) -> ColumnElement[bool]:
    return (column >= span.begins) & (column < span.ends)
