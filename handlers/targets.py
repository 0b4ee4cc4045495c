"""Targets of the service: by when a first reply and a resolution are due, by kind and priority.

They are written as people say them: `urgent 4h, high 1d, normal 2d, low 5d, incident/normal 4h`.
Days, hours and minutes are of working time. What stands before a slash is a type or a flag of the
case. A target holds for its priority and all higher ones; of several that fit, the shortest counts.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import product
from types import MappingProxyType

from handlers.case_tables import Priority
from handlers.working_time import WorkingHours
from triage.decision import EnquiryType, Flag

KINDS = frozenset((*(str(one) for one in EnquiryType), *(str(one) for one in Flag)))
ANY = "*"
_ENTRY = re.compile(r"(?:(?P<kind>\w+)/)?(?P<priority>\w+)\s+(?P<number>\d{1,4})\s*(?P<unit>[dhm])")
_UNITS = {"d": "working day", "h": "working hour", "m": "working minute"}


@dataclass(frozen=True, slots=True)
class Target:
    """An amount of working time, as it was set."""

    number: int
    unit: str
    kind: str = ANY
    """The type or flag for which it is set; `*` for all."""

    def duration(self, hours: WorkingHours) -> timedelta:
        """How much working time it is."""
        match self.unit:
            case "d":
                return hours.day * self.number
            case "h":
                return timedelta(hours=self.number)
            case _:
                return timedelta(minutes=self.number)

    def in_words(self) -> str:
        """As `2 working days`."""
        return f"{self.number} {_UNITS[self.unit]}{'' if self.number == 1 else 's'}"


Targets = Mapping[tuple[str, Priority], Target]
"""By type or flag, `*` for all, and priority. Cases that none of them fits have no clock."""


def parse_targets(text: str) -> Targets:
    """Targets from one line; none where it is empty. Raises ValueError with one line."""
    found: dict[tuple[str, Priority], Target] = {}
    for entry in filter(None, (one.strip() for one in text.split(","))):
        read = _ENTRY.fullmatch(entry)
        if read is None:
            raise ValueError(f"{entry!r} is no target; write it as `normal 2d` or `charges/low 5d`")
        kind, priority = read["kind"] or ANY, read["priority"]
        if kind != ANY and kind not in KINDS:
            raise ValueError(f"{kind!r} is neither a type nor a flag of enquiries")
        if priority not in set(Priority):
            raise ValueError(f"{priority!r} is no priority; use low, normal, high or urgent")
        if not int(read["number"]):
            raise ValueError(f"{entry!r} leaves no time")
        key = (kind, Priority(priority))
        if key in found:
            raise ValueError(f"{entry!r} is the second target for the same cases")
        found[key] = Target(int(read["number"]), read["unit"], kind)
    return MappingProxyType(found)


FIRST_REPLY = (
    "urgent 4h, high 1d, normal 2d, low 5d,"
    " incident/normal 4h, media/normal 4h, complaint/normal 1d"
)
RESOLUTION = "urgent 2d, high 5d, normal 10d, low 20d"


def days_of(entries: Collection[str]) -> frozenset[date]:
    """Days from lines such as `2026-12-24` and `2026-12-28/2026-12-31`, both ends included.

    Raises ValueError with one line.
    """
    found: set[date] = set()
    for entry in entries:
        first, _, last = entry.partition("/")
        try:
            begin = date.fromisoformat(first.strip())
            end = date.fromisoformat(last.strip()) if last else begin
        except ValueError:
            raise ValueError(f"{entry!r} is no day; write 2026-12-24, or first/last day") from None
        if not 0 <= (end - begin).days <= 366:  # noqa: PLR2004 -- a year
            raise ValueError(f"{entry!r} ends before it begins, or more than a year later")
        found |= {begin + timedelta(days=one) for one in range((end - begin).days + 1)}
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class ClockRules:
    """By what the clocks of this deployment run."""

    hours: WorkingHours = field(default_factory=WorkingHours)
    first_reply: Targets = field(default_factory=lambda: parse_targets(FIRST_REPLY))
    resolution: Targets = field(default_factory=lambda: parse_targets(RESOLUTION))
    statutory: bool = True
    """Whether statutory clocks are kept beside them."""


def target_for(
    targets: Targets, kinds: Collection[str], priority: Priority, hours: WorkingHours
) -> Target | None:
    """The shortest target that fits a case of these types and flags; None where none is set."""
    levels = list(Priority)
    up_to = levels[: levels.index(priority) + 1]
    fitting = [targets[key] for key in product((*kinds, ANY), up_to) if key in targets]
    return min(fitting, key=lambda one: one.duration(hours), default=None)
