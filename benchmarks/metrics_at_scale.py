"""How long pages and metrics take on a million decisions: prints one line each, then JSON.

    .venv/bin/python benchmarks/metrics_at_scale.py [--decisions 1000000] [--keep FOLDER]

It starts the embedded PostgreSQL in a folder of its own, fills a year with generate_series, asks
each metric over the whole year three times, and reports the best and the median. The first
request for the page also draws its charts; later ones find them drawn.
"""

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import aiohttp
import psycopg

from bot.postgres import EmbeddedPostgres
from bot.settings import Settings
from bot.web.app import create_app
from bot.web.health import TriageStatus
from bot.web.knowledge import KnowledgePages
from bot.web.server import WebServer
from handlers.feedback_figures import answers
from handlers.metrics import By, parse_by, volumes
from handlers.periods import LONDON, Period
from handlers.schema import migrate
from handlers.summary import summary
from handlers.unit import Job, Store

DAYS = 364
ROUNDS = 3
PAIRS = ("day,type", "day,topic", "type,route", "topic,type", "month,flag")
LIMIT_SECONDS = 1.0

FILL = """
INSERT INTO enquiry (reference, channel, requester, requester_name, subject)
SELECT 'ENQ-' || n, 'email', 'person' || n %% 50000 || '@example.org', '', 'A question'
FROM generate_series(1, %(count)s) n;

INSERT INTO message (enquiry_id, direction, author, author_name, "references", subject,
    text, new_text, attachments, is_bounce)
SELECT n, 'in', '', '', '{}', '', '', '', '[]', false FROM generate_series(1, %(count)s) n;

INSERT INTO decision (message_id, channel, route, outcome, types, topics, flags, confidence,
    record, milliseconds, decided_at)
SELECT n,
    CASE WHEN n %% 8 = 0 THEN 'slack' ELSE 'email' END,
    CASE WHEN r < 0.45 THEN 'answer' WHEN r < 0.9 THEN 'escalate' ELSE 'ignore' END,
    CASE WHEN r < 0.42 THEN 'answered' WHEN r < 0.85 THEN 'case'
         WHEN r < 0.9 THEN 'joined' ELSE 'ignored' END,
    (ARRAY['{ndrs}', '{copi_exit}', '{charges}', '{existing_application}', '{published_data}',
        '{ndrs,charges}', '{process}', '{existing_application,charges}',
        '{published_data,ndrs}', '{other}'])[1 + floor(random() * 10)]::text[],
    ARRAY[(ARRAY['ndrs-apply', 'copi-exit', 'charges-guidance', 'published-data', 'contact'])
        [1 + floor(random() * 5)], (ARRAY['contracts', 'data-access', 'audits', 'ncardrs'])
        [1 + floor(random() * 4)]],
    (ARRAY['{patient_data}', '{incident}', '{complaint}', '{statutory}', '{media}', '{}', '{}',
        '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}'])[1 + floor(random() * 15)]::text[],
    random(), jsonb_build_object('reasons', repeat(md5(n::text), 25)),
    3 + random() * random() * 60,
    now() - n * %(gap)s::interval
FROM (SELECT n, random() AS r FROM generate_series(1, %(count)s) n) drawn;

INSERT INTO case_record (enquiry_id, state, types, flags, reasons, summary, draft, opened_at,
    first_reply_at)
SELECT message_id,
    CASE WHEN message_id < 3000 THEN (ARRAY['new', 'open', 'waiting'])[1 + message_id %% 3]
         ELSE 'resolved' END,
    types, flags, '[]', repeat('word ', 60), repeat('word ', 120), decided_at,
    decided_at + random() * interval '2 days'
FROM decision WHERE outcome = 'case';

INSERT INTO inbound (key, channel, envelope_from, envelope_to, peer, raw, state, received_at)
SELECT n::text, 'email', '', '{}', '', '',
    CASE WHEN n %% 50000 = 0 THEN 'set_aside' ELSE 'done' END,
    now() - n * %(gap)s::interval
FROM generate_series(1, %(count)s) n;

INSERT INTO outgoing (key, transport, kind, enquiry_id, recipient, automatic, payload, state,
    created_at, sent_at)
SELECT message_id::text, 'mail',
    CASE WHEN outcome = 'answered' THEN 'answer' ELSE 'acknowledgement' END,
    message_id, 'person@example.org', true,
    CASE WHEN outcome = 'answered' THEN jsonb_build_object('content', jsonb_build_object('parts',
        jsonb_build_array(
            jsonb_build_object('article', topics[1], 'text', repeat(md5(message_id::text), 14)),
            jsonb_build_object('article', topics[2], 'text', repeat(md5(message_id::text), 14)))))
    ELSE '{}' END,
    CASE WHEN message_id < 10 THEN 'ready' WHEN message_id < 14 THEN 'held'
         WHEN message_id < 20 THEN 'failed' ELSE 'sent' END,
    decided_at, CASE WHEN message_id < 20 THEN NULL ELSE decided_at + interval '1 second' END
FROM decision ORDER BY decided_at;

INSERT INTO case_event (case_id, version, kind, actor, actor_name, detail, at)
SELECT id, place, (ARRAY['opened', 'claim', 'reply', 'write_again', 'resolve'])[place],
    '', '', '{}', opened_at + place * interval '1 hour'
FROM case_record, generate_series(1, 5) place;

INSERT INTO feedback (outgoing_id, said)
SELECT id, CASE WHEN id %% 5 = 0 THEN 'no' ELSE 'yes' END FROM outgoing
WHERE kind = 'answer' AND id %% 3 = 0;
"""


