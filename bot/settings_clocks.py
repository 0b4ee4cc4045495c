"""Settings on time: when the service works, by when it replies, and how long silence may last."""

from collections.abc import Callable
from datetime import date, time
from typing import Annotated, Literal, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, ValidationInfo, field_validator
from pydantic_settings import BaseSettings

from handlers.reminders import Reminding
from handlers.silence import Patience
from handlers.targets import FIRST_REPLY, RESOLUTION, ClockRules, days_of, parse_targets
from handlers.working_time import WEEKDAYS, WorkingHours

T = TypeVar("T")
_SHORT = tuple(name[:3].lower() for name in WEEKDAYS)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"{name!r} is no time zone; write one as Europe/London") from None


def _weekdays(text: str) -> frozenset[int]:
    names = text.replace(",", " ").lower().split()
    if not names or any(name[:3] not in _SHORT for name in names):
        raise ValueError(f"{text!r} names no working week; write it as `mon tue wed thu fri`")
    return frozenset(_SHORT.index(name[:3]) for name in names)


def _opening(text: str) -> tuple[time, time]:
    first, _, last = (part.strip() for part in text.partition("-"))
    try:
        opens = time.fromisoformat(first)
        closes = time.min if last == "24:00" else time.fromisoformat(last)
    except ValueError:
        raise ValueError(f"{text!r} are no hours; write them as `09:00-17:00`") from None
    WorkingHours(opens=opens, closes=closes)
    return opens, closes


def _read_by(read: Callable[[T], object]) -> AfterValidator:
    """Keep a setting as it was written, if it can be read."""

    def check(value: T) -> T:
        read(value)
        return value

    return AfterValidator(check)


class ClockSettings(BaseSettings):
    """A part of all settings."""

    working_time_zone: Annotated[str, _read_by(_zone)] = Field(
        "Europe/London", description="Time zone of the service's working hours"
    )
    working_week: Annotated[str, _read_by(_weekdays)] = Field(
        "mon tue wed thu fri", description="Days of the week on which it works"
    )
    working_hours: Annotated[str, _read_by(_opening)] = Field(
        "09:00-17:00", description="When it opens and closes on them; `00:00-24:00` never closes"
    )
    bank_holidays: Literal["england", "none"] = Field(
        "england", description="Bank holidays on which it is closed"
    )
    proclaimed_bank_holidays: tuple[date, ...] = Field(
        (),
        description="Bank holidays that were proclaimed later than this version was made, such as"
        ' `["2030-06-03"]`; statutory clocks keep them too',
    )
    closures: Annotated[tuple[str, ...], _read_by(days_of)] = Field(
        (),
        description="Other days on which it is closed, such as"
        ' `["2026-12-24", "2026-12-29/2026-12-31"]`; statutory clocks run on',
    )
    first_reply_targets: Annotated[str, _read_by(parse_targets)] = Field(
        FIRST_REPLY,
        description="Working days (d), hours (h) or minutes (m) to the first reply, by priority,"
        " also of one type or flag alone; empty keeps no such clock",
    )
    resolution_targets: Annotated[str, _read_by(parse_targets)] = Field(
        RESOLUTION, description="The same to the resolution; it stands still while a case waits"
    )
    statutory_clocks: bool = Field(
        True, description="Whether freedom of information and subject access have their own clocks"
    )
    reminders: bool = Field(
        True, description="Whether officers are reminded of what is due, and leads of what is late"
    )
    remind_at_percent: int = Field(
        75, ge=1, le=99, description="Part of a target after which its officer is reminded"
    )
    remind_statutory_days: int = Field(
        5, ge=0, le=19, description="Working days before the end of a statutory clock to remind"
    )
    late_tells: tuple[Annotated[str, Field(pattern=r"^[CGUW][A-Z0-9]+$")], ...] = Field(
        (),
        description="Ids of the Slack channels and people that hear what is late, and what is due"
        " soon and nobody's; unset tells the cases channel",
    )
    close_after_days: int = Field(
        15,
        ge=0,
        le=250,
        description="Working days of an enquirer's silence after which a waiting case is closed;"
        " 0 closes none",
    )
    close_warning_days: int = Field(
        5,
        ge=1,
        le=60,
        validate_default=True,
        description="Working days before that, on which a mail warns of it",
    )

    @field_validator("close_warning_days")
    @classmethod
    def _warns_in_time(cls, days: int, info: ValidationInfo) -> int:
        closes = info.data.get("close_after_days", 0)
        if 0 < closes <= days:
            raise ValueError(f"must be fewer than close_after_days, {closes}")
        return days

    def clock_rules(self) -> ClockRules:
        """By what clocks run here."""
        opens, closes = _opening(self.working_hours)
        hours = WorkingHours(
            zone=_zone(self.working_time_zone),
            weekdays=_weekdays(self.working_week),
            opens=opens,
            closes=closes,
            keeps_bank_holidays=self.bank_holidays == "england",
            proclaimed=frozenset(self.proclaimed_bank_holidays),
            closures=days_of(self.closures),
        )
        return ClockRules(
            hours,
            parse_targets(self.first_reply_targets),
            parse_targets(self.resolution_targets),
            self.statutory_clocks,
        )

    def reminding(self) -> Reminding:
        """When officers are reminded, and who hears of what is late."""
        return Reminding(self.remind_at_percent, self.remind_statutory_days, self.late_tells)

    def patience(self) -> Patience:
        """How long an enquirer may be silent."""
        return Patience(self.close_after_days, self.close_warning_days)
