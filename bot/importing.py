"""Bulk import: the mails of archives are decided in shadow; nothing leaves, and nobody is told."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.brain import Brain
from bot.faults import fault
from bot.long_work import CommandError, Progress, Report
from bot.mail.archives import Stored, Unreadable, count, mails_in
from handlers.archive import Archived, known_of, record
from handlers.desk import Desk
from handlers.enquiries import Arrival
from handlers.errors import StoreUnavailableError
from handlers.inbound import Waiting
from handlers.intake import Accepted
from handlers.receive import Judged, judge
from handlers.unit import Store
from triage.decision import Decision
from triage.many import decide_many
from triage.message import Message

MOST_A_CHUNK = 64
"""Mails decided together: the encoder is quicker on many."""
MOST_BYTES_A_CHUNK = 32 * 1024 * 1024

Tell = Callable[[str], None]
"""Told of each mail that cannot be taken, in a line."""


@dataclass
class _Tally:
    """What became of the mails so far."""

    tell: Tell
    read: int = 0
    new: int = 0
    known: int = 0
    routes: Counter[str] = field(default_factory=Counter)
    faults: list[dict[str, str]] = field(default_factory=list)

    def failed(self, name: str, why: str) -> None:
        self.faults.append({"name": name, "why": why})
        self.tell(f"{name}: {why}")


@dataclass(frozen=True, slots=True)
class _Undecided:
    """A mail that is new here, and where it stands in the archive."""

    name: str
    mail: Accepted


@dataclass(frozen=True, slots=True)
class ArchiveImport:
    """Decides archived mails with what decides live ones, and records both."""

    store: Store
    desk: Desk
    brain: Brain
    as_accepted: Callable[[bytes], Accepted]
    read: Callable[[Waiting], Arrival]
    most_bytes: int

    async def run(self, paths: Sequence[Path], progress: Progress, tell: Tell) -> Report:
        """Import all of these; running it again imports only what is not here yet.

        Raises CommandError where the database goes away; what was recorded until then stays.
        """
        tally, start = _Tally(tell), time.perf_counter()
        total = sum(await asyncio.to_thread(lambda: [count(path) for path in paths]))
        progress("reading", 0, total)
        chunks = _chunks(one for path in paths for one in mails_in(path, self.most_bytes))
        try:
            while chunk := await asyncio.to_thread(next, chunks, None):
                await self._take(chunk, tally)
                progress("deciding", tally.read, max(total, tally.read))
        except StoreUnavailableError:
            raise CommandError(
                f"the database went away after {tally.read} mails; run the same command again"
            ) from None
        return _report(tally, time.perf_counter() - start)

    async def _take(self, chunk: list[Stored | Unreadable], tally: _Tally) -> None:
        tally.read += len(chunk)
        stored = [one for one in chunk if isinstance(one, Stored)]
        for one in chunk:
            if isinstance(one, Unreadable):
                tally.failed(one.name, one.why)
        undecided = await asyncio.to_thread(self._enveloped, stored)
        async with self.store.statement() as unit:
            known = await known_of(unit, [one.mail for one in undecided])
        new = [one for one in undecided if one.mail.key not in known]
        tally.known += len(undecided) - len(new)
        for name, archived in await asyncio.to_thread(self._decided, new, tally):
            await self._record(name, archived, tally)

    def _enveloped(self, stored: Iterable[Stored]) -> list[_Undecided]:
        return [_Undecided(one.name, self.as_accepted(one.raw)) for one in stored]

    def _decided(
        self, undecided: Sequence[_Undecided], tally: _Tally
    ) -> list[tuple[str, Archived]]:
        """Read and decide these; one that cannot be is named, and the others go on."""
        named: list[tuple[str, Accepted, Arrival]] = []
        for one in undecided:
            try:
                named.append((one.name, one.mail, self.read(_as_waiting(one.mail))))
            except Exception as error:  # noqa: BLE001 -- one mail's fault must not stop the rest
                tally.failed(one.name, fault(error))
        start = time.perf_counter()
        try:
            decisions = self._decide([arrival.message for _, _, arrival in named])
        except Exception:  # noqa: BLE001 -- one of them is at fault: each alone, to find it
            return list(self._decided_alone(named, tally))
        each = (time.perf_counter() - start) * 1000 / max(1, len(named))
        return [
            (name, Archived(mail, arrival, Judged(decision, each)))
            for (name, mail, arrival), decision in zip(named, decisions, strict=True)
        ]

    def _decided_alone(
        self, named: Iterable[tuple[str, Accepted, Arrival]], tally: _Tally
    ) -> Iterator[tuple[str, Archived]]:
        for name, mail, arrival in named:
            try:
                yield name, Archived(mail, arrival, judge(self.brain.decide, arrival.message))
            except Exception as error:  # noqa: BLE001 -- as above: it is named, and left out
                tally.failed(name, fault(error))

    def _decide(self, messages: Sequence[Message]) -> list[Decision]:
        return decide_many(messages, self.brain.model, self.brain.library) if messages else []

    async def _record(self, name: str, archived: Archived, tally: _Tally) -> None:
        try:
            async with self.store.unit() as unit:
                is_new = await record(unit, archived, self.desk)
        except StoreUnavailableError:
            raise
        except Exception as error:  # noqa: BLE001 -- it is named, and not there: tried again later
            tally.failed(name, fault(error))
            return
        if not is_new:
            tally.known += 1
            return
        tally.new += 1
        tally.routes[str(archived.judged.decision.route)] += 1


def _as_waiting(mail: Accepted) -> Waiting:
    return Waiting(0, "email", mail.envelope_from, mail.envelope_to, mail.raw)


def _chunks(found: Iterable[Stored | Unreadable]) -> Iterator[list[Stored | Unreadable]]:
    chunk: list[Stored | Unreadable] = []
    size = 0
    for one in found:
        chunk.append(one)
        size += len(one.raw) if isinstance(one, Stored) else 0
        if len(chunk) == MOST_A_CHUNK or size > MOST_BYTES_A_CHUNK:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _report(tally: _Tally, seconds: float) -> Report:
    summary: dict[str, Any] = {
        "read": tally.read,
        "new": tally.new,
        "known": tally.known,
        "failed": len(tally.faults),
        "by_route": dict(sorted(tally.routes.items())),
        "faults": tally.faults,
        "seconds": round(seconds, 2),
    }
    lines = [
        f"{tally.read} read, {tally.new} of them new; {tally.known} known already",
        f"{len(tally.faults)} failed; {seconds:.0f} s",
        *(f"  {route}: {number}" for route, number in sorted(tally.routes.items())),
    ]
    return Report(summary, lines)
