"""The work engine: jobs deferred in our own transactions, run by workers, retried with backoff.

procrastinate keeps its jobs in our PostgreSQL, so that a job and the row that it is about are
committed together. Two tasks: `triage` for an inbound row, `deliver` for an outgoing row. Both
may run twice without harm: each guards its row's state. Beside them is work that comes by the
clock, once for all workers.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby

import psycopg
from procrastinate import App, JobContext, PsycopgConnector, RetryStrategy
from procrastinate.types import JSONValue

from handlers.unit import Job, Task

HEARTBEAT_SECONDS = 5.0
CONNECTION_SECONDS = 5.0
"""Longest wait for a connection: a worker that is told to end must not hang on a database that is
away."""
STALLED_AFTER_SECONDS = 20.0
"""A worker silent for this long is dead: its jobs go to others."""

RETRIES = {
    "triage": RetryStrategy(max_attempts=30, exponential_wait=2),
    "deliver": RetryStrategy(max_attempts=30, linear_wait=2),
}
"""For exceptions only; a relay's or Slack's refusals have their own backoff in the outbox."""

WAITING_PRIORITY = -1

REGULAR = "regular"
"""The queue of work that comes by the clock."""

Run = Callable[[int, int], Awaitable[None]]
"""Does one job; arguments are the row's id and how often the job was tried before."""


def engine(address: str, *, pool_size: int = 10) -> App:
    """The engine on this database; open it before use."""
    connector = PsycopgConnector(
        conninfo=address,
        min_size=1,
        max_size=pool_size,
        timeout=CONNECTION_SECONDS,
        configure=_alone,
    )
    return App(connector=connector)


async def _alone(connection: "psycopg.AsyncConnection[object]") -> None:
    """Have each statement of the engine be its own transaction: two round trips fewer."""
    await connection.set_autocommit(True)


@dataclass(frozen=True, slots=True)
class EngineQueue:
    """Defers jobs on the caller's own connection, so that they commit with its rows."""

    app: App

    async def defer(
        self, jobs: Sequence[Job], connection: "psycopg.AsyncConnection[object]"
    ) -> None:
        """Write the jobs in one statement for each task and delay."""
        ordered = sorted(jobs, key=lambda job: (job.task, job.delay_seconds))
        for (task, delay), group in groupby(ordered, lambda job: (job.task, job.delay_seconds)):
            deferrer = self.app.configure_task(
                task,
                allow_unknown=True,
                queue=task,
                connection=connection,
                schedule_in={"seconds": delay} if delay else None,
                # The engine looks through jobs in this order: many that wait for their time
                # must not stand before those that can be done.
                priority=WAITING_PRIORITY if delay else None,
            )
            arguments: list[dict[str, JSONValue]] = [{"subject": job.subject} for job in group]
            await deferrer.batch_defer_async(*arguments)


def register(app: App, task: Task, run: Run) -> None:
    """Let workers of this app do the task with `run`."""

    async def perform(context: JobContext, *, subject: int) -> None:
        await run(subject, context.job.attempts)

    app.task(name=task, queue=task, retry=RETRIES[task], pass_context=True)(perform)


@dataclass(frozen=True, slots=True)
class Regular:
    """Work that comes by the clock; it may run twice without harm."""

    name: str
    cron: str
    """Minute, hour, day, month and day of the week, in UTC."""
    run: Callable[[datetime], Awaitable[None]]
    """Takes the moment for which it is done."""


def register_regular(app: App, regular: Regular) -> None:
    """Have one worker, whichever comes first, do this each time that it is due.

    Where no worker runs within ten minutes of that, it is left out until the next time.
    """

    async def perform(timestamp: int) -> None:
        await regular.run(datetime.fromtimestamp(timestamp, UTC))

    task = app.task(name=regular.name, queue=REGULAR, queueing_lock=regular.name)(perform)
    app.periodic(cron=regular.cron, periodic_id=regular.name)(task)


async def work(app: App, *, concurrency: int, name: str) -> None:
    """Run jobs until cancelled; what is in hand is finished first."""
    await app.run_worker_async(
        queues=["triage", "deliver", REGULAR],
        name=name,
        concurrency=concurrency,
        install_signal_handlers=False,
        listen_notify=True,
        fetch_job_polling_interval=2.0,
        delete_jobs="successful",
        update_heartbeat_interval=HEARTBEAT_SECONDS,
        stalled_worker_timeout=STALLED_AFTER_SECONDS,
        shutdown_graceful_timeout=10.0,
    )
