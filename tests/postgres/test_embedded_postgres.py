"""The embedded PostgreSQL, with real servers: started, adopted, killed, refused."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest

from bot.postgres import EmbeddedPostgres, PostgresError
from bot.postgres_binaries import find_binaries
from bot.postgres_place import Account

HOLD = """
import asyncio, sys
from pathlib import Path
from bot.postgres import EmbeddedPostgres

async def hold():
    server = EmbeddedPostgres(Path(sys.argv[1]))
    await server.start()
    print("held", server.started_here, server.address, flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await server.stop()

asyncio.run(hold())
"""
"""A process that uses the server of a data folder until its standard input ends."""


@pytest.fixture
def used_dir(data_dir: Path, made_dir: Path) -> Path:
    """A data folder whose server has run before."""
    subprocess.run(["/bin/cp", "-a", made_dir / "postgres", data_dir], check=True)
    return data_dir


@contextmanager
def holder(data_dir: Path) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-c", HOLD, str(data_dir)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        yield child


def held(child: "subprocess.Popen[str]") -> tuple[bool, str]:
    for line in child.stdout:
        if line.startswith("held "):
            _, started_here, address = line.split()
            return started_here == "True", address
    raise AssertionError("the holder ended")


def sleeper_as_owner_of(folder: Path) -> "subprocess.Popen[bytes]":
    owner = folder.stat()
    return subprocess.Popen(["/bin/sleep", "60"], user=owner.st_uid, group=owner.st_gid, cwd="/")


def restore(dump: Path, address: str) -> None:
    programs = find_binaries(None, Account(os.geteuid(), os.getegid())).folder
    subprocess.run([programs / "pg_restore", "-d", address, dump], check=True)


def answers(address: str) -> bool:
    with suppress(psycopg.OperationalError), psycopg.connect(address) as connection:
        return connection.execute("SELECT 1").fetchone() == (1,)
    return False


def postmaster(server: EmbeddedPostgres) -> int:
    return int((server.home / "data" / "postmaster.pid").read_text().split()[0])


def add_row(address: str) -> None:
    with psycopg.connect(address) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (n int)")
        connection.execute("INSERT INTO kept VALUES (1)")


def count_rows(address: str) -> int:
    with psycopg.connect(address) as connection:
        return int(connection.execute("SELECT count(*) FROM kept").fetchone()[0])


async def test_it_starts_on_an_empty_folder_and_stops(data_dir: Path) -> None:
    server = EmbeddedPostgres(data_dir / "new")
    await server.start()
    assert server.started_here
    assert answers(server.address)
    await server.stop()
    await server.stop()
    assert not answers(server.address)


async def test_what_was_committed_is_there_at_the_next_start(used_dir: Path) -> None:
    server = EmbeddedPostgres(used_dir)
    await server.start()
    add_row(server.address)
    await server.stop()
    await server.start()
    assert count_rows(server.address) == 1
    await server.stop()


async def test_it_commits_to_disk_and_speaks_utf8_and_no_network(used_dir: Path) -> None:
    server = EmbeddedPostgres(used_dir)
    await server.start()
    with psycopg.connect(server.address) as connection:
        shown = [
            connection.execute(f"SHOW {name}").fetchone()[0]
            for name in ("fsync", "synchronous_commit", "server_encoding", "listen_addresses")
        ]
    assert shown == ["on", "on", "UTF8", ""]
    await server.stop()


async def test_a_second_user_adopts_the_server_and_leaves_it_running(used_dir: Path) -> None:
    first, second = EmbeddedPostgres(used_dir), EmbeddedPostgres(used_dir)
    await first.start()
    await second.start()
    assert not second.started_here
    assert second.address == first.address
    await second.stop()
    assert answers(first.address)
    await first.stop()
    assert not answers(first.address)


async def test_the_server_stays_until_its_last_user_leaves(used_dir: Path) -> None:
    server = EmbeddedPostgres(used_dir)
    with holder(used_dir) as child:
        assert held(child)[0]
        await server.start()
        child.communicate()
        assert answers(server.address)
    await server.stop()
    assert not answers(server.address)


async def test_the_server_outlives_a_kill_of_its_starter_and_is_adopted(used_dir: Path) -> None:
    with holder(used_dir) as child:
        _, address = held(child)
        add_row(address)
        child.kill()
    server = EmbeddedPostgres(used_dir)
    await server.start()
    assert not server.started_here
    assert count_rows(server.address) == 1
    await server.stop()
    assert not answers(address)


def test_of_two_starters_at_once_one_starts_and_the_other_adopts(data_dir: Path) -> None:
    with holder(data_dir) as one, holder(data_dir) as other:
        assert sorted([held(one)[0], held(other)[0]]) == [False, True]
        one.communicate()
        other.communicate()


async def test_after_a_kill_of_the_server_it_starts_again_with_what_was_committed(
    used_dir: Path,
) -> None:
    server = EmbeddedPostgres(used_dir)
    await server.start()
    for kills in range(1, 4):
        add_row(server.address)
        os.kill(postmaster(server), signal.SIGKILL)
        await server.start()
        assert server.started_here
        assert count_rows(server.address) == kills
    await server.stop()


async def test_a_long_query_of_a_killed_server_does_not_hold_up_the_next(used_dir: Path) -> None:
    server = EmbeddedPostgres(used_dir)
    await server.start()

    def ask() -> None:
        with suppress(psycopg.OperationalError), psycopg.connect(server.address) as connection:
            connection.execute("SELECT count(*) FROM generate_series(1, 1000000000)")

    asking = asyncio.create_task(asyncio.to_thread(ask))
    await asyncio.sleep(0.5)
    os.kill(postmaster(server), signal.SIGKILL)
    await server.start()
    assert answers(server.address)
    await asking
    await server.stop()


async def test_kept_alive_a_killed_server_comes_back_by_itself(used_dir: Path) -> None:
    server = EmbeddedPostgres(used_dir)
    await server.start()
    keeping = asyncio.create_task(server.keep_alive(0.05))
    os.kill(postmaster(server), signal.SIGKILL)
    await asyncio.sleep(0.2)
    deadline = time.monotonic() + 10
    while not await asyncio.to_thread(answers, server.address):
        assert time.monotonic() < deadline
        await asyncio.sleep(0.05)
    keeping.cancel()
    await server.stop()
    assert not answers(server.address)


async def test_a_lock_file_whose_number_another_process_has_now_is_no_obstacle(
    used_dir: Path,
) -> None:
    server = EmbeddedPostgres(used_dir)
    await server.start()
    left = server.home / "data" / "postmaster.pid"
    text = left.read_text()
    await server.stop()
    with sleeper_as_owner_of(server.home) as other:
        left.write_text(text.replace(text.split()[0], str(other.pid), 1))
        await server.start()
        assert answers(server.address)
        other.kill()
    await server.stop()


async def test_a_cluster_cut_short_while_it_was_made_is_made_anew(used_dir: Path) -> None:
    server = EmbeddedPostgres(used_dir)
    await server.start()
    await server.stop()
    half_made = server.home / "data.new"
    shutil.move(server.home / "data", half_made)
    shutil.rmtree(half_made / "global")
    await server.start()
    assert answers(server.address)
    await server.stop()


async def test_a_folder_of_another_major_version_is_refused_with_both_versions(
    used_dir: Path,
) -> None:
    server = EmbeddedPostgres(used_dir)
    await server.start()
    await server.stop()
    (server.home / "data" / "PG_VERSION").write_text("12\n")
    with pytest.raises(PostgresError, match=r"made by PostgreSQL 12, .* has PostgreSQL \d+\.\d+"):
        await server.start()


async def test_a_server_that_cannot_start_says_why_at_once(used_dir: Path) -> None:
    server = EmbeddedPostgres(used_dir, settings=("shared_buffers=nonsense",))
    before = time.monotonic()
    with pytest.raises(PostgresError, match="shared_buffers"):
        await server.start()
    assert time.monotonic() - before < 5


async def test_missing_programs_are_named(data_dir: Path) -> None:
    with pytest.raises(PostgresError, match=r"no PostgreSQL programs .* TRIAGEBOT_POSTGRES_BIN"):
        await EmbeddedPostgres(data_dir, data_dir / "nowhere").start()


async def test_a_data_folder_with_a_long_and_odd_name_works(data_dir: Path) -> None:
    server = EmbeddedPostgres(data_dir / ('long, "odd" and 100% é ' * 4) / "var")
    await server.start()
    assert answers(server.address)
    await server.stop()
    sockets = psycopg.conninfo.conninfo_to_dict(server.address)["host"]
    assert len(str(sockets)) < 60
    shutil.rmtree(str(sockets))


async def test_the_log_keeps_no_values(used_dir: Path) -> None:
    server = EmbeddedPostgres(used_dir)
    await server.start()
    with psycopg.connect(server.address, autocommit=True) as connection:
        connection.execute("CREATE TABLE person (number text PRIMARY KEY)")
        connection.execute("INSERT INTO person VALUES ('999 123 4567')")
        for _ in range(2):
            with suppress(psycopg.errors.UniqueViolation):
                connection.execute("INSERT INTO person VALUES (%s)", ["999 123 4567"])
            with suppress(psycopg.errors.UniqueViolation):
                connection.execute("INSERT INTO person VALUES ('999 123 4567')")
    await server.stop()
    said = (server.home / "server.log").read_text()
    assert "duplicate key" in said
    assert "999 123" not in said


async def test_a_dump_can_be_restored(used_dir: Path) -> None:
    server = EmbeddedPostgres(used_dir)
    await server.start()
    add_row(server.address)
    dump = used_dir / "kept.dump"
    await server.dump(dump)
    with psycopg.connect(server.address) as connection:
        connection.execute("DROP TABLE kept")
    restore(dump, server.address)
    assert count_rows(server.address) == 1
    await server.stop()
