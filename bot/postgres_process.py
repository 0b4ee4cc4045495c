"""The server process: how it is set, whether it lives, what it last said."""

import os
import signal
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

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

START_SECONDS = 300.0
"""Longest wait for a server that lives and is recovering."""

STOP_SECONDS = 60.0

LARGEST_LOG = 10_000_000
"""Bytes after which the log is put aside at the next start; one older is kept."""

PASSING = ("is still in use", "already exists", "Address already in use", "starting up")
"""Words of failures that end by themselves once the last processes of a killed server are gone."""


@dataclass(frozen=True, slots=True)
class Postmaster:
    """A running server, as its `postmaster.pid` tells (PostgreSQL source, `pidfile.h`)."""

    pid: int
    socket_folder: Path
    status: str
    """`starting`, `ready`, `standby` or `stopping`."""


def running(cluster: Path) -> Postmaster | None:
    """The live server of a cluster, if there is one.

    A file left behind by a killed server whose number another process has now is removed, because
    the next server would wait for that process for ever.
    """
    path = cluster / "postmaster.pid"
    try:
        lines = path.read_text().splitlines()
    except FileNotFoundError:
        return None
    if not lines or not lines[0].strip().isdigit():
        return None
    pid = int(lines[0])
    if is_postmaster(pid):
        lines += [""] * 8
        return Postmaster(pid, Path(lines[4]), lines[7].strip())
    if is_alive(pid):
        path.unlink(missing_ok=True)
    return None


def is_alive(pid: int) -> bool:
    """Whether a process has this number; one that ended but was not waited for counts."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def is_postmaster(pid: int) -> bool:
    """Whether a process is a server: its children, and one that ended, show other command lines."""
    if not Path("/proc/self/cmdline").exists():
        return is_alive(pid)
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
    return os.path.basename(command.split(b"\0")[0]) in {b"postgres", b"postmaster"}  # noqa: PTH119  bytes


def launch(
    binaries: Binaries, place: Place, socket_folder: Path, more: Sequence[str]
) -> "subprocess.Popen[bytes]":
    """Start a server that outlives us: its own session, its own log, none of our files."""
    if place.log.exists() and place.log.stat().st_size > LARGEST_LOG:
        place.log.replace(place.log.with_suffix(".log.1"))
    quoted = str(socket_folder).replace('"', '""')
    chosen = (*SETTINGS, f'unix_socket_directories="{quoted}"', *more)
    command = [binaries.program("postgres"), "-D", str(place.cluster)]
    for setting in chosen:
        command += ["-c", setting]
    with place.log.open("ab") as log:
        return subprocess.Popen(  # noqa: S603  a program of PostgreSQL, and no shell
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
    subprocess.run(["/bin/rm", "-rf", str(scratch)], check=True)  # noqa: S603  our own folder
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


def end(pid: int, child: "subprocess.Popen[bytes] | None") -> None:
    """A fast shutdown; an immediate one, from which it recovers, if that takes too long."""
    for request in (signal.SIGINT, signal.SIGQUIT):
        try:
            os.kill(pid, request)
        except ProcessLookupError:
            break
        if _gone(pid, child, STOP_SECONDS):
            return
    if child is not None:
        child.wait(STOP_SECONDS)


def _gone(pid: int, child: "subprocess.Popen[bytes] | None", seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        ended = child.poll() is not None if child is not None else not is_postmaster(pid)
        if ended:
            return True
        time.sleep(0.01)
    return False
