"""Work that comes by the clock: once for all workers, each time that it is due."""

import asyncio
from collections import Counter
from contextlib import suppress
from datetime import datetime

from bot.jobs import Regular, engine
from bot.worker import run_worker

EACH_MINUTE = "* * * * *"


async def test_of_two_workers_one_does_it_when_it_is_due(store, database, pipeline):
    done: Counter[datetime] = Counter()

    async def note(moment: datetime) -> None:
        done[moment] += 1

    apps = [engine(database, pool_size=4) for _ in range(2)]
    regular = (Regular("clock", EACH_MINUTE, note),)
    async with apps[0].open_async(), apps[1].open_async():
        workers = [
            asyncio.create_task(run_worker(app, store, pipeline, concurrency=2, regular=regular))
            for app in apps
        ]
        async with asyncio.timeout(20):
            while not done:  # noqa: ASYNC110  what is waited for is a worker's doing
                await asyncio.sleep(0.05)
        await asyncio.sleep(1)
        for worker in workers:
            worker.cancel()
            with suppress(asyncio.CancelledError):
                await worker
    assert set(done.values()) == {1}
    assert all(moment.second == 0 and moment.tzinfo is not None for moment in done)
