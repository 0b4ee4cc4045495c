"""Fixtures for every test: the real PostgreSQL, one server a run, a fresh database a test."""

import asyncio
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from bot.jobs import EngineQueue, engine
from bot.postgres import EmbeddedPostgres
from handlers.compose import Composer
from handlers.desk import Desk
from handlers.guard import Caution
from handlers.schema import migrate
from handlers.switches import Mode
from handlers.unit import Store
from knowledge.library import Library

MEMORY = Path("/dev/shm")  # noqa: S108  each folder in it gets a name of its own
"""A file system in memory: a database is copied there in 25 ms, and on a busy disk in 600."""

MEMORY_NEEDED = 2_000_000_000
"""Bytes that must be free there; a container often has 64 MB, and the disk is used."""


@pytest.fixture(scope="session")
def made_dir() -> Iterator[Path]:
    """A data folder with a stopped server, to be copied: quicker than to make one a test."""
    with _short_folder() as folder:
        server = EmbeddedPostgres(folder)
        asyncio.run(server.start())
        asyncio.run(server.stop())
        yield folder


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A data folder with a short name that every account may enter: use it to start `serve` in.

    pytest's own `tmp_path` is private to its owner, and root's server runs as another account.
    """
    with _short_folder() as folder:
        yield folder


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[EmbeddedPostgres]:
    """The embedded server, started when the first test asks. It need not survive a power cut."""
    with _short_folder() as folder:
        server = EmbeddedPostgres(folder, settings=("fsync=off", "max_connections=300"))
        asyncio.run(server.start())
        with _ended_with_this_run(server):
            migrate(server.address)
            yield server
            asyncio.run(server.stop())


@pytest.fixture
def empty_database(postgres_server: EmbeddedPostgres) -> Iterator[str]:
    """The address of a database without any table, dropped after the test."""
    with _copied_database(postgres_server, "template0") as address:
        yield address


@pytest.fixture
def database(postgres_server: EmbeddedPostgres) -> Iterator[str]:
    """The address of a fresh database with all tables, dropped after the test.

    `Store(database, queue)` and psycopg take it as it is.
    """
    with _copied_database(postgres_server, "triagebot") as address:
        yield address


@contextmanager
def _short_folder() -> Iterator[Path]:
    """A folder with a short name, open to other accounts, removed at the end."""
    in_memory = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > MEMORY_NEEDED
    folder = Path(tempfile.mkdtemp(prefix="tb-", dir=MEMORY if in_memory else None))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextmanager
def _ended_with_this_run(server: EmbeddedPostgres) -> Iterator[None]:
    """Have the server end even if pytest is killed: a shell waits for the end of its input.

    Only this process holds that input open.
    """
    pid = (server.home / "data" / "postmaster.pid").read_text().split()[0]
    script = 'cat; kill -INT "$1" && sleep 3 && rm -rf -- "$2"'
    with subprocess.Popen(
        ["/bin/sh", "-c", script, "sh", pid, str(server.home.parent)],
        stdin=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as watcher:
        try:
            yield
        finally:
            watcher.kill()


@contextmanager
def _copied_database(server: EmbeddedPostgres, template: str) -> Iterator[str]:
    name = f"test_{secrets.token_hex(6)}"
    maintenance = server.address.replace("/triagebot?", "/postgres?")
    with psycopg.connect(maintenance, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        try:
            yield server.address.replace("/triagebot?", f"/{name}?")
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


CONTACTS = {
    "organisation": "NHS England",
    "telephone": "0300 303 5678",
    "contact_dars": "dars@triagebot.example",
    "contact_ndrs": "ndrs@triagebot.example",
}
"""What a deployment fills into articles; NCARDRS and others are left out on purpose."""


@pytest.fixture
async def store(database: str) -> AsyncIterator[Store]:
    """The store on a fresh database, its jobs in the real engine."""
    app = engine(database, pool_size=2)
    async with app.open_async():
        store = Store(database, EngineQueue(app), pool_size=4)
        yield store
        await store.close()


@pytest.fixture(scope="session")
def library() -> Library:
    """The real articles and catalogue, searched by words alone."""
    return Library.load(None, CONTACTS)


@pytest.fixture
def desk(library: Library) -> Desk:
    """A deployment that may write five automatic mails a day to one address."""
    return Desk(
        signing_key="a key of this test",
        mail_domain="triagebot.example",
        caution=Caution(
            frozenset({"dars@triagebot.example"}),
            per_sender_per_day=5,
            per_subject_per_hour=100,
            most_at_once=100,
            at_once=timedelta(minutes=10),
        ),
        usual_mode=Mode.AUTOMATIC,
        composer=Composer(library, CONTACTS),
    )
