"""What runs in a process: its parts, where each can be reached, and how all of it ends."""

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import AsyncExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Literal

from starlette.applications import Starlette

from bot.settings import Settings

Part = Literal["smtp", "mailbox", "worker", "slack", "web"]
EVERYTHING: frozenset[Part] = frozenset(("smtp", "mailbox", "worker", "slack", "web"))


class StartError(Exception):
    """Something cannot be started as set; the text is one line that says why."""


@dataclass
class Running:
    """What runs: its parts in the order of their start, and where each can be reached."""

    settings: Settings
    stack: AsyncExitStack
    tasks: list["asyncio.Task[None]"] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    web: Starlette | None = None
    """The pages, where they are served by this process."""

    def say(self, what: str, where: str) -> None:
        """Keep a line for the person who started it."""
        self.lines.append(f"{what:<10} {where}")

    def go_on(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Run work until the end; its failure ends everything."""
        task = asyncio.create_task(work, name=name)
        self.tasks.append(task)
        self.stack.push_async_callback(stop, task)


@contextmanager
def listening(what: str, setting: str, port: int) -> Iterator[None]:
    """A port that cannot be had becomes a StartError that names its setting."""
    try:
        yield
    except OSError as error:
        raise StartError(
            f"{what} cannot listen on port {port} ({error.strerror or error});"
            f" set {setting} to another port, or to 0 for a free one"
        ) from None


async def stop(task: "asyncio.Task[Any]") -> None:
    """Cancel a task, and wait for its end."""
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
