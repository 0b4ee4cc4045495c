"""Reading what App Home shows of an officer's cases, their own in the order of their clocks."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bot.slack.home_look import Look
from bot.slack.home_views import FIRST_LINES, MOST_LINES, Desk
from handlers.case_queue import OpenCase, Queue, counts, listed
from handlers.clock_reading import clocks_of
from handlers.clock_words import TITLES, in_few_words
from handlers.clocks import Clock, ClockState, most_pressing
from handlers.targets import ClockRules
from handlers.unit import Unit

MOST_SORTED = 300
"""Cases of one officer that are put in the order of their clocks: the oldest of them."""
NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class HomeReading:
    """Reads the tab of one officer at one moment."""

    unit: Unit
    user: str
    look: Look
    rules: ClockRules
    now: datetime

    async def desk(self, workspace: str) -> Desk:
        """What the tab shows."""
        numbers = await counts(self.unit, self.user, self.look.sieve)
        look = self.look
        if look.queue:
            # A page that was emptied meanwhile gives way to the last one that is not.
            last = max(0, numbers[Queue(look.queue)] - 1) // MOST_LINES
            look = replace(look, page=min(look.page, last))
        queues = [Queue(look.queue)] if look.queue else list(Queue)
        first = look.page * MOST_LINES if look.queue else 0
        limit = MOST_LINES if look.queue else FIRST_LINES
        lists: dict[Queue, list[OpenCase]] = {}
        due: dict[int, str] = {}
        for queue in queues:
            lines = await self._lines(queue, first, limit) if numbers[queue] else []
            lists[queue] = lines
            due |= self._words(await self._clocks(lines))
        return Desk(look, numbers, lists, workspace, self.now, due)

    async def _lines(self, queue: Queue, first: int, limit: int) -> list[OpenCase]:
        if queue is not Queue.MINE or first + limit > MOST_SORTED:
            return await listed(
                self.unit, queue, self.user, limit=limit, sieve=self.look.sieve, offset=first
            )
        lines = await listed(self.unit, queue, self.user, limit=MOST_SORTED, sieve=self.look.sieve)
        clocks = await self._clocks(lines)
        # What is snoozed is out of the way until its time.
        lines.sort(key=lambda one: (one.snoozed_until is not None, _due(clocks.get(one.id, ()))))
        return lines[first : first + limit]

    async def _clocks(self, lines: list[OpenCase]) -> Mapping[int, tuple[Clock, ...]]:
        return await clocks_of(self.unit, [line.id for line in lines], self.rules, self.now)

    def _words(self, clocks: Mapping[int, tuple[Clock, ...]]) -> dict[int, str]:
        pressing = {case_id: most_pressing(of_it) for case_id, of_it in clocks.items()}
        return {
            case_id: _in_words(clock, self.rules, self.now)
            for case_id, clock in pressing.items()
            if clock is not None
        }


def _due(clocks: tuple[Clock, ...]) -> datetime:
    pressing = most_pressing(clocks)
    return NEVER if pressing is None or pressing.due is None else pressing.due


def _in_words(clock: Clock, rules: ClockRules, now: datetime) -> str:
    late = ":alarm_clock: " if clock.state is ClockState.LATE else ""
    return f"{late}{TITLES[clock.name]}: {in_few_words(clock, rules, now)}"
