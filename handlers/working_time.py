"""Working time: how much of it lies between two moments, and when so much of it has passed.

Opening hours are those of the wall clock where the service is, so a day on which the clocks change
may be an hour shorter or longer. All arithmetic is done in UTC, on exact instants.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from handlers.bank_holidays import bank_holidays
from handlers.periods import LONDON

DAY = timedelta(days=1)
NOTHING = timedelta(0)
MONDAY_TO_FRIDAY = frozenset(range(5))
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LONGEST_YEARS = 50
"""How far ahead is looked for a moment; nothing that the service promises is so far away."""


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """When the service works: a value, so that two with the same content are the same.

    Raises ValueError where it would never be open.
    """

    zone: ZoneInfo = LONDON
    weekdays: frozenset[int] = MONDAY_TO_FRIDAY
    """Working days of the week; Monday is 0."""
    opens: time = time(9)
    closes: time = time(17)
    """Midnight (`00:00`) is the end of the day."""
    keeps_bank_holidays: bool = True
    """Whether England's bank holidays are days off."""
    proclaimed: frozenset[date] = frozenset()
    """Bank holidays that were proclaimed later than this program was written."""
    closures: frozenset[date] = frozenset()
    """Other days on which the service is closed."""

    def __post_init__(self) -> None:
        if not self.weekdays or not self.weekdays <= frozenset(range(7)):
            raise ValueError("a working week has at least one day, from Monday to Sunday")
        if self.closes <= self.opens and self.closes != time.min:
            raise ValueError("the service opens before it closes")

    @property
    def day(self) -> timedelta:
        """A usual working day, from opening to closing by the clock."""
        return (_since_midnight(self.closes) or DAY) - _since_midnight(self.opens)

    def why_closed(self, day: date) -> str | None:
        """Why nobody works on a day: a holiday's name, say; None on a working day."""
        if holiday := self.holiday(day):
            return holiday
        if day in self.closures:
            return "Closed"
        return None if day.weekday() in self.weekdays else "Weekend"

    def holiday(self, day: date) -> str | None:
        """The name of the bank holiday that is kept on a day."""
        if self.keeps_bank_holidays and (name := bank_holidays(day.year).get(day)):
            return name
        return "Bank holiday" if day in self.proclaimed else None

    def is_working_day(self, day: date) -> bool:
        """Whether the service opens on a day."""
        return self.why_closed(day) is None

    def working_day_after(self, day: date, number: int) -> date:
        """The working day so many after `day`, which need be none itself and is not counted."""
        if number < 1:
            raise ValueError("count at least one working day")
        for ahead in _days_from(day + DAY):
            number -= self.is_working_day(ahead)
            if not number:
                return ahead
        raise OverflowError("there is no such working day")

    def next_working_day(self, day: date) -> date:
        """The day itself where it is a working day, else the first one after it."""
        return day if self.is_working_day(day) else self.working_day_after(day, 1)

    def is_open(self, moment: datetime) -> bool:
        """Whether the service works at this moment."""
        day = self.local(moment).date()
        opens, closes = self.opening(day)
        return self.is_working_day(day) and opens <= moment.astimezone(UTC) < closes

    def between(self, start: datetime, end: datetime) -> timedelta:
        """The working time from one moment to another; negative where `end` is the earlier.

        Both moments have a time zone, whichever it is.
        """
        # Two moments of one zone compare by the wall clock, which is an hour off in October.
        start, end = start.astimezone(UTC), end.astimezone(UTC)
        if end < start:
            return -self.between(end, start)
        first, last = self.local(start).year, self.local(end).year
        whole = sum((_year(self, one).total for one in range(first, last)), NOTHING)
        return whole + _year(self, last).until(end) - _year(self, first).until(start)

    def after(self, moment: datetime, duration: timedelta) -> datetime:
        """The first moment by which so much working time has passed since `moment`.

        What ends with the day ends at closing time, not at the next opening. Nothing has passed
        at the moment itself, also while the service is closed. Raises OverflowError where it is
        more than fifty years away, and ValueError for a negative duration.
        """
        if duration < NOTHING:
            raise ValueError("working time does not run backwards")
        if not duration:
            return moment
        first = self.local(moment).year
        wanted = duration + _year(self, first).until(moment)
        for number in range(first, first + LONGEST_YEARS):
            year = _year(self, number)
            if wanted <= year.total:
                return year.moment_of(wanted).astimezone(moment.tzinfo)
            wanted -= year.total
        raise OverflowError(f"{duration} of working time end in more than {LONGEST_YEARS} years")

    def local(self, moment: datetime) -> datetime:
        """A moment on the wall clock of the service."""
        return moment.astimezone(self.zone)

    def days_off(self, start: datetime, end: datetime) -> list[tuple[date, str]]:
        """Working weekdays from one moment to another on which nobody worked, and why."""
        first, last = self.local(start).date(), self.local(end).date()
        days = (first + DAY * number for number in range((last - first).days + 1))
        off = [(day, self.why_closed(day)) for day in days if day.weekday() in self.weekdays]
        return [(day, why) for day, why in off if why is not None]

    def opening(self, day: date) -> tuple[datetime, datetime]:
        """When a working day begins and ends, in UTC."""
        last = day if self.closes != time.min else day + DAY
        opens = datetime.combine(day, self.opens, self.zone).astimezone(UTC)
        closes = datetime.combine(last, self.closes, self.zone).astimezone(UTC)
        # Hours that lie in the hour that is left out in March are none.
        return opens, max(opens, closes)


@dataclass(frozen=True, slots=True)
class _Year:
    """The openings of one year in order, and the working time of the year before each."""

    opens: list[datetime]
    closes: list[datetime]
    before: list[timedelta]
    total: timedelta

    def until(self, moment: datetime) -> timedelta:
        """The working time of the year up to a moment of it."""
        # In UTC: added to a moment of a zone, time moves the wall clock and skips no hour.
        moment = moment.astimezone(UTC)
        number = bisect_right(self.opens, moment) - 1
        if number < 0:
            return NOTHING
        return self.before[number] + (min(moment, self.closes[number]) - self.opens[number])

    def moment_of(self, passed: timedelta) -> datetime:
        """The first moment by which so much of the year's working time, and some, has passed."""
        number = bisect_left(self.before, passed) - 1
        return self.opens[number] + passed - self.before[number]


@cache
def _year(hours: WorkingHours, year: int) -> _Year:
    days = (date(year, 1, 1) + DAY * number for number in range(366))
    spans = [hours.opening(day) for day in days if day.year == year and hours.is_working_day(day)]
    before, total = [], NOTHING
    for opens, closes in spans:
        before.append(total)
        total += closes - opens
    return _Year([one for one, _ in spans], [one for _, one in spans], before, total)


def _since_midnight(moment: time) -> timedelta:
    return timedelta(hours=moment.hour, minutes=moment.minute, seconds=moment.second)


def _days_from(day: date) -> Iterator[date]:
    """The day and those after it, for as long as it is worth looking."""
    return (day + DAY * number for number in range(366 * LONGEST_YEARS))
