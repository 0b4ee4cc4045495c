"""Periods of the service's calendar: days, weeks and months as they fall in London."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
"""The service's days begin at midnight here, also on the two days of 23 and 25 hours."""

LONGEST_DAYS = 3660
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)


class MetricsError(ValueError):
    """What was asked of the metrics makes no sense; the text is one line for who asked."""


class Step(StrEnum):
    """How a period is cut; a week begins on Monday."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a period, from `begins` up to, and without, `ends`."""

    name: str
    """`2026-11-23` for a day, and for the week that begins on it; `2026-11` for a month."""
    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days in London, the first and the last included. Raises MetricsError."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise MetricsError(f"The period begins on {self.first}, after it ends on {self.last}.")
        if self.first < EARLIEST or self.last > LATEST:
            raise MetricsError(f"Dates lie between {EARLIEST} and {LATEST}.")
        if self.days > LONGEST_DAYS:
            raise MetricsError(f"A period has at most {LONGEST_DAYS} days, about ten years.")

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def whole(self) -> Span:
        """All of it in one piece."""
        return Span("", _midnight(self.first), _midnight(self.last + timedelta(days=1)))

    def spans(self, step: Step) -> list[Span]:
        """The days, weeks or months of it in order, the outer ones cut to fit."""
        starts: dict[str, date] = {}
        for number in range(self.days):
            day = self.first + timedelta(days=number)
            starts.setdefault(_name(day, step), day)
        ends = [*list(starts.values())[1:], self.last + timedelta(days=1)]
        return [
            Span(name, _midnight(start), _midnight(end))
            for (name, start), end in zip(starts.items(), ends, strict=True)
        ]


def latest(days: int, today: date | None = None) -> Period:
    """The last so many days, today included."""
    last = today or datetime.now(LONDON).date()
    return Period(last - timedelta(days=days - 1), last)


def period_from(first: str | None, last: str | None, *, today: date | None = None) -> Period:
    """A period from two dates as people write them, `2026-11-23`.

    The end is today where none is given; the beginning, 29 days before the end.
    Raises MetricsError.
    """
    end = _date(last) if last else today or datetime.now(LONDON).date()
    begin = _date(first) if first else max(end, EARLIEST + timedelta(29)) - timedelta(days=29)
    return Period(begin, end)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise MetricsError(f"{text[:40]!r} is not a date; write it as 2026-11-23.") from None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, LONDON).astimezone(UTC)


def _name(day: date, step: Step) -> str:
    if step == Step.MONTH:
        return f"{day:%Y-%m}"
    if step == Step.WEEK:
        return (day - timedelta(days=day.weekday())).isoformat()
    return day.isoformat()
