"""The server process: how it is set, whether it lives, what it last said."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from bot.postgres_binaries import Binaries
from bot.postgres_place import PORT, Place, PostgresError

SETTINGS = (
    "listen_addresses=",
    f"port={PORT}",
    "unix_socket_permissions=0700",
    "max_connections=100",
    # For a small machine that does other work too.
    "shared_buffers=128MB",
    "jit=off",
    # A commit is on the disk before the sender hears 250.
    "fsync=on",
    "synchronous_commit=on",
    "full_page_writes=on",
    "wal_compression=on",
    "max_wal_size=1GB",
    # Finished jobs leave dead rows quickly: look for them often, and in small steps.
    "autovacuum_naptime=15s",
    # The log keeps no values: neither statements, nor parameters, nor the rows that errors name.
    "log_min_error_statement=panic",
    "log_error_verbosity=terse",
    "log_parameter_max_length_on_error=0",
    "log_checkpoints=off",
)

SYNCFS_SINCE = 14
"""The major version from which a restart after a kill can have one call sync all files, on Linux.

Measured on a busy disk: 0.3 to 1.8 s a restart, where one call for each file took 2 to 6 s.
"""

START_SECONDS = 300.0
"""Longest wait for a server that lives and is recovering."""

STOP_SECONDS = 60.0

LARGEST_LOG = 10_000_000
"""Bytes after which the log is put aside at the next start; one older is kept."""

PASSING = ("is still in use", "already exists", "Address already in use")
"""Words of failures that end by themselves once the last processes of a killed server are gone."""


@dataclass(frozen=True, slots=True)
class Postmaster:
    """A running server, as its `postmaster.pid` tells (PostgreSQL source, `pidfile.h`)."""

    pid: int
    socket_folder: Path
    status: str
    """`starting`, `ready`, `standby` or `stopping`."""


@dataclass(frozen=True, slots=True)
class Launched:
    """A server just started, and where in its log it began to speak."""

    child: "subprocess.Popen[bytes]"
    log: Path
    log_start: int

    def said(self) -> str:
        """The end of what it has said, on one line."""
        with self.log.open("rb") as lines:
            lines.seek(self.log_start)
            return " ".join(lines.read().decode(errors="replace").split())[-500:]


def will_pass(said: str) -> bool:
    """Whether a start failed for something that ends by itself."""
    return any(words in said for words in PASSING)


def running(cluster: Path) -> Postmaster | None:
    """The live server of a cluster, if there is one."""
    try:
        lines = (cluster / "postmaster.pid").read_text().splitlines() + [""] * 8
    except FileNotFoundError:
        return None
    pid = _number(lines[0])
    if pid is None or not is_postmaster(pid, cluster):
        return None
    return Postmaster(pid, Path(lines[4]), lines[7].strip())


def is_postmaster(pid: int, cluster: Path) -> bool:
    """Whether a process is this cluster's server.

    Its children, another program that was given its number, and one that ended but was not waited
    for all show another command line.
    """
    if not Path("/proc/self/cmdline").exists():
        return _is_alive(pid)
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return Path(os.fsdecode(command[0])).name in {"postgres", "postmaster"} and (
        os.fsencode(cluster) in command
    )


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _number(text: str) -> int | None:
    return int(text) if text.strip().isdigit() else None


def launch(binaries: Binaries, place: Place, more: Sequence[str]) -> Launched:
    """Start a server that outlives us: its own session, its own log, none of our files."""
    socket_folder = place.socket_folder()
    for left in (place.cluster / "postmaster.pid", socket_folder / f".s.PGSQL.{PORT}.lock"):
        _clear(left, place.cluster)
    quoted = str(socket_folder).replace('"', '""')
    command = [binaries.program("postgres"), "-D", str(place.cluster)]
    settings = [*SETTINGS, f'unix_socket_directories="{quoted}"']
    if binaries.major >= SYNCFS_SINCE and sys.platform == "linux":
        settings.append("recovery_init_sync_method=syncfs")
    for setting in (*settings, *more):
        command += ["-c", setting]
    with open_log(place.log) as log:
        start = log.tell()
        child = subprocess.Popen(  # noqa: S603  a program of PostgreSQL, and no shell
            command,
            **place.account.of_process(),
            cwd=place.home,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            umask=0o077,
        )
    return Launched(child, place.log, start)


def _clear(left: Path, cluster: Path) -> None:
    """Remove a killed server's lock file: a process that has its number now would block ours.

    PostgreSQL still refuses to start beside live children of the old one, by its shared memory.
    """
    try:
        pid = _number(left.read_text().split("\n", 1)[0])
    except FileNotFoundError:
        return
    if pid is None or not is_postmaster(pid, cluster):
        left.unlink(missing_ok=True)


def end_orphans(cluster: Path) -> None:
    """End what a killed server left at work, as it would have: an idle child sees it by itself.

    A long query does not, and no server starts beside it. Only a process that works in our cluster
    is ended (PostgreSQL's children stay in it), with the signal of an immediate shutdown.
    """
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            is_child = (entry / "cmdline").read_bytes().startswith(b"postgres: ")
            if is_child and (entry / "cwd").readlink() == cluster:
                os.kill(int(entry.name), signal.SIGQUIT)


def open_log(path: Path) -> BinaryIO:
    """The log's end; a long one is put aside first. No link is followed, as we may be root."""
    if path.exists() and path.stat().st_size > LARGEST_LOG:
        path.replace(path.with_suffix(".log.1"))
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW
    log = os.fdopen(os.open(path, flags, 0o600), "ab")
    log.seek(0, os.SEEK_END)
    return log


def environment() -> dict[str, str]:
    """What PostgreSQL's programs need of ours: nothing that could point them elsewhere."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    return {**kept, "LC_ALL": "C", "TZ": "UTC"}


def make_cluster(binaries: Binaries, place: Place) -> None:
    """Make the cluster under another name first: one cut short is never taken for a whole one.

    Raises:
        PostgresError: initdb failed; the text has its words.
    """
    scratch = place.home / "data.new"
    if scratch.exists():
        shutil.rmtree(scratch)
    locale = ["--locale=C"]
    builtin_since = 17
    if binaries.major >= builtin_since:  # The order of text then never changes with the system.
        locale += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    answer = subprocess.run(  # noqa: S603  a program of PostgreSQL, and no shell
        [
            *(binaries.program("initdb"), "-D", str(scratch), "-U", "triagebot"),
            *("--encoding=UTF8", *locale, "--auth-local=trust", "--auth-host=reject"),
        ],
        **place.account.of_process(),
        cwd=place.home,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        umask=0o077,
    )
    if answer.returncode != 0:
        said = " ".join(answer.stderr.split())[-500:]
        raise PostgresError(f"could not make a database in {place.home}: {said}")
    scratch.rename(place.cluster)


def end(server: Postmaster, cluster: Path) -> None:
    """A fast shutdown; an immediate one, from which it recovers, if that takes too long."""
    for request in (signal.SIGINT, signal.SIGQUIT):
        deadline = time.monotonic() + STOP_SECONDS
        with contextlib.suppress(ProcessLookupError):
            os.kill(server.pid, request)
        while is_postmaster(server.pid, cluster):
            if time.monotonic() > deadline:
                break
            time.sleep(0.01)
        else:
            return
