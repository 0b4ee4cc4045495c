"""The database's schema: our tables by Alembic, the job engine's by its own files."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from procrastinate.schema import SchemaManager
from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool

MIGRATIONS = Path(__file__).parent / "migrations"

ONE_AT_A_TIME = 7_214_035_118
"""The advisory lock that a migration holds; the number is arbitrary."""

ENGINE_SCHEMA = "engine_schema"
"""The row of `deployment` that names the last of the job engine's files that was applied."""


JOBS_OF_A_ROW = """
    CREATE INDEX IF NOT EXISTS triagebot_jobs_of_a_row
    ON procrastinate_jobs (task_name, ((args->>'subject')::bigint))
    WHERE status IN ('todo', 'doing')
"""
"""Whether a job is about a row is asked for each effect that waits; see `unit.nobody_on`."""


class SchemaError(Exception):
    """The database's schema is not one that this version can bring up to date."""


def migrate(address: str) -> list[str]:
    """Bring a database up to date, and say what was done; nothing if it was.

    Safe to run from several places at once, and after a kill. `address` is a libpq URL. It blocks:
    call it through `asyncio.to_thread`. Workers of an older version should be stopped first,
    because the job engine drops what only they used.

    Raises:
        SchemaError: The database is newer than this program, or not of its making.
        psycopg.OperationalError: It cannot be reached.
    """
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [ONE_AT_A_TIME])
        done = _migrate_tables(address)
        done += _migrate_engine(connection)
        connection.execute(JOBS_OF_A_ROW)
        row = connection.execute(
            "INSERT INTO deployment VALUES ('signing_key', %s)"
            " ON CONFLICT DO NOTHING RETURNING name",
            [secrets.token_hex(32)],
        ).fetchone()
    return [*done, "signing key"] if row else done


def _migrate_tables(address: str) -> list[str]:
    with alembic_on(address) as (config, connection):
        scripts = ScriptDirectory.from_config(config)
        current = MigrationContext.configure(connection).get_current_revision()
        known = {script.revision for script in scripts.walk_revisions()}
        if current is not None and current not in known:
            raise SchemaError(f"the database's schema {current} is newer than this program")
        ahead = [script.revision for script in scripts.iterate_revisions("head", current)]
        command.upgrade(config, "head")
    return [f"tables {revision}" for revision in reversed(ahead)]


@contextmanager
def alembic_on(address: str) -> Iterator[tuple[Config, Connection]]:
    """Alembic's configuration on an open transaction, which commits at the end."""
    engine = create_engine(
        address.replace("postgresql://", "postgresql+psycopg://", 1), poolclass=NullPool
    )
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        yield config, connection


def _migrate_engine(connection: psycopg.Connection) -> list[str]:
    """The whole schema once; later only the files that came after.

    Source: procrastinate's documentation, "Migrate the Procrastinate schema".
    """
    files = sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))
    last = files[-1].stem
    applied = _applied(connection)
    if applied is None:
        with connection.transaction():
            connection.execute(SchemaManager.get_schema())
            _record(connection, last)
        return [f"job engine {last}"]
    if applied > last:
        raise SchemaError(f"the job engine's schema {applied} is newer than this program's {last}")
    ahead = [file for file in files if file.stem > applied]
    for file in ahead:
        with connection.transaction():
            connection.execute(file.read_bytes())
            _record(connection, file.stem)
    return [f"job engine {file.stem}" for file in ahead]


def _applied(connection: psycopg.Connection) -> str | None:
    row = connection.execute(
        "SELECT value FROM deployment WHERE name = %s", [ENGINE_SCHEMA]
    ).fetchone()
    if row is not None:
        return str(row[0])
    if connection.execute("SELECT to_regclass('procrastinate_jobs')").fetchone() != (None,):
        raise SchemaError("the database has a job engine's tables of unknown version: use another")
    return None


def _record(connection: psycopg.Connection, name: str) -> None:
    connection.execute(
        "INSERT INTO deployment VALUES (%s, %s)"
        " ON CONFLICT (name) DO UPDATE SET value = EXCLUDED.value",
        [ENGINE_SCHEMA, name],
    )
