"""Clocks in words: what is left, in a few; and the arithmetic, line by line, for who asks."""

from datetime import date, datetime, timedelta

from handlers.clocks import Clock, ClockName, ClockState, Pause
from handlers.statutes import NAMES, Statute, by_law
from handlers.tables import CaseState
from handlers.targets import ANY, ClockRules, Target
from handlers.working_time import DAY, WEEKDAYS, WorkingHours

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
TITLES = {
    ClockName.FIRST_REPLY: "First reply",
    ClockName.RESOLUTION: "Resolution",
    ClockName.FOI: NAMES[Statute.FOI],
    ClockName.SUBJECT_ACCESS: NAMES[Statute.SUBJECT_ACCESS],
}
LAWS = {
    ClockName.FOI: "the 20th working day after the day of receipt",
    ClockName.SUBJECT_ACCESS: "one calendar month from the day of receipt, moved on to a working"
    " day where it ends on none",
}
WHY_STILL = {
    CaseState.WAITING: "while it waited for the enquirer",
    CaseState.RESOLVED: "while it was resolved",
}


def in_few_words(clock: Clock, rules: ClockRules, now: datetime) -> str:
    """As `2 h 10 min left`, `paused, 3 h left`, `late by 1 day` or `met`."""
    if clock.state is ClockState.MET:
        return "met"
    amount = _amount(clock, rules.hours, now)
    if clock.state is ClockState.LATE:
        return f"{amount} late when it was done" if clock.is_over else f"late by {amount}"
    if clock.state is ClockState.PAUSED:
        return f"paused, {amount} left"
    return f"{amount} left" if amount else "due today"


def arithmetic(clock: Clock, rules: ClockRules, now: datetime) -> list[str]:
    """How a clock comes to stand where it does: one sentence a line."""
    hours = rules.hours
    last = clock.ended_at or max(clock.due or now, now)
    lines = [f"{TITLES[clock.name]}: {in_few_words(clock, rules, now)}."]
    lines.append(f"Started on {moment(clock.started_at, hours)}, when the case was opened.")
    if clock.target is None:
        lines.append(
            f"The law gives until {LAWS[clock.name]}; pauses and our closures stop nothing."
        )
        lines += _off(by_law(hours).days_off(clock.started_at, clock.due or last))
    else:
        lines.append(_target(clock, clock.target))
        lines.append(f"Working time is {_week(hours)} ({hours.zone.key}).")
        lines += [_pause(one, hours) for one in clock.pauses]
        lines += _off(hours.days_off(clock.started_at, last))
        counted = clock.target.duration(hours) - clock.left
        lines.append(f"Counted: {spell(counted, hours)} of {clock.target.in_words()}.")
    lines.append(_due(clock, hours))
    if clock.ended_at is not None:
        lines.append(f"Done on {moment(clock.ended_at, hours)}.")
    return lines


def spell(duration: timedelta, hours: WorkingHours) -> str:
    """Working time in its two largest units, rounded down; a day is a working day."""
    minutes = duration // MINUTE
    of_day = hours.day // MINUTE
    days, rest = divmod(minutes, of_day)
    if days:
        return _plural(days, "day") + (f" {rest // 60} h" if rest >= 60 else "")  # noqa: PLR2004
    full, rest = divmod(rest, 60)
    if full:
        return f"{full} h" + (f" {rest} min" if rest else "")
    return f"{rest} min" if rest else "less than a minute"


def moment(at: datetime, hours: WorkingHours) -> str:
    """As `Thu 2 April 2026 at 16:30`, on the wall clock of the service."""
    local = hours.local(at)
    return f"{day(local.date())} at {local:%H:%M}"


def day(of: date) -> str:
    """As `Thu 2 April 2026`."""
    return f"{of:%a} {of.day} {of:%B %Y}"


def due_day(clock: Clock, hours: WorkingHours) -> date | None:
    """The last day on which it is in time."""
    if clock.due is None:
        return None
    # A statutory clock ends at midnight, which belongs to its last day.
    return hours.local(clock.due - timedelta(microseconds=1)).date()


def _amount(clock: Clock, hours: WorkingHours, now: datetime) -> str:
    """How much is left, or how late it is; empty on the last day of a statutory clock."""
    if not clock.is_statutory:
        return spell(abs(clock.left), hours)
    last = due_day(clock, hours)
    today = hours.local(clock.ended_at or now).date()
    if last is None or today == last:
        return ""
    first, end = sorted((today, last))
    legal = by_law(hours)
    days = ((first + DAY * number) for number in range(1, (end - first).days + 1))
    return _plural(max(1, sum(legal.is_working_day(one) for one in days)), "working day")


def _target(clock: Clock, target: Target) -> str:
    whose = "all enquiries" if target.kind == ANY else f"enquiries marked {target.kind}"
    return f"Target: {target.in_words()}, for {whose} of {clock.priority} priority."


def _week(hours: WorkingHours) -> str:
    numbers = sorted(hours.weekdays)
    names = [WEEKDAYS[one] for one in numbers]
    joined = len(numbers) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1  # noqa: PLR2004
    days = f"{names[0]} to {names[-1]}" if joined else ", ".join(names)
    return f"{days}, {hours.opens:%H:%M} to {hours.closes:%H:%M}"


def _pause(pause: Pause, hours: WorkingHours) -> str:
    why = WHY_STILL[pause.state]
    if pause.end is None:
        return f"Paused since {moment(pause.start, hours)}, {why}."
    return f"Paused from {moment(pause.start, hours)} to {moment(pause.end, hours)}, {why}."


def _off(days: list[tuple[date, str]]) -> list[str]:
    if not days:
        return []
    named = "; ".join(f"{why}, {day(of)}" for of, why in days)
    return [f"Not counted, beside weekends: {named}."]


def _due(clock: Clock, hours: WorkingHours) -> str:
    last = due_day(clock, hours)
    if clock.due is None or last is None:
        return "Not due while it is paused: the time that is left counts from the next word."
    if clock.is_statutory:
        return f"Due by the end of {day(last)}."
    return f"Due on {moment(clock.due, hours)}."


def _plural(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
