"""Weeks of the service's calendar, by their numbers: `2026-W48` starts on a Monday (ISO 8601)."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from handlers.periods import LONDON, Period, Span

_FORM = re.compile(r"(\d{4})-W(\d{2})")
DAYS = 7


class WeekError(ValueError):
    """There is no such week, or it is yet to come; the text is one line for who asked."""


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """A week from its Monday to its Sunday, in London."""

    monday: date

    @classmethod
    def of(cls, day: date) -> "Week":
        """The week in which a day falls."""
        return cls(day - timedelta(days=day.weekday()))

    @classmethod
    def last_whole(cls, now: datetime) -> "Week":
        """The week that ended most lately."""
        return cls.of(now.astimezone(LONDON).date() - timedelta(days=DAYS))

    @property
    def name(self) -> str:
        """Such as `2026-W48`."""
        year, number, _ = self.monday.isocalendar()
        return f"{year}-W{number:02}"

    @property
    def whole(self) -> Span:
        """All of it."""
        return Period(self.monday, self.monday + timedelta(days=DAYS - 1)).whole


def parse_week(text: str, today: date) -> Week:
    """The week of a name, such as `2026-W48`. Raises WeekError."""
    found = _FORM.fullmatch(text.strip())
    if found is None:
        raise WeekError(f"{text[:40]!r} is not a week; write it as 2026-W48.")
    try:
        week = Week(date.fromisocalendar(int(found[1]), int(found[2]), 1))
    except ValueError:
        raise WeekError(f"There is no week {text.strip()}.") from None
    if week.monday > today:
        raise WeekError(f"The week {week.name} is yet to come.")
    return week
