"""How many messages were decided in a period, by time, type, route and the like.

One scan of one index a question. A period is cut into spans here and PostgreSQL counts within
each span, which leaves it no time-zone arithmetic a row; lists (types, topics, flags) are
counted whole and taken apart afterwards, in thousands of groups and not in millions of rows.
With the covering index `decision_metrics` a million decisions take a fraction of a second.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    TableValuedAlias,
    cast,
    func,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, TIMESTAMP
from sqlalchemy.orm import InstrumentedAttribute

from handlers.periods import MetricsError, Period, Span, Step
from handlers.tables import IMPORT, StoredDecision
from handlers.unit import Unit

Cell = tuple[str, str]
"""A key and an outcome."""

NONE = "none"
"""How a message without any flag, or without any topic, is counted."""

MOST_KEYS = 2

OUTCOMES = ("answered", "case", "joined", "ignored", "set_aside")
"""What was done with a message, in the order of the fields of `Row`."""


class By(StrEnum):
    """What volumes are counted by. Under a type, topic or flag a message counts in each it has."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    TYPE = "type"
    ROUTE = "route"
    OUTCOME = "outcome"
    CHANNEL = "channel"
    TOPIC = "topic"
    FLAG = "flag"


STEPS = {By.DAY: Step.DAY, By.WEEK: Step.WEEK, By.MONTH: Step.MONTH}
WORDS: dict[By, InstrumentedAttribute[str]] = {
    By.ROUTE: StoredDecision.route,
    By.OUTCOME: StoredDecision.outcome,
    By.CHANNEL: StoredDecision.channel,
}
LISTS: dict[By, InstrumentedAttribute[list[str]]] = {
    By.TYPE: StoredDecision.types,
    By.TOPIC: StoredDecision.topics,
    By.FLAG: StoredDecision.flags,
}


@dataclass(frozen=True, slots=True)
class Row:
    """Messages with these keys, in the order asked for, and what was done with them."""

    keys: tuple[str, ...]
    messages: int = 0
    answered: int = 0
    case: int = 0
    """A case was opened."""
    joined: int = 0
    """It went to the enquiry's case, which was open already."""
    ignored: int = 0
    set_aside: int = 0

    def of(self, outcome: str) -> int:
        """How many had this outcome, one of `OUTCOMES`."""
        return dict(zip(OUTCOMES, self.outcomes, strict=True))[outcome]

    @property
    def outcomes(self) -> tuple[int, ...]:
        """The numbers in the order of `OUTCOMES`."""
        return (self.answered, self.case, self.joined, self.ignored, self.set_aside)

    @property
    def share_answered(self) -> float | None:
        """Of all these messages, the part answered without a person, 0 to 1; None of none."""
        return self.answered / self.messages if self.messages else None


def parse_by(text: str) -> tuple[By, ...]:
    """`day` or `week,type`: one or two keys, of which one at most is of time.

    Raises MetricsError.
    """
    names = [name.strip() for name in text.split(",") if name.strip()]
    known = {str(one) for one in By}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise MetricsError(f"Cannot count by {unknown[0][:40]!r}; choose from {', '.join(By)}.")
    if not names or len(names) > MOST_KEYS or len(set(names)) < len(names):
        raise MetricsError("Count by one or two different things, such as week,type.")
    keys = tuple(By(name) for name in names)
    if sum(key in STEPS for key in keys) > 1:
        raise MetricsError("Count by one of day, week and month, not by two.")
    return keys


async def volumes(unit: Unit, period: Period, by: Sequence[By]) -> list[Row]:
    """Live messages decided in the period, none from an archive.

    Days, weeks or months without any are there, with noughts. Rows come in order of
    time, then of the most messages.
    """
    step = next((STEPS[key] for key in by if key in STEPS), None)
    spans = period.spans(step) if step else [period.whole]
    found = await _count(unit, spans, by)
    if step and len(by) == 1:
        counted = {row.keys for row in found}
        found += [Row((span.name,)) for span in spans if (span.name,) not in counted]
    time_at = next((place for place, key in enumerate(by) if key in STEPS), None)
    return sorted(
        found, key=lambda row: (row.keys[time_at] if time_at is not None else "", -row.messages)
    )


