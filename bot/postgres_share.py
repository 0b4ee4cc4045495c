"""Who uses the server of one data folder: locks that end with the process that holds them."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.postgres_place import PostgresError


class Share:
    """One user's part in a server that several processes may use."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._use: int | None = None

    @property
    def joined(self) -> bool:
        """Whether this one counts as a user."""
        return self._use is not None

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep all others from starting or stopping the server meanwhile.

        Raises:
            PostgresError: The data folder cannot be written.
        """
        try:
            self._data_dir.mkdir(parents=True, exist_ok=True)
            held = os.open(self._data_dir / "postgres.lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise PostgresError(f"cannot write in the data folder: {error}") from error
        try:
            fcntl.flock(held, fcntl.LOCK_EX)
            yield
        finally:
            os.close(held)

    def join(self) -> None:
        """Count as a user until `leave`, or until this process ends in any way."""
        if self._use is None:
            path = self._data_dir / "postgres.users"
            self._use = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(self._use, fcntl.LOCK_SH)

    def leave(self) -> bool:
        """Be no user any more; whether that was the last one. To be called within `alone`."""
        if self._use is None:
            return False
        try:
            fcntl.flock(self._use, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        finally:
            os.close(self._use)
            self._use = None
        return True
