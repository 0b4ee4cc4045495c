"""The schema that migrations make."""

import asyncio

import psycopg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from procrastinate import App, PsycopgConnector
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from handlers.columns import Base
from handlers.schema import SchemaError, alembic_on, migrate


def test_the_migrations_make_exactly_the_tables_that_the_code_declares(database: str) -> None:
    with alembic_on(database) as (_, connection):
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_server_default": True,
                "include_name": lambda name, kind, _: (
                    kind != "table" or not name.startswith(("procrastinate_", "alembic_"))
                ),
            },
        )
        assert compare_metadata(context, Base.metadata) == []


def test_migrating_again_does_nothing(empty_database: str) -> None:
    done = migrate(empty_database)
    assert done[0] == "tables 0001"
    assert done[-1] == "signing key"
    assert migrate(empty_database) == []


async def test_two_migrations_at_once_do_the_work_once(empty_database: str) -> None:
    both = await asyncio.gather(
        asyncio.to_thread(migrate, empty_database), asyncio.to_thread(migrate, empty_database)
    )
    assert sorted(map(bool, both)) == [False, True]


def test_each_deployment_has_its_own_signing_key_and_keeps_it(empty_database: str) -> None:
    def key() -> str:
        with psycopg.connect(empty_database) as connection:
            row = connection.execute("SELECT value FROM deployment WHERE name = 'signing_key'")
            return str(row.fetchone()[0])

    migrate(empty_database)
    first = key()
    migrate(empty_database)
    assert len(first) == 64
    assert key() == first


def test_a_database_of_a_newer_version_is_left_alone(database: str) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SchemaError, match="9999 is newer"):
        migrate(database)


def test_a_job_engine_of_a_newer_version_is_left_alone(database: str) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("UPDATE deployment SET value = '99' WHERE name = 'engine_schema'")
    with pytest.raises(SchemaError, match="99 is newer"):
        migrate(database)


def test_a_job_engine_that_somebody_else_set_up_is_left_alone(database: str) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("DELETE FROM deployment WHERE name = 'engine_schema'")
    with pytest.raises(SchemaError, match="unknown version"):
        migrate(database)


def test_the_files_of_a_later_job_engine_lead_to_the_same_schema_as_a_new_database(
    empty_database: str, database: str
) -> None:
    with alembic_on(empty_database) as (config, _):
        command.upgrade(config, "head")
    with psycopg.connect(empty_database) as connection:
        connection.execute("INSERT INTO deployment VALUES ('engine_schema', '00')")
    assert len(migrate(empty_database)) > 30

    def functions(address: str) -> set[str]:
        with psycopg.connect(address) as connection:
            rows = connection.execute(
                "SELECT oid::regprocedure::text FROM pg_proc WHERE proname LIKE 'procrastinate_%'"
            )
            return {name for (name,) in rows}

    assert functions(empty_database) == functions(database)


async def test_the_job_engine_finds_its_tables(database: str) -> None:
    app = App(connector=PsycopgConnector(conninfo=database))
    async with app.open_async():
        assert await app.check_connection_async()


async def test_sqlalchemy_takes_the_address_with_its_driver_named(database: str) -> None:
    engine = create_async_engine(database.replace("postgresql://", "postgresql+psycopg://", 1))
    async with engine.connect() as connection:
        row = await connection.execute(text("SELECT count(*) FROM inbound"))
        assert row.scalar_one() == 0
    await engine.dispose()
