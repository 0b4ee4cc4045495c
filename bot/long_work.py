"""What long work says of itself: its progress, its result, and the one line where it stops."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Progress = Callable[[str, int, int], None]
"""Called with the stage, how much of it is done, and how much there is."""


class CommandError(Exception):
    """What stops a command; its text is the one line that the user sees."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a command says: one object for machines, lines for people."""

    summary: dict[str, Any]
    lines: list[str] = field(default_factory=list)