class NoJobs:
    """Reading figures causes no work."""

    async def defer(
        self, jobs: Sequence[Job], connection: "psycopg.AsyncConnection[object]"
    ) -> None:
        """Refuse."""
        raise AssertionError(f"nothing should be deferred: {jobs} on {connection}")


def fill(address: str, count: int) -> None:
    """A year of decisions, evenly spread up to now."""
    gap = f"{DAYS * 86_400 / count} seconds"
    with psycopg.connect(address, autocommit=True) as connection:
        for statement in FILL.split(";\n"):
            if statement.strip():
                connection.execute(statement, {"count": count, "gap": gap}, prepare=False)
        connection.execute("VACUUM ANALYZE")


async def timed(name: str, ask: Callable[[], Awaitable[object]]) -> dict[str, float | str]:
    """Ask three times; the best and the median in seconds."""
    taken = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        await ask()
        taken.append(time.perf_counter() - start)
    line: dict[str, float | str] = {
        "what": name,
        "first": round(taken[0], 3),
        "best": round(min(taken), 3),
        "median": round(statistics.median(taken), 3),
    }
    print(f"{name:28} first {line['first']:>6} s   best {line['best']:>6} s", flush=True)
    return line


async def measure(address: str) -> list[dict[str, float | str]]:
    """Every metric, then every page, over the whole year."""
    store = Store(address, NoJobs())
    today = datetime.now(LONDON).date()
    period = Period(today - timedelta(days=DAYS), today)

    async def count(by: str) -> None:
        async with store.unit() as unit:
            await volumes(unit, period, parse_by(by))

    async def sum_up() -> None:
        async with store.unit() as unit:
            await summary(unit, period)

    async def helped() -> None:
        async with store.unit() as unit:
            await answers(unit, period, assumed_days=5)

    lines = [await timed(f"volumes by {by}", lambda by=by: count(by)) for by in (*By, *PAIRS)]
    lines.append(await timed("summary", sum_up))
    lines.append(await timed("how answers did", helped))
    app = create_app(store, Settings(), TriageStatus(model="benchmark", has_encoder=True))
    server = WebServer(app, "127.0.0.1", 0)
    async with aiohttp.ClientSession(await server.start()) as client:

        async def get(path: str) -> None:
            async with client.get(path) as answer:
                answer.raise_for_status()
                await answer.read()

        app.router.routes.extend(KnowledgePages({}, str).routes())
        year = f"/?from={period.first}&to={period.last}"
        paths = {"of a year": year, "of 90 days": "/?days=90", "of 30 days": "/?days=30"}
        paths |= {one: one for one in ("/metrics", "/health", "/knowledge", "/gaps")}
        lines += [
            await timed(f"page {name}", lambda path=path: get(path)) for name, path in paths.items()
        ]
    await server.stop()
    await store.close()
    return lines


def main() -> None:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--decisions", type=int, default=1_000_000)
    parser.add_argument("--keep", type=Path, help="folder of the database, reused if filled")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tb-") as folder:
        home = (wanted.keep or Path(folder)).absolute()
        home.mkdir(parents=True, exist_ok=True)
        home.chmod(0o711)  # root's server runs as another account, which must get in
        asyncio.run(run(EmbeddedPostgres(home), wanted.decisions))


async def run(server: EmbeddedPostgres, decisions: int) -> None:
    """All of it on a server of its own."""
    await server.start()
    try:
        migrate(server.address)
        with psycopg.connect(server.address) as connection:
            found = connection.execute("SELECT count(*) FROM decision").fetchone()
        if found == (0,):
            start = time.perf_counter()
            fill(server.address, decisions)
            print(f"filled with {decisions:,} decisions in {time.perf_counter() - start:.0f} s")
        lines = await measure(server.address)
    finally:
        await server.stop()
    slow = [str(line["what"]) for line in lines if float(line["median"]) > LIMIT_SECONDS]
    print(json.dumps({"limit_seconds": LIMIT_SECONDS, "slower": slow, "timings": lines}))


if __name__ == "__main__":
    main()
