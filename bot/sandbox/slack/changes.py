"""Tells open pages that something in the workspace has changed."""

import asyncio
import contextlib
from collections.abc import Iterator


class Changes:
    """A number that grows with every change, and those who wait for it to grow."""

    def __init__(self) -> None:
        self.number = 0
        self.ended = False
        self._waiting: set[asyncio.Event] = set()

    def announce(self) -> None:
        """Wake every page that is open."""
        self.number += 1
        for event in self._waiting:
            event.set()

    def end(self) -> None:
        """Let every page go, since the server stops."""
        self.ended = True
        self.announce()

    @contextlib.contextmanager
    def listen(self) -> Iterator[asyncio.Event]:
        """An event that is set at each change; the listener clears it."""
        event = asyncio.Event()
        self._waiting.add(event)
        try:
            yield event
        finally:
            self._waiting.discard(event)
