"""England's bank holidays, by the rules that make them and the proclamations that moved them.

Sources: the Banking and Financial Dealings Act 1971, schedule 1, and https://www.gov.uk/bank-holidays.
Holidays that are proclaimed after this was written are set by those who run the service.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType

SATURDAY, SUNDAY = 5, 6

MOVED = {
    "Early May bank holiday": {1995: date(1995, 5, 8), 2020: date(2020, 5, 8)},
    "Spring bank holiday": {
        2002: date(2002, 6, 4),
        2012: date(2012, 6, 4),
        2022: date(2022, 6, 2),
    },
}
"""Holidays that were kept on another day in some years."""

PROCLAIMED = {
    date(1999, 12, 31): "Millennium bank holiday",
    date(2002, 6, 3): "Golden Jubilee bank holiday",
    date(2011, 4, 29): "Royal wedding bank holiday",
    date(2012, 6, 5): "Diamond Jubilee bank holiday",
    date(2022, 6, 3): "Platinum Jubilee bank holiday",
    date(2022, 9, 19): "State funeral of Queen Elizabeth II",
    date(2023, 5, 8): "Coronation of King Charles III",
}
"""Holidays of one year only."""


@cache
def bank_holidays(year: int) -> Mapping[date, str]:
    """The bank holidays of England in a year, by date, with the names that people know them by."""
    sunday = easter(year)
    found = {
        **_new_year(year),
        sunday - timedelta(days=2): "Good Friday",
        sunday + timedelta(days=1): "Easter Monday",
        _moved("Early May bank holiday", _first_monday(year, 5)): "Early May bank holiday",
        _moved("Spring bank holiday", _last_monday(year, 5)): "Spring bank holiday",
        _last_monday(year, 8): "Summer bank holiday",
        **_christmas(year),
        **{day: name for day, name in PROCLAIMED.items() if day.year == year},
    }
    return MappingProxyType(dict(sorted(found.items())))


def easter(year: int) -> date:
    """Easter Sunday, by the algorithm of Meeus, Jones and Butcher for the Gregorian calendar."""
    golden = year % 19
    century, of_century = divmod(year, 100)
    leap_centuries, odd = divmod(century, 4)
    moon = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leap_centuries - moon + 15) % 30
    leaps, rest = divmod(of_century, 4)
    to_sunday = (32 + 2 * odd + 2 * leaps - epact - rest) % 7
    late = (golden + 11 * epact + 22 * to_sunday) // 451
    month, day = divmod(epact + to_sunday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def _new_year(year: int) -> dict[date, str]:
    first = date(year, 1, 1)
    days = {first: "New Year's Day"}
    if first.weekday() >= SATURDAY:
        days[_monday_after(first)] = "New Year's Day (substitute day)"
    return days


def _christmas(year: int) -> dict[date, str]:
    """A day that falls on a weekend is made good on the next weekday that is no holiday already."""
    christmas, boxing = date(year, 12, 25), date(year, 12, 26)
    days = {christmas: "Christmas Day", boxing: "Boxing Day"}
    if christmas.weekday() >= SATURDAY:
        days[date(year, 12, 27)] = "Christmas Day (substitute day)"
    if boxing.weekday() >= SATURDAY:
        days[date(year, 12, 28)] = "Boxing Day (substitute day)"
    return days


def _moved(name: str, usual: date) -> date:
    return MOVED[name].get(usual.year, usual)


def _first_monday(year: int, month: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=-first.weekday() % 7)


def _last_monday(year: int, month: int) -> date:
    last = date(year, month, 31)
    return last - timedelta(days=last.weekday())


def _monday_after(day: date) -> date:
    return day + timedelta(days=7 - day.weekday())
