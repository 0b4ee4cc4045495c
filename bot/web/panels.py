"""The dashboard's panels: each a drawing, and under it the same numbers in a table."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, ParamSpec
from urllib.parse import urlencode

from markupsafe import Markup

from bot.web import words
from bot.web.charts import Bars, Series, across, over_time
from bot.web.figures import Figures
from handlers.metrics import OUTCOMES, By, Row
from handlers.periods import Period
from handlers.standing import AGES, Standing

P = ParamSpec("P")
PanelId = Literal["time", "type", "route", "ages"]


@dataclass(frozen=True, slots=True)
class Panel:
    """What one chart shows; its title and notes stand in the template, under its id."""

    id: PanelId
    drawing: Markup
    heads: Sequence[str]
    lines: Sequence[Sequence[str]]
    csv: str | None = None
    """Where the numbers can be had as CSV."""


async def volumes(figures: Figures, period: Period) -> list[Panel]:
    """Messages over time, by type and by route; nothing where there were no messages."""
    if not figures.summary.total.messages:
        return []
    return [
        Panel(
            "time",
            await _drawn(over_time, _by_outcome(figures.over_time, {}), figures.step),
            *_table(figures.over_time, str(figures.step).capitalize(), {}),
            _csv(By(figures.step), period),
        ),
        Panel(
            "type",
            await _drawn(across, _by_outcome(figures.types, words.TYPES)),
            *_table(figures.types, "Type", words.TYPES),
            _csv(By.TYPE, period),
        ),
        Panel(
            "route",
            await _drawn(across, _by_outcome(figures.routes, words.ROUTES)),
            *_table(figures.routes, "Route", words.ROUTES),
            _csv(By.ROUTE, period),
        ),
    ]


async def open_cases(standing: Standing) -> Panel | None:
    """Open cases by age and state; None where none is open."""
    if not standing.open_total:
        return None
    series = tuple(
        Series(label, colour, tuple(standing.open_cases[age, state] for age in AGES))
        for state, (label, colour) in words.CASE_STATES.items()
    )
    ages = tuple(age.capitalize() for age in AGES)
    lines = [
        (age, *(f"{one.numbers[place]:,}" for one in series)) for place, age in enumerate(AGES)
    ]
    return Panel(
        "ages",
        await _drawn(across, Bars(ages, series, "Cases")),
        ("Age", *(one.label for one in series)),
        lines,
    )


def _by_outcome(rows: Sequence[Row], labels: Mapping[str, str]) -> Bars:
    """Only outcomes that occurred are drawn, so that the legend names what can be seen."""
    counts = {name: tuple(row.of(name) for row in rows) for name in OUTCOMES}
    series = tuple(
        Series(*words.OUTCOMES[name], numbers) for name, numbers in counts.items() if any(numbers)
    )
    keys = (row.keys[0] for row in rows)
    return Bars(tuple(labels.get(key, key) for key in keys), series, "Messages")


def _table(
    rows: Sequence[Row], key: str, labels: Mapping[str, str]
) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
    heads = (key, "Messages", *(words.OUTCOMES[name][0] for name in OUTCOMES), "Share answered")
    lines = [
        (
            labels.get(row.keys[0], row.keys[0]),
            f"{row.messages:,}",
            *(f"{row.of(name):,}" for name in OUTCOMES),
            words.share(row.share_answered),
        )
        for row in rows
    ]
    return heads, lines


def _csv(by: By, period: Period) -> str:
    query = {"by": str(by), "from": period.first.isoformat(), "to": period.last.isoformat()}
    return f"/volumes.csv?{urlencode(query)}"


async def _drawn(draw: Callable[P, str], *args: P.args, **kwargs: P.kwargs) -> Markup:
    """Draw in a thread: it computes for a tenth of a second, and the loop has mail to take."""
    svg = await asyncio.to_thread(draw, *args, **kwargs)
    return Markup(svg)  # noqa: S704  drawn by us, from numbers and our own words
