"""A worker: it does the jobs, takes over those of dead workers, and outlives the database."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

import psycopg
import pytest

from bot.jobs import engine
from bot.worker import reap, run_worker
from handlers.errors import StoreUnavailableError
from handlers.tables import Case, Inbound

AT_ONCE = timedelta(0)
SENT = "SELECT count(*) FROM outgoing WHERE state = 'sent'"


@pytest.fixture
def working(store, database) -> Callable[..., object]:
    """A worker that runs as long as the block does."""

    @asynccontextmanager
    async def work(pipeline) -> AsyncIterator[None]:
        app = engine(database, pool_size=6)
        async with app.open_async():
            worker = asyncio.create_task(run_worker(app, store, pipeline, concurrency=4))
            try:
                yield
            finally:
                worker.cancel()
                with suppress(asyncio.CancelledError):
                    await worker

    return work


@pytest.fixture
def sql(database) -> Callable[..., list[tuple[object, ...]]]:
    """Ask or change the database directly."""

    def run(statement: str, *values: object) -> list[tuple[object, ...]]:
        with psycopg.connect(database, autocommit=True) as connection:
            cursor = connection.execute(statement, values or None)
            return cursor.fetchall() if cursor.description else []

    return run


async def eventually(condition, seconds=20.0):
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110  what is waited for is a worker's doing
            await asyncio.sleep(0.05)


async def test_what_was_accepted_is_done_and_its_jobs_leave_nothing(working, pipeline, accept, sql):
    for number in range(20):
        await accept(sender=f"asker-{number}@uni.example")
    async with working(pipeline):
        await eventually(lambda: not sql("SELECT 1 FROM procrastinate_jobs"))
    assert sql("SELECT DISTINCT state FROM inbound") == [("done",)]
    assert sql("SELECT transport, state, count(*) FROM outgoing GROUP BY 1, 2 ORDER BY 1") == [
        ("mail", "sent", 20),
        ("slack", "sent", 20),
    ]


async def test_two_workers_share_the_work_and_do_nothing_twice(
    working, pipeline, accept, sql, relay
):
    for number in range(40):
        await accept(sender=f"asker-{number % 7}@uni.example")
    async with working(pipeline), working(pipeline):
        await eventually(lambda: not sql("SELECT 1 FROM procrastinate_jobs"))
    assert sql("SELECT count(*) FROM message WHERE direction = 'in'") == [(40,)]
    kept = sql("SELECT count(*) FROM outgoing WHERE transport = 'mail' AND state = 'sent'")
    assert kept == [(len(relay.got),)]
    assert len(set(relay.got)) == len(relay.got)


async def test_the_jobs_of_a_worker_that_died_go_back(database, accept, sql):
    await accept()
    app = engine(database, pool_size=2)
    async with app.open_async():
        dead = await app.job_manager.register_worker()
        assert await app.job_manager.fetch_job(queues=["triage"], worker_id=dead)
        assert await reap(app) == 0
        sql("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'")
        assert await reap(app) == 1
    assert sql("SELECT status::text, attempts FROM procrastinate_jobs") == [("todo", 1)]


async def test_the_sweeper_finds_nothing_while_jobs_wait_or_run(pipeline, accept, database):
    await accept()
    assert await pipeline.sweep(AT_ONCE) == 0
    app = engine(database, pool_size=2)
    async with app.open_async():
        alive = await app.job_manager.register_worker()
        assert await app.job_manager.fetch_job(queues=["triage"], worker_id=alive)
        assert await pipeline.sweep(AT_ONCE) == 0


async def test_the_sweeper_starts_again_what_no_job_is_about(pipeline, accept, sql):
    inbound = await accept()
    await pipeline.triage(inbound, 0)
    left = await accept()
    sql("DELETE FROM procrastinate_jobs")
    assert await pipeline.sweep(AT_ONCE) == 3
    assert await pipeline.sweep(AT_ONCE) == 0
    started = sql("SELECT task_name FROM procrastinate_jobs ORDER BY 1")
    assert started == [("deliver",), ("deliver",), ("triage",)]
    assert sql("SELECT 1 FROM procrastinate_jobs WHERE args->>'subject' = %s", str(left))


async def test_the_sweeper_starts_again_a_job_that_a_living_worker_lost(
    pipeline, accept, database, sql
):
    await accept()
    app = engine(database, pool_size=2)
    async with app.open_async():
        alive = await app.job_manager.register_worker()
        assert await app.job_manager.fetch_job(queues=["triage"], worker_id=alive)
        sql("UPDATE procrastinate_events SET at = now() - interval '1 hour'")
        assert await reap(app) == 0
        assert await pipeline.sweep(AT_ONCE) == 1


async def test_a_message_that_failed_is_tried_again_until_it_works(
    working, make_pipeline, accept, rows, sql
):
    tries = []

    def works_the_third_time(message):
        tries.append(message)
        if len(tries) < 3:
            raise ValueError(message.text)
        return make_pipeline().decide(message)

    await accept()
    async with working(make_pipeline(works_the_third_time)):
        await eventually(lambda: sql("SELECT 1 FROM case_record"))
    [inbound] = await rows(Inbound)
    assert (inbound.state, inbound.failures) == ("done", 2)


async def test_a_poison_message_holds_up_no_other(working, make_pipeline, accept, rows, sql):
    def poisoned(message):
        if "poison" in message.text:
            raise RecursionError
        return make_pipeline().decide(message)

    await accept("poison")
    for number in range(5):
        await accept(f"Question {number}?")
    async with working(make_pipeline(poisoned)):
        await eventually(lambda: len(sql("SELECT 1 FROM case_record")) == 6)
    assert [one.state for one in await rows(Inbound)] == ["set_aside"] + ["done"] * 5
    rules = [one.reasons[0]["rule"] for one in await rows(Case)]
    assert rules.count("set_aside") == 1


async def test_a_worker_goes_on_when_the_database_is_back(working, pipeline, accept, away, sql):
    async with working(pipeline):
        await accept()
        await eventually(lambda: sql(SENT) == [(2,)])
        away.begin()
        await asyncio.sleep(3)
        away.end()
        with suppress(StoreUnavailableError):  # what the first use of a broken connection meets
            await accept()
        await accept(sender="alex@uni.example")
        await eventually(lambda: sql("SELECT DISTINCT state FROM inbound") == [("done",)], 40)
        await eventually(lambda: not sql("SELECT 1 FROM outgoing WHERE state <> 'sent'"), 40)


async def test_the_questions_that_are_asked_all_day_are_answered_from_an_index(sql):
    sql(
        "INSERT INTO enquiry (reference, channel, requester, requester_name, subject,"
        " slack_channel, slack_thread) SELECT 'ENQ-' || n, 'slack', 'U' || n, '', '', 'C1',"
        " n::text FROM generate_series(1, 20000) n"
    )
    sql(
        "INSERT INTO outgoing (key, transport, kind, enquiry_id, recipient, automatic, payload,"
        " state, sent_at) SELECT n::text, 'mail', 'answer', n, 'u' || n, true, '{}', 'sent', now()"
        " FROM generate_series(1, 20000) n"
    )
    sql(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, args, priority)"
        " SELECT 'deliver', 'deliver', jsonb_build_object('subject', n), 0"
        " FROM generate_series(1, 20000) n"
    )
    for table in ("enquiry", "outgoing", "procrastinate_jobs"):
        sql(f"ANALYZE {table}")
    for question, index in {
        "SELECT 1 FROM enquiry WHERE slack_channel = 'C1' AND slack_thread = '77'": (
            "enquiry_of_thread"
        ),
        "SELECT 1 FROM procrastinate_jobs WHERE task_name = 'deliver' AND status = 'todo'"
        " AND (args->>'subject')::bigint = 77": "triagebot_jobs_of_a_row",
        "SELECT id FROM outgoing WHERE sent_at IS NULL AND state IN ('ready', 'sending')": (
            "outgoing_unfinished"
        ),
        "SELECT count(*) FROM outgoing WHERE recipient = 'u7' AND automatic"
        " AND transport = 'mail' AND created_at > now() - interval '1 day'": "outgoing_to",
    }.items():
        plan = "\n".join(str(line) for (line,) in sql(f"EXPLAIN {question}"))
        assert index in plan
