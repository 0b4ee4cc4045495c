"""Statutory clocks: how long the law gives, counted as the law counts, whatever our hours are.

Freedom of information: the twentieth working day after the day of receipt (Freedom of Information
Act 2000, section 10). Subject access: one calendar month from the day of receipt; a day that the
month lacks becomes its last one, and an end on no working day moves to the next (UK GDPR article
12(3), and the Information Commissioner's guidance on it). Working days are Monday to Friday without
England's bank holidays. Our own closures stop no statute.
"""

import calendar
from collections.abc import Collection
from datetime import date
from enum import StrEnum

from handlers.working_time import WorkingHours
from triage.decision import Flag

FOI_WORKING_DAYS = 20


class Statute(StrEnum):
    """A law that says by when."""

    FOI = "foi"
    SUBJECT_ACCESS = "subject_access"


NAMES = {
    Statute.FOI: "Freedom of information",
    Statute.SUBJECT_ACCESS: "Subject access",
}

BY_RULE = {"foi_request": Statute.FOI, "own_data_request": Statute.SUBJECT_ACCESS}
"""Which rule of triage tells which statute."""


def statutes_of(flags: Collection[str], rules: Collection[str]) -> tuple[Statute, ...]:
    """The statutes whose clocks run, by the flags of a case and the rules that spoke.

    Where it is flagged as statutory and no rule says by which law, all of them run: the earliest
    end is then kept until a person knows better.
    """
    if Flag.STATUTORY not in flags:
        return ()
    told = {BY_RULE[rule] for rule in rules if rule in BY_RULE}
    return tuple(one for one in Statute if one in told) or tuple(Statute)


def last_day(statute: Statute, received: date, hours: WorkingHours) -> date:
    """The last day on which an answer is in time."""
    legal = by_law(hours)
    if statute is Statute.FOI:
        return legal.working_day_after(received, FOI_WORKING_DAYS)
    return legal.next_working_day(one_month_after(received))


def by_law(hours: WorkingHours) -> WorkingHours:
    """Working days as a statute has them, where the service is: without its own closures."""
    return WorkingHours(zone=hours.zone, proclaimed=hours.proclaimed)


def one_month_after(day: date) -> date:
    """The same day of the next month, or that month's last day where it has none such."""
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)  # noqa: PLR2004 -- December
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
