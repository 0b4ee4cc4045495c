"""All that the dashboard shows, read from the database: nothing on the page is made up."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from handlers.feedback_figures import Answers, answers
from handlers.metrics import Overview, Row, overview
from handlers.periods import Period, Step
from handlers.summary import Summary, summary
from handlers.unit import Store

DAYS_AT_MOST = 92
WEEKS_AT_MOST = 550
"""Up to so many days, bars are days, or weeks; beyond that, months."""


@dataclass(frozen=True, slots=True)
class Figures:
    """One period's counts and summary."""

    step: Step
    over_time: Sequence[Row]
    types: Sequence[Row]
    routes: Sequence[Row]
    summary: Summary
    answers: Answers


def step_of(period: Period) -> Step:
    """Days, weeks or months: what makes bars that can be told apart."""
    if period.days <= DAYS_AT_MOST:
        return Step.DAY
    return Step.WEEK if period.days <= WEEKS_AT_MOST else Step.MONTH


async def read(store: Store, period: Period, *, assumed_days: int) -> Figures:
    """Read them on three connections at once, which shortens the wait on a million decisions."""
    step = step_of(period)
    volumes, totals, how = await asyncio.gather(
        _volumes(store, period, step),
        _totals(store, period),
        _answers(store, period, assumed_days),
    )
    return Figures(step, volumes.over_time, volumes.types, volumes.routes, totals, how)


async def _volumes(store: Store, period: Period, step: Step) -> Overview:
    async with store.unit() as unit:
        return await overview(unit, period, step)


async def _totals(store: Store, period: Period) -> Summary:
    async with store.unit() as unit:
        return await summary(unit, period)


async def _answers(store: Store, period: Period, assumed_days: int) -> Answers:
    async with store.unit() as unit:
        return await answers(unit, period, assumed_days=assumed_days)
