"""All that the dashboard shows, read from the database: nothing on the page is made up."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from handlers.metrics import By, Row, volumes
from handlers.periods import Period
from handlers.summary import Summary, summary
from handlers.unit import Store

DAYS_AT_MOST = 92
WEEKS_AT_MOST = 550
"""Up to so many days, bars are days, or weeks; beyond that, months."""


@dataclass(frozen=True, slots=True)
class Figures:
    """One period's counts and summary."""

    step: By
    over_time: Sequence[Row]
    types: Sequence[Row]
    routes: Sequence[Row]
    summary: Summary


def step_of(period: Period) -> By:
    """Days, weeks or months: what makes bars that can be told apart."""
    if period.days <= DAYS_AT_MOST:
        return By.DAY
    return By.WEEK if period.days <= WEEKS_AT_MOST else By.MONTH


async def read(store: Store, period: Period) -> Figures:
    """Read them on two connections at once, which halves the wait on a million decisions."""
    step = step_of(period)
    (over_time, types), (routes, totals) = await asyncio.gather(
        _times_and_types(store, period, step), _routes_and_summary(store, period)
    )
    return Figures(step, over_time, types, routes, totals)


async def _times_and_types(store: Store, period: Period, step: By) -> tuple[list[Row], list[Row]]:
    async with store.unit() as unit:
        return await volumes(unit, period, (step,)), await volumes(unit, period, (By.TYPE,))


async def _routes_and_summary(store: Store, period: Period) -> tuple[list[Row], Summary]:
    async with store.unit() as unit:
        return await volumes(unit, period, (By.ROUTE,)), await summary(unit, period)