@dataclass(frozen=True, slots=True)
class Overview:
    """A period three ways, as `volumes` counts each."""

    over_time: list[Row]
    types: list[Row]
    routes: list[Row]


async def overview(unit: Unit, period: Period, step: Step) -> Overview:
    """Volumes over time, by type and by route, in one scan where `volumes` would take three."""
    spans = period.spans(step)
    span = _table(spans)
    part = _counted_within(span, (By.ROUTE, By.TYPE))
    found = await unit.session.execute(
        select(
            span.c.begins, part.c.by_type, part.c.by_route, part.c.outcome, part.c.number
        ).select_from(span.join(part, true()))
    )
    names = {one.begins: one.name for one in spans}
    times, types, routes = Counter[Cell](), Counter[Cell](), Counter[Cell]()
    for begins, kinds, route, outcome, number in found:
        times[names[begins], outcome] += number
        routes[route, outcome] += number
        for kind in kinds or (NONE,):
            types[kind, outcome] += number
    return Overview(
        over_time=[_row(times, name) for name in names.values()],
        types=_most_first(types),
        routes=_most_first(routes),
    )


def _row(cells: Counter[Cell], key: str) -> Row:
    numbers = [cells[key, outcome] for outcome in OUTCOMES]
    return Row((key,), sum(numbers), *numbers)


def _most_first(cells: Counter[Cell]) -> list[Row]:
    keys = dict.fromkeys(key for key, _ in cells)
    return sorted((_row(cells, key) for key in keys), key=lambda row: -row.messages)


async def _count(unit: Unit, spans: Sequence[Span], by: Sequence[By]) -> list[Row]:
    span = _table(spans)
    part = _counted_within(span, by)
    source: FromClause = span.join(part, true())
    keys: list[ColumnElement[Any]] = []
    for key in by:
        if key in STEPS:
            keys.append(span.c.begins)
        elif key in WORDS:
            keys.append(part.c[f"by_{key}"])
        else:
            each = func.unnest(part.c[f"by_{key}"]).table_valued("value")
            each = each.render_derived(name=f"each_{key}")
            source = source.outerjoin(each, true())
            keys.append(func.coalesce(each.c.value, NONE))
    found = await unit.session.execute(
        select(*keys, *_totals(part)).select_from(source).group_by(*keys)
    )
    names = {one.begins: one.name for one in spans}
    rows = [tuple(row) for row in found]
    return [
        Row(tuple(names.get(key, str(key)) for key in row[: len(by)]), *row[len(by) :])
        for row in rows
    ]


def _totals(part: FromClause) -> list[ColumnElement[int]]:
    """All messages, then those of each outcome, as `Row` has them."""
    every: ColumnElement[Any] = func.sum(part.c.number)
    each = [func.sum(part.c.number).filter(part.c.outcome == name) for name in OUTCOMES]
    return [cast(func.coalesce(total, 0), BigInteger) for total in (every, *each)]


def _table(spans: Sequence[Span]) -> TableValuedAlias:
    """The spans as a table of two columns."""
    moments = ARRAY(TIMESTAMP(timezone=True))
    begins = cast([one.begins for one in spans], moments)
    ends = cast([one.ends for one in spans], moments)
    return func.unnest(begins, ends).table_valued("begins", "ends").render_derived(name="span")


def _counted_within(span: TableValuedAlias, by: Sequence[By]) -> FromClause:
    """Counts within one span, by outcome and by each key that is not of time, lists whole."""
    columns = {key: WORDS.get(key) or LISTS[key] for key in by if key not in STEPS}
    return (
        select(
            StoredDecision.outcome,
            *(column.label(f"by_{key}") for key, column in columns.items()),
            func.count().label("number"),
        )
        .where(
            StoredDecision.decided_at >= span.c.begins,
            StoredDecision.decided_at < span.c.ends,
            StoredDecision.channel != IMPORT,
        )
        .group_by(StoredDecision.outcome, *columns.values())
        .lateral("part")
    )
