"""The unit of work: one transaction, and the jobs deferred in it."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol, cast

import psycopg
from sqlalchemy import TextClause, func, select, text
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from handlers.errors import StoreUnavailableError

Task = Literal["triage", "deliver"]

LONGEST_JOB_MINUTES = 15
"""No job takes as long: a relay that answers each step at the last moment needs five."""


@dataclass(frozen=True, slots=True)
class Job:
    """Work to be done after the commit: `subject` is the id of an inbound or outgoing row."""

    task: Task
    subject: int
    delay_seconds: float = 0


class JobQueue(Protocol):
    """Where jobs go. They must become visible with the connection's commit, or not at all."""

    async def defer(
        self, jobs: Sequence[Job], connection: "psycopg.AsyncConnection[object]"
    ) -> None:
        """Write the jobs on this connection, within the transaction that it is in."""
        ...


@dataclass
class Unit:
    """One transaction. Leaving the `async with` commits; an exception rolls everything back."""

    session: AsyncSession
    jobs: list[Job] = field(default_factory=list)

    def defer(self, job: Job) -> None:
        """Have a job start once this unit has committed."""
        self.jobs.append(job)

    async def now(self) -> datetime:
        """The database's time: one clock for all hosts."""
        return (await self.session.execute(select(func.now()))).scalar_one()


class Store:
    """The database. `address` is a libpq URL, `postgresql://…`."""

    def __init__(self, address: str, queue: JobQueue, *, pool_size: int = 10) -> None:
        url = address.replace("postgresql://", "postgresql+psycopg://", 1)
        self.engine: AsyncEngine = create_async_engine(
            url,
            pool_size=pool_size,
            max_overflow=5,
            # A failing statement is logged; what people wrote is no part of it.
            hide_parameters=True,
        )
        self._alone = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        self._queue = queue

    @asynccontextmanager
    async def statement(self) -> AsyncIterator[Unit]:
        """A unit for one statement, which is its own transaction: two round trips fewer.

        It cannot defer jobs. Raises as `unit` does.
        """
        with _as_ours():
            async with AsyncSession(self._alone, expire_on_commit=False) as session:
                yield Unit(session)

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[Unit]:
        """A unit of work; its jobs are written just before the commit, on its own connection.

        Raises StoreUnavailableError where the database is away or gave up on the transaction:
        the same may work later. Nothing happened, unless it went away during the commit itself.
        """
        with _as_ours():
            async with (
                AsyncSession(self.engine, expire_on_commit=False) as session,
                session.begin(),
            ):
                unit = Unit(session)
                yield unit
                if unit.jobs:
                    await session.flush()
                    await self._queue.defer(unit.jobs, await driver_connection(session))

    @asynccontextmanager
    async def advisory_lock(self, name: str) -> AsyncIterator[bool]:
        """Whether this lock is ours, held to the end of the block; never waits for it."""
        async with self.unit() as unit:
            row = await unit.session.execute(
                select(func.pg_try_advisory_xact_lock(func.hashtext(name)))
            )
            yield bool(row.scalar_one())

    async def close(self) -> None:
        """Give the connections back."""
        await self.engine.dispose()


@contextmanager
def _as_ours() -> Iterator[None]:
    """Tell the database's absence from the fault of one message."""
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        if _beyond_a_limit(error):
            raise
        raise StoreUnavailableError from error


def nobody_on(task: Task, row: str) -> TextClause:
    """Whether no job of this task waits or works on a row; `row` is its id's column, as in SQL.

    A job that began long ago and never ended is no work: the end of it was lost, by a connection
    that broke just then, and its worker may live on. The schema holds an index for this.
    """
    return text(
        f"{nobody_waits(task, row)} AND NOT EXISTS (SELECT 1 FROM procrastinate_jobs job"  # noqa: S608  names of ours only
        " JOIN procrastinate_events event ON event.job_id = job.id AND event.type = 'started'"
        f" AND event.at > now() - interval '{LONGEST_JOB_MINUTES} minutes'"
        f" WHERE job.task_name = '{task}' AND job.status = 'doing'"
        f" AND (job.args->>'subject')::bigint = {row})"
    )


def nobody_waits(task: Task, row: str) -> TextClause:
    """Whether no job of this task waits to be about a row, whoever works on it now."""
    return text(
        "NOT EXISTS (SELECT 1 FROM procrastinate_jobs job"  # noqa: S608  names of ours only
        f" WHERE job.task_name = '{task}' AND job.status = 'todo'"
        f" AND (job.args->>'subject')::bigint = {row})"
    )


def _beyond_a_limit(error: OperationalError | InterfaceError) -> bool:
    """Whether the statement itself was too much, and will be so for ever (SQLSTATE class 54)."""
    return str(getattr(error.orig, "sqlstate", None) or "").startswith("54")


async def driver_connection(session: AsyncSession) -> "psycopg.AsyncConnection[object]":
    """The psycopg connection under a session, for a library that speaks to it directly."""
    connection = await session.connection()
    raw = await connection.get_raw_connection()
    return cast("psycopg.AsyncConnection[object]", raw.driver_connection)
