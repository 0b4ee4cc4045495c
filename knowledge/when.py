"""Dates of pages, no more exact than they are known: a day, a month or a year.

A month that is written as its first day, or a year as 1 January, would look like a day that
somebody read on the page.
"""

import calendar
import re
from datetime import date
from typing import Annotated

from pydantic import BeforeValidator

_PARTIAL = re.compile(r"(?:19|20)\d\d(?:-(?:0[1-9]|1[0-2]))?")


def read_when(given: object) -> date | str:
    """What YAML or a form gives; YAML reads a year that stands alone as a number.

    Raises:
        ValueError: when it is none of the three.
    """
    if isinstance(given, date):
        return given
    text = str(given).strip()
    if _PARTIAL.fullmatch(text):
        return text
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(
            "Give a day, a month or a year, such as 2026-11-22, 2026-11 or 2026."
        ) from None


When = Annotated[date | str, BeforeValidator(read_when)]
"""A day, or where no more is known the month (`2024-06`) or the year (`2021`)."""


def in_words(when: date | str) -> str:
    """For people: «18 January 2022», «June 2024» or «2021»."""
    if isinstance(when, date):
        return f"{when.day} {when:%B %Y}"
    return f"{first_day(when):%B %Y}" if "-" in when else when


def first_day(when: date | str) -> date:
    """The earliest day that it may be."""
    if isinstance(when, date):
        return when
    year, _, month = when.partition("-")
    return date(int(year), int(month or 1), 1)


def last_day(when: date | str) -> date:
    """The latest day that it may be."""
    if isinstance(when, date):
        return when
    year, _, month = when.partition("-")
    number = int(month or 12)
    return date(int(year), number, calendar.monthrange(int(year), number)[1])
