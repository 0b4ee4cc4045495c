"""Group commit: mails wait here, and one transaction keeps up to 64 of them at once.

A session may say 250 only after `take` returned. When it raises, the mail may still be committed
a little later; the sender comes back with it, and its key makes that harmless.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import structlog

from handlers.intake import Accepted

Keep = Callable[[Sequence[Accepted]], Awaitable[object]]
"""Commits all of these mails, or raises and keeps none."""

MOST_A_GROUP = 64
MOST_BYTES_A_GROUP = 16 * 1024 * 1024
"""One statement stays far below the gigabyte that PostgreSQL takes in one message."""
MOST_WAITING = 1024

log = structlog.get_logger(__name__)


class NotKeptError(Exception):
    """No commit happened in time; the text says why, for the log. The sender must hear 451."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    mail: Accepted
    kept: asyncio.Future[None]


class Acceptor:
    """Commits waiting mails in groups, in the order in which they came.

    `patience` is in seconds: for a mail from its arrival to its commit, and for one transaction.
    """

    def __init__(self, keep: Keep, *, patience: float, most_waiting: int = MOST_WAITING) -> None:
        self._keep = keep
        self._patience = patience
        self._queue: asyncio.Queue[_Waiting] = asyncio.Queue(most_waiting)
        self._held_over: _Waiting | None = None
        self._task = asyncio.get_running_loop().create_task(self._run(), name="mail acceptor")

    async def take(self, mail: Accepted) -> None:
        """Return once the mail is committed. Raises NotKeptError where that did not happen."""
        waiting = _Waiting(mail, asyncio.get_running_loop().create_future())
        try:
            self._queue.put_nowait(waiting)
        except asyncio.QueueFull:
            raise NotKeptError("the queue is full") from None
        try:
            async with asyncio.timeout(self._patience):
                await waiting.kept
        except TimeoutError:
            raise NotKeptError("no commit in time") from None

    async def close(self) -> None:
        """Commit what waits, then stop."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._patience):
                await self._queue.join()
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task

    async def _run(self) -> None:
        while True:
            group = await self._next_group()
            await self._commit(group)
            for _ in group:
                self._queue.task_done()

    async def _next_group(self) -> list[_Waiting]:
        first, self._held_over = self._held_over or await self._queue.get(), None
        group, size = [first], len(first.mail.raw)
        while len(group) < MOST_A_GROUP and not self._queue.empty():
            following = self._queue.get_nowait()
            size += len(following.mail.raw)
            if size > MOST_BYTES_A_GROUP:
                self._held_over = following
                break
            group.append(following)
        return group

    async def _commit(self, group: list[_Waiting]) -> None:
        # A sender that was told 451 comes again, so there is no hurry to keep its mail now.
        group = [one for one in group if not one.kept.done()]
        if not group:
            return
        try:
            async with asyncio.timeout(self._patience):
                await self._keep([one.mail for one in group])
        except TimeoutError:
            self._fail(group, "the store did not answer")
        except Exception as error:  # noqa: BLE001  the edge: whatever the store raises means 451
            if len(group) == 1:
                # Its text may quote the row, and so the mail: only its type is told.
                self._fail(group, f"the store raised {type(error).__name__}")
                return
            # One mail that the store refuses must not keep the others out.
            for one in group:
                await self._commit([one])
        else:
            for one in group:
                if not one.kept.done():
                    one.kept.set_result(None)

    @staticmethod
    def _fail(group: list[_Waiting], why: str) -> None:
        log.error("mail not kept", mails=len(group), why=why)
        for one in group:
            if not one.kept.done():
                one.kept.set_exception(NotKeptError(why))
