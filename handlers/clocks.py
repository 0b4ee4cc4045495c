"""Clocks of a case: first reply and resolution in working time, and what a statute gives.

Clocks are computed from the case's events whenever they are asked for; nothing of them is stored,
so a changed target, closure or priority holds at once, for open cases too.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

from handlers.case_life import TRANSITIONS, Action
from handlers.case_tables import Priority
from handlers.statutes import Statute, last_day, statutes_of
from handlers.tables import CaseState
from handlers.targets import ClockRules, Target, Targets, target_for
from handlers.working_time import DAY, NOTHING, WorkingHours

STANDS_STILL = frozenset((CaseState.WAITING, CaseState.RESOLVED))
"""States in which no working time is counted: the next word is the enquirer's, or none is due."""


class ClockName(StrEnum):
    """What is due."""

    FIRST_REPLY = "first_reply"
    RESOLUTION = "resolution"
    FOI = "foi"
    SUBJECT_ACCESS = "subject_access"


class ClockState(StrEnum):
    """`late`: what was due did not happen in time, whether or not it has happened since."""

    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Happening:
    """One event of a case, as far as clocks care."""

    kind: str
    at: datetime
    to: str | None = None
    """What a priority was changed to."""


@dataclass(frozen=True, slots=True)
class History:
    """What clocks are computed from."""

    case_id: int
    types: Sequence[str]
    flags: Sequence[str]
    rules: Sequence[str]
    """The rules of triage that spoke."""
    opened_at: datetime
    first_reply_at: datetime | None = None
    events: Sequence[Happening] = ()
    """In their order."""

    @property
    def priority(self) -> Priority:
        """What an officer made it last; normal where nobody did."""
        set_to = [one.to for one in self.events if one.kind == "set_priority" and one.to]
        return Priority(set_to[-1]) if set_to else Priority.NORMAL


@dataclass(frozen=True, slots=True)
class Pause:
    """A time in which a clock stood still; it lasts where it has no end."""

    state: CaseState
    start: datetime
    end: datetime | None


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock as it stands at a moment."""

    name: ClockName
    state: ClockState
    started_at: datetime
    due: datetime | None
    """None while it stands still and there is time left: nobody knows yet."""
    left: timedelta
    """Negative where it is late: working time, but of a statutory clock all time."""
    ended_at: datetime | None
    """When what was due happened."""
    target: Target | None = None
    """None for a statutory clock."""
    priority: Priority = Priority.NORMAL
    pauses: tuple[Pause, ...] = ()

    @property
    def is_statutory(self) -> bool:
        """Whether a law set it, and not the service."""
        return self.target is None

    @property
    def is_over(self) -> bool:
        """Whether what was due has happened."""
        return self.ended_at is not None


@dataclass(frozen=True, slots=True)
class _Reading:
    """A case's history as it is read at one moment."""

    history: History
    hours: WorkingHours
    now: datetime
    pauses: tuple[Pause, ...]

    @property
    def resolved_at(self) -> datetime | None:
        """Since when the case is resolved; None where it is not."""
        last = self.pauses[-1] if self.pauses else None
        is_resolved = last and last.end is None and last.state is CaseState.RESOLVED
        return last.start if last and is_resolved else None

    def service(self, name: ClockName, targets: Targets, ended: datetime | None) -> Clock | None:
        """A clock in working time; None where no target is set for such a case."""
        kinds = (*self.history.types, *self.history.flags)
        target = target_for(targets, kinds, self.history.priority, self.hours)
        if target is None:
            return None
        stop, given = ended or self.now, target.duration(self.hours)
        pauses = tuple(one for one in self.pauses if one.start < stop)
        stands_still = bool(pauses) and pauses[-1].end is None
        counted, due, is_late = NOTHING, None, False
        for start, end in _running(self.history.opened_at, pauses, stop):
            span = self.hours.between(start, end)
            if due is None and counted + span >= given:
                due = self.hours.after(start, given - counted)
            counted += span
            # Closing time may come at the very end, and then the evening is late already.
            is_late = due is not None and end > due
        if due is None and not stands_still:
            due = self.hours.after(stop, given - counted)
        return Clock(
            name=name,
            state=_state(ended, stands_still=stands_still, late=is_late),
            started_at=self.history.opened_at,
            due=due,
            left=given - counted,
            ended_at=ended,
            target=target,
            priority=self.history.priority,
            pauses=pauses,
        )

    def statutory(self, statute: Statute) -> Clock:
        """A clock that never stands still: whether a question to the enquirer stops it is law."""
        received = self.hours.local(self.history.opened_at).date()
        last = last_day(statute, received, self.hours)
        due = datetime.combine(last + DAY, time.min, self.hours.zone).astimezone(UTC)
        ended = self.resolved_at
        left = due - (ended or self.now)
        return Clock(
            name=ClockName(statute),
            state=_state(ended, stands_still=False, late=left < NOTHING),
            started_at=self.history.opened_at,
            due=due,
            left=left,
            ended_at=ended,
        )


def clocks(history: History, rules: ClockRules, now: datetime) -> tuple[Clock, ...]:
    """The clocks of a case at a moment, which is not before its last event."""
    reading = _Reading(history, rules.hours, now, tuple(_pauses(history)))
    resolved = reading.resolved_at
    service = (
        reading.service(
            ClockName.FIRST_REPLY, rules.first_reply, history.first_reply_at or resolved
        ),
        reading.service(ClockName.RESOLUTION, rules.resolution, resolved),
    )
    laws = statutes_of(history.flags, history.rules) if rules.statutory else ()
    return (*filter(None, service), *map(reading.statutory, laws))


def most_pressing(of_a_case: Iterable[Clock]) -> Clock | None:
    """The clock that is due next; None where all are over or stand still."""
    running = [one for one in of_a_case if not one.is_over and one.due is not None]
    return min(running, key=lambda one: one.due or one.started_at, default=None)


def _pauses(history: History) -> Iterable[Pause]:
    """The times in which the case waited or was resolved, by the table of its life."""
    state, since = CaseState.NEW, history.opened_at
    for event in history.events:
        after = state
        if event.kind in set(Action):
            after = TRANSITIONS.get((state, Action(event.kind)), state)
        if after is state:
            continue
        if state in STANDS_STILL:
            yield Pause(state, since, event.at)
        state, since = after, event.at
    if state in STANDS_STILL:
        yield Pause(state, since, None)


def _running(
    start: datetime, pauses: Iterable[Pause], stop: datetime
) -> Iterable[tuple[datetime, datetime]]:
    """The times between the pauses."""
    for pause in pauses:
        yield start, pause.start
        if pause.end is None:
            return
        start = min(pause.end, stop)
    yield start, stop


def _state(ended: datetime | None, *, stands_still: bool, late: bool) -> ClockState:
    if late:
        return ClockState.LATE
    if ended is not None:
        return ClockState.MET
    return ClockState.PAUSED if stands_still else ClockState.RUNNING
