"""How long a card takes to draw beside ten thousand cases: prints one line for each step.

    .venv/bin/python benchmarks/card_speed.py [--cases 10000]

It starts the embedded PostgreSQL in a folder of its own and fills it with labelled messages as
cases, most of them resolved. The first card also reads all cases into memory; the first card of
each case also has its likenesses encoded. Ends with code 1 where a bound is exceeded.
"""

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import psycopg

from bot.brain import load_encoder
from bot.postgres import EmbeddedPostgres
from bot.settings import Settings
from bot.slack.views import card
from handlers.case_background import Behind
from handlers.case_view import case_view
from handlers.escalate import summary_of
from handlers.schema import migrate
from handlers.similar_cases import PastCases
from handlers.targets import ClockRules
from handlers.unit import Job, Store
from triage import labelled
from triage.labelled import Labelled

ROUNDS = 100
FIRST_BAR, NEW_BAR, AGAIN_BAR = 2000.0, 500.0, 100.0
"""Milliseconds: the very first card, half of new ones, and half of those drawn again."""
PEOPLE = 2000


class NoJobs:
    """Drawing causes no work."""

    async def defer(
        self, jobs: Sequence[Job], connection: "psycopg.AsyncConnection[object]"
    ) -> None:
        """Refuse."""
        raise AssertionError(f"nothing should be deferred: {jobs} on {connection}")


def fill(address: str, count: int, messages: list[Labelled], *, open_every: int = 7) -> None:
    """Cases in their order: each a message of another person on the next matter.

    One of so many is open, the others are resolved.
    """
    with psycopg.connect(address, autocommit=True) as connection:
        for number in range(1, count + 1):
            one = messages[number % len(messages)]
            # Words of its own make each case another one, as in life.
            text = f"{one.body}\n\nOur reference is {number * 7919}."
            person = f"person{number % PEOPLE}@example.org"
            kinds, flags = list(map(str, one.types)), list(map(str, one.flags))
            record = {
                "types": kinds,
                "type_scores": dict.fromkeys(kinds, 0.8),
                "route": "escalate",
                "topics": list(map(str, one.topics)),
                "flags": flags,
                "confidence": 0.9,
                "reasons": [],
                "passages": [],
                "series": [],
                "model": "example",
                "thresholds": {},
            }
            connection.execute(
                "INSERT INTO enquiry (reference, channel, requester, requester_name, subject)"
                " VALUES (%s, 'email', %s, '', %s)",
                [f"ENQ-{number}", person, one.subject],
            )
            connection.execute("INSERT INTO participant VALUES (%s, %s)", [number, person])
            connection.execute(
                'INSERT INTO message (enquiry_id, direction, author, author_name, "references",'
                " subject, text, new_text, attachments, is_bounce)"
                " VALUES (%s, 'in', %s, '', '{}', %s, %s, %s, '[]', false)",
                [number, person, one.subject, text, text],
            )
            connection.execute(
                "INSERT INTO decision (message_id, channel, route, outcome, types, topics, flags,"
                " confidence, record, milliseconds)"
                " VALUES (%s, 'email', 'escalate', 'case', %s, %s, %s, 0.9, %s, 1)",
                [number, kinds, record["topics"], flags, json.dumps(record)],
            )
            ended = number % open_every != 0
            connection.execute(
                "INSERT INTO case_record (enquiry_id, state, types, flags, reasons, summary,"
                " draft, resolution) VALUES (%s, %s, %s, %s, '[]', %s, '', %s)",
                [
                    number,
                    "resolved" if ended else "open",
                    kinds,
                    flags,
                    summary_of(text),
                    "answered" if ended else None,
                ],
            )
        connection.execute("VACUUM ANALYZE")


async def drawn(store: Store, past: PastCases, number: int) -> tuple[float, int]:
    """Milliseconds that a card took, and how many similar cases it shows."""
    start = time.perf_counter()
    async with store.unit() as unit:
        case = await case_view(unit, number)
        behind = await Behind(past, ClockRules()).read(unit, case)
    card(case, behind)
    return 1000 * (time.perf_counter() - start), len(behind.similar)


async def measure(address: str, count: int) -> bool:
    """Draw, print; whether all bounds were kept."""
    store = Store(address, NoJobs())
    encoder = load_encoder(Settings())
    past = PastCases(encoder)
    numbers = range(count - 5 * ROUNDS, count, 5)
    first, _ = await drawn(store, past, count)
    new = [await drawn(store, past, number) for number in numbers]
    again = [await drawn(store, past, number) for number in numbers]
    await store.close()
    shown = statistics.mean(found for _, found in new)
    kept = True
    for name, times, bar in (
        ("the first card", [first], FIRST_BAR),
        ("new cards", [took for took, _ in new], NEW_BAR),
        ("cards drawn again", [took for took, _ in again], AGAIN_BAR),
    ):
        half, most = statistics.median(times), max(times)
        kept = kept and half <= bar
        print(f"{name}: p50 {half:.0f} ms, longest {most:.0f} ms, bar {bar:.0f} ms")
    by = "words and sense" if encoder else "words"
    print(f"{count} cases by {by}: {shown:.1f} similar ones a card")
    return kept


def main() -> None:
    """Fill, measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    count = parser.parse_args().cases
    messages = [one for one in labelled.read(labelled.CALIBRATION) if one.route == "escalate"]

    async def run() -> bool:
        with tempfile.TemporaryDirectory(prefix="tb-") as folder:
            server = EmbeddedPostgres(Path(folder), settings=("fsync=off",))
            await server.start()
            try:
                await asyncio.to_thread(migrate, server.address)
                await asyncio.to_thread(fill, server.address, count, messages)
                return await measure(server.address, count)
            finally:
                await server.stop()

    raise SystemExit(0 if asyncio.run(run()) else 1)


if __name__ == "__main__":
    main()
