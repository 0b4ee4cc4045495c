"""Stacked bars as SVG, drawn on the server, so that the pages need no script.

altair writes the chart and vl-convert draws it: 100 ms in all, and 0.5 s for the first in a
process, so call these in a thread. The last drawings are kept, and an unchanged chart costs
nothing. Text takes the page's own colour, so that it can be read in dark mode.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import altair as alt
import vl_convert

INK = "currentColor"
FONT = "Arial, Helvetica, sans-serif"
DATE_LABELS = {
    "day": "utcFormat(toDate(datum.value + 'T00:00Z'), '%-d %b')",
    "week": "utcFormat(toDate(datum.value + 'T00:00Z'), '%-d %b')",
    "month": "utcFormat(toDate(datum.value + '-01T00:00Z'), '%b %Y')",
}
FIT = alt.AutoSizeParams(type="fit-x", contains="padding")
BAR_HEIGHT = 34
WIDE, NARROW = 890, 426
"""Of the whole drawing, labels included, so that text is as large in each, in CSS pixels."""


@dataclass(frozen=True, slots=True)
class Series:
    """One colour of the stack, with a number for each category."""

    label: str
    colour: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Bars:
    """Categories in order, and the series that are stacked on each."""

    categories: tuple[str, ...]
    series: tuple[Series, ...]
    title: str
    """What the numbers count: the axis's title, such as `Messages`."""


@lru_cache(maxsize=32)
def over_time(bars: Bars, step: str) -> str:
    """Upright bars; the categories are days, weeks or months as periods name them."""
    axis = alt.Axis(
        title=None, labelExpr=DATE_LABELS[step], labelAngle=0, labelOverlap="greedy", labelPadding=6
    )
    chart = _base(bars, legend_columns=5).encode(
        x=alt.X("category:N", sort=None, axis=axis, scale=alt.Scale(paddingInner=0.25)),
        y=alt.Y("number:Q", title=bars.title, axis=_counts()),
    )
    return _draw(chart.properties(width=WIDE, height=260))


@lru_cache(maxsize=64)
def across(bars: Bars) -> str:
    """Lying bars, one below the other, for categories that are words."""
    axis = alt.Axis(title=None, labelPadding=8)
    chart = _base(bars, legend_columns=2).encode(
        y=alt.Y("category:N", sort=None, axis=axis, scale=alt.Scale(paddingInner=0.35)),
        x=alt.X("number:Q", title=bars.title, axis=_counts()),
    )
    return _draw(chart.properties(width=NARROW, height=BAR_HEIGHT * len(bars.categories)))


def _base(bars: Bars, *, legend_columns: int) -> Any:
    values = [
        {"category": category, "series": series.label, "place": place, "number": number}
        for place, series in enumerate(bars.series)
        for category, number in zip(bars.categories, series.numbers, strict=True)
    ]
    colours = alt.Scale(
        domain=[series.label for series in bars.series],
        range=[series.colour for series in bars.series],
    )
    legend = alt.Legend(
        title=None, orient="top", columns=legend_columns, symbolType="square", offset=12
    )
    return (
        alt.Chart(alt.InlineData(values=values))
        .mark_bar()
        .encode(
            color=alt.Color("series:N", scale=colours, legend=legend),
            order=alt.Order("place:Q"),
        )
    )


def _counts() -> Any:
    return alt.Axis(format=",d", tickMinStep=1, tickCount=5, titlePadding=10)


def _draw(chart: Any) -> str:
    styled = (
        chart.configure(background="transparent", font=FONT, aria=False, padding=4, autosize=FIT)
        .configure_axis(
            labelColor=INK,
            titleColor=INK,
            titleFontWeight="normal",
            labelFontSize=12,
            titleFontSize=12,
            domainOpacity=0.4,
            domainColor=INK,
            tickColor=INK,
            tickOpacity=0.4,
            gridColor=INK,
            gridOpacity=0.12,
            labelLimit=240,
        )
        .configure_axisBand(grid=False, ticks=False)
        .configure_legend(labelColor=INK, labelFontSize=12, labelLimit=240)
        .configure_view(stroke=None)
    )
    return str(vl_convert.vegalite_to_svg(styled.to_json(indent=None)))
