"""The embedded PostgreSQL: made, started or adopted, kept alive, stopped and dumped.

It listens on a Unix socket in a private folder and nowhere else. It outlives a kill of ours, so
that the next start adopts it. Several processes may share one data folder: whoever comes first
starts the server, and whoever leaves last stops it.
"""

import asyncio
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

import psycopg
import structlog

from bot import postgres_process as process
from bot.postgres_binaries import Binaries, find_binaries
from bot.postgres_place import PORT, Place, PostgresError, find_place
from bot.postgres_share import Share

__all__ = ["EmbeddedPostgres", "PostgresError"]

RETRY_SECONDS = 10.0
"""How long the remains of a killed server may stand in the way of a new one."""

log = structlog.get_logger(__name__)


class EmbeddedPostgres:
    """The server of one data folder. `settings` are laid over its usual ones, as `name=value`."""

    def __init__(
        self, data_dir: Path, bin_dir: Path | None = None, *, settings: Sequence[str] = ()
    ) -> None:
        self._data_dir = data_dir
        self._bin_dir = bin_dir
        self._settings = settings
        self._place: Place | None = None
        self._sockets: Path | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._share = Share(data_dir)

    @property
    def started_here(self) -> bool:
        """Whether the server is this object's own child, and not one that it adopted."""
        return self._child is not None

    @property
    def home(self) -> Path:
        """The folder with the cluster and `server.log`, once started."""
        return self._found().home

    @property
    def address(self) -> str:
        """The database's libpq URL, once started."""
        return self._address("triagebot")

    async def start(self) -> None:
        """Have a server that takes connections: a new one, or the one that already runs.

        Raises:
            PostgresError: It cannot be had; the text says why and what to do.
        """
        await asyncio.to_thread(self._start)

    async def stop(self) -> None:
        """Stop the server unless another process uses it. Stopping twice does no harm."""
        await asyncio.to_thread(self._stop)

    async def keep_alive(self, every_seconds: float = 0.5) -> None:
        """Start the server again whenever it has died, until cancelled.

        It may die again while it starts; and what keeps it from starting, such as a full disk,
        may pass. So this never gives up: meanwhile senders of mail are asked to come back.
        """
        while True:
            await asyncio.sleep(every_seconds)
            if not self._is_running():
                log.warning("postgres-died")
                try:
                    await self.start()
                except (PostgresError, psycopg.OperationalError, OSError) as error:
                    log.error("postgres-not-restarted", error=str(error))  # noqa: TRY400

    async def dump(self, path: Path) -> None:
        """Write the whole database to `path`, whole or not at all, for `pg_restore`.

        Raises:
            PostgresError: pg_dump is not there, or failed.
        """
        await asyncio.to_thread(self._dump, path)

    def _start(self) -> None:
        with self._share.alone():
            self._place = find_place(self._data_dir)
            binaries = self._binaries()
            if not self._adopt():
                if not self._place.cluster.exists():
                    process.make_cluster(binaries, self._place)
                self._launch(binaries)
            self._make_database()
            self._share.join()
        log.info("postgres-ready", home=str(self.home), started_here=self.started_here)

    def _binaries(self) -> Binaries:
        """The programs, which must be of the version that made the cluster."""
        place = self._found()
        binaries = find_binaries(self._bin_dir, place.account)
        made_by = place.cluster / "PG_VERSION"
        made_by_version = made_by.read_text().strip() if made_by.exists() else str(binaries.major)
        if made_by_version != str(binaries.major):
            raise PostgresError(
                f"the database in {place.cluster} was made by PostgreSQL {made_by_version}, and "
                f"{binaries.folder} has PostgreSQL {binaries.version}: set TRIAGEBOT_POSTGRES_BIN "
                f"to the programs of PostgreSQL {made_by_version}, or dump it with those and "
                "restore it into a new TRIAGEBOT_DATA_DIR"
            )
        return binaries

    def _adopt(self) -> bool:
        """Take over the live server, waiting for one that is starting or stopping."""
        self._forget_child_that_ended()
        deadline = time.monotonic() + process.START_SECONDS
        impatient = time.monotonic() + RETRY_SECONDS
        while (found := process.running(self._found().cluster)) is not None:
            self._sockets = found.socket_folder
            refusal = self._refusal() if found.status == "ready" else None
            if found.status == "ready" and refusal is None:
                return True
            moment = time.monotonic()
            if moment > deadline or (refusal is not None and moment > impatient):
                raise PostgresError(
                    f"PostgreSQL runs as process {found.pid} on {self.home} but takes no "
                    f"connection: {refusal or found.status}. Stop it with: kill -INT {found.pid}"
                )
            time.sleep(0.05)
        return False

    def _launch(self, binaries: Binaries) -> None:
        place = self._found()
        deadline = time.monotonic() + RETRY_SECONDS
        while True:
            launched = process.launch(binaries, place, self._settings)
            self._child = launched.child
            if self._adopt_child():
                return
            self._child = None
            said = launched.said()
            if not process.will_pass(said) or time.monotonic() > deadline:
                raise PostgresError(f"PostgreSQL did not start (see {place.log}): {said}")
            if process.running(place.cluster) is None:
                process.end_orphans(place.cluster)
            time.sleep(0.2)
            if self._adopt():
                return

    def _adopt_child(self) -> bool:
        """Wait until the server just started takes connections; False once it has given up."""
        child = self._child
        deadline = time.monotonic() + process.START_SECONDS
        while child is not None and child.poll() is None:
            found = process.running(self._found().cluster)
            if found is not None and found.pid == child.pid and found.status == "ready":
                self._sockets = found.socket_folder
                if self._refusal() is None:
                    return True
            if time.monotonic() > deadline:
                child.terminate()
            time.sleep(0.01)
        return False

    def _refusal(self) -> str | None:
        """Why a connection fails, or None if it works."""
        try:
            with psycopg.connect(self._address("postgres"), connect_timeout=5) as connection:
                connection.execute("SELECT 1")
        except psycopg.OperationalError as error:
            return " ".join(str(error).split())
        return None

    def _make_database(self) -> None:
        with psycopg.connect(self._address("postgres"), autocommit=True) as connection:
            known = "SELECT 1 FROM pg_database WHERE datname = 'triagebot'"
            if connection.execute(known).fetchone() is None:
                connection.execute("CREATE DATABASE triagebot")

    def _is_running(self) -> bool:
        if self._child is not None:
            return self._child.poll() is None
        return process.running(self._found().cluster) is not None

    def _stop(self) -> None:
        if self._share.joined:
            with self._share.alone():
                cluster = self._found().cluster
                found = process.running(cluster) if self._share.leave() else None
                if found is not None:
                    process.end(found, cluster)
                    if self._child is not None:
                        self._child.wait(process.STOP_SECONDS)
        self._forget_child_that_ended()

    def _forget_child_that_ended(self) -> None:
        if self._child is not None and self._child.poll() is not None:
            self._child = None

    def _dump(self, path: Path) -> None:
        program = self._binaries().folder / "pg_dump"
        if not program.is_file():
            raise PostgresError(f"there is no pg_dump in {program.parent}")
        partial = path.with_name(f"{path.name}.partial")
        answer = subprocess.run(  # noqa: S603  a program of PostgreSQL, and no shell
            [program, "--format=custom", f"--file={partial}", f"--dbname={self.address}"],
            env=process.environment(),
            capture_output=True,
            text=True,
            check=False,
            umask=0o077,
        )
        if answer.returncode != 0:
            partial.unlink(missing_ok=True)
            raise PostgresError(f"pg_dump failed: {' '.join(answer.stderr.split())[-500:]}")
        partial.replace(path)

    def _found(self) -> Place:
        if self._place is None:
            raise PostgresError("the embedded PostgreSQL has not been started")
        return self._place

    def _address(self, database: str) -> str:
        if self._sockets is None:
            raise PostgresError("the embedded PostgreSQL has not been started")
        folder = quote(str(self._sockets), safe="")
        return f"postgresql://triagebot@/{database}?host={folder}&port={PORT}"
