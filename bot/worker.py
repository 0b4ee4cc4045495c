"""A worker: runs jobs, and watches over those of workers that died.

Each worker runs a reaper (jobs of dead workers go back) and a sweeper (work that no job is
waiting for is started again; it should find nothing), one worker at a time, under an advisory
lock. When the database goes away the worker starts over until it is back.
"""

import asyncio
import contextlib
import os
import socket
from collections.abc import Sequence
from datetime import timedelta
from itertools import count

import psycopg
import structlog
from procrastinate import App
from procrastinate.exceptions import ConnectorException

from bot.faults import fault
from bot.jobs import STALLED_AFTER_SECONDS, Regular, register, register_regular, work
from bot.pipeline import Pipeline
from handlers.errors import StoreUnavailableError
from handlers.unit import Store

log = structlog.get_logger(__name__)

WATCH_SECONDS = 5.0
SWEEP_AFTER = timedelta(minutes=2)
ROUNDS_AN_HOUR = 720
KEPT_HOURS = 30 * 24
"""How long a job that failed for good can be looked at."""
RESTART_SECONDS = 2.0
AWAY = (ConnectorException, StoreUnavailableError, psycopg.Error, OSError)
"""What the database's absence looks like."""


async def run_worker(
    app: App,
    store: Store,
    pipeline: Pipeline,
    *,
    concurrency: int,
    regular: Sequence[Regular] = (),
) -> None:
    """Work until cancelled; `regular` is what comes by the clock."""
    register(app, "triage", pipeline.triage)
    register(app, "deliver", pipeline.deliver)
    for one in regular:
        register_regular(app, one)
    name = f"{socket.gethostname()}-{os.getpid()}"
    async with asyncio.TaskGroup() as group:
        group.create_task(_work_for_ever(app, concurrency, name))
        group.create_task(_watch(app, store, pipeline))


async def _work_for_ever(app: App, concurrency: int, name: str) -> None:
    while not _is_cancelled():
        try:
            await work(app, concurrency=concurrency, name=name)
        except AWAY as error:
            log.warning("worker lost the database", error=fault(error))
        await asyncio.sleep(RESTART_SECONDS)


def _is_cancelled() -> bool:
    """Whether this task was told to end.

    Without the database the engine's own end fails, and its error hides the cancellation.
    """
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


async def _watch(app: App, store: Store, pipeline: Pipeline) -> None:
    for number in count():
        if _is_cancelled():
            return
        try:
            async with store.advisory_lock("reaper") as is_ours:
                if is_ours:
                    await reap(app)
                    await pipeline.sweep(SWEEP_AFTER)
                    if number % ROUNDS_AN_HOUR == 0:
                        await forget_old_jobs(app)
        except AWAY as error:
            log.warning("watch lost the database", error=fault(error))
        except Exception:  # the edge of a loop: watching must go on, whatever one round met
            log.exception("watch failed")
        await asyncio.sleep(WATCH_SECONDS)


async def forget_old_jobs(app: App) -> None:
    """Remove jobs that ended badly long ago; those that ended well remove themselves."""
    await app.job_manager.delete_old_jobs(
        nb_hours=KEPT_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
    )


async def reap(app: App) -> int:
    """Give the jobs of dead workers back; returns how many."""
    stalled = list(
        await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_SECONDS)
    )
    for job in stalled:
        # A job may have ended since the list was made, and then it cannot be given back.
        with contextlib.suppress(ConnectorException):
            await app.job_manager.retry_job(job)
    if stalled:
        log.info("gave jobs of a dead worker back", jobs=len(stalled))
    return len(stalled)
