"""Where the embedded PostgreSQL keeps its files and its socket, and which account runs it.

PostgreSQL refuses to run as root. Started by root it runs as `nobody` (no account is added), and
only folders that are ours are given to it.
"""

import hashlib
import os
import pwd
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

SYSTEM_STATE = Path("/var/lib/triagebot")
"""Root's place for what the other account must reach; temporary folders get swept."""

PORT = 5432
"""Only a part of the socket's name: nothing listens on the network."""

LONGEST_SOCKET_PATH = 103
"""In bytes; `sun_path` holds 108 with its end on Linux (unix(7)) and 104 on macOS and BSD."""


class PostgresError(Exception):
    """The embedded server cannot be had; the text says why and what to do."""


class ProcessAccount(TypedDict, total=False):
    """The arguments of `subprocess` that make a child run as another account."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True, slots=True)
class Account:
    """Whom the server runs as."""

    uid: int
    gid: int

    def of_process(self) -> ProcessAccount:
        """Arguments for `subprocess`; none where it is ourselves."""
        if self.uid == os.geteuid():
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can_enter(self, folder: Path) -> bool:
        """Whether this account gets into a folder, past all its parents: asked of the kernel."""
        answer = subprocess.run(  # noqa: S603  a fixed script; the folder is its argument
            ["/bin/sh", "-c", 'cd -P -- "$1"', "sh", str(folder)],
            **self.of_process(),
            cwd="/",
            capture_output=True,
            check=False,
        )
        return answer.returncode == 0

    def own(self, folder: Path) -> None:
        """Make a private folder of this account, or check that an existing one is.

        Raises:
            PostgresError: Something else bears the name, or others may enter it.
        """
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            found = folder.lstat()
            if (found.st_uid, found.st_mode & 0o170077) == (self.uid, 0o040000):
                return
            raise PostgresError(
                f"{folder} is to be a private folder (0700) of user {self.uid}: remove it"
            ) from None
        os.chown(folder, self.uid, self.gid)


@dataclass(frozen=True, slots=True)
class Place:
    """The server's home: `data` (the cluster) and `server.log` lie in it."""

    home: Path
    account: Account

    @property
    def cluster(self) -> Path:
        """PostgreSQL's own data folder."""
        return self.home / "data"

    @property
    def log(self) -> Path:
        """What the server says, without values of any row."""
        return self.home / "server.log"

    def socket_folder(self) -> Path:
        """The home, or a private folder with a short name if its path is too long for one."""
        tail = f"/.s.PGSQL.{PORT}"
        name = f"triagebot-{_digest(self.home)}"
        for folder in (self.home, Path(tempfile.gettempdir(), name), Path("/tmp", name)):  # noqa: S108  private, checked
            fits = len(os.fsencode(f"{folder}{tail}")) <= LONGEST_SOCKET_PATH
            # libpq reads a comma as a list of hosts, and the server as a list of folders.
            if fits and not set(',"') & set(str(folder)) and self.account.can_enter(folder.parent):
                self.account.own(folder)
                return folder
        raise PostgresError(f"no folder with a short enough name for the socket of {self.home}")


def find_place(data_dir: Path) -> Place:
    """Where the server of this data folder lives, made if it is not there yet.

    That is `postgres` in the data folder. Where root's unprivileged account may not go there, it is
    a folder under `SYSTEM_STATE` named after the data folder, and `postgres` is a link to it.

    Raises:
        PostgresError: The folder belongs to another account, or cannot be made.
    """
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        folder = data_dir.resolve() / "postgres"
        home = folder.resolve()
        if home.is_dir():
            return Place(home, _account_of(home))
        account = _account()
        if account.uid != os.geteuid() and not account.can_enter(folder.parent):
            home = _linked_home(folder)
        public_folder(home.parent)
        account.own(home)
    except OSError as error:
        raise PostgresError(f"cannot make the database's folder: {error}") from error
    return Place(home, account)


def public_folder(folder: Path) -> None:
    """Make a folder that every account may enter, whatever the umask; an existing one is kept."""
    if not folder.is_dir():
        folder.mkdir(parents=True)
        folder.chmod(0o755)


def _linked_home(folder: Path) -> Path:
    home = SYSTEM_STATE / _digest(folder.parent)
    if not folder.is_symlink():
        folder.symlink_to(home)
    return home


def _account() -> Account:
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise PostgresError(
            "PostgreSQL does not run as root and there is no user nobody: start as another user, "
            "or name a server in TRIAGEBOT_DATABASE_URL"
        ) from None
    return Account(nobody.pw_uid, nobody.pw_gid)


def _account_of(home: Path) -> Account:
    """Its owner: root may run a folder that a plain user made, as that user."""
    found = home.stat()
    if found.st_uid == os.geteuid() == 0:
        return _given_over(home)
    if os.geteuid() not in {0, found.st_uid}:
        raise PostgresError(
            f"the database in {home} belongs to user {found.st_uid}, and this is user "
            f"{os.geteuid()}: start as that user or as root, or set another TRIAGEBOT_DATA_DIR"
        )
    account = Account(found.st_uid, found.st_gid)
    if not account.can_enter(home):
        raise PostgresError(
            f"user {account.uid}, which runs PostgreSQL, can no longer enter {home}"
        )
    return account


def _given_over(home: Path) -> Account:
    """Finish what a kill between making an (empty) home and giving it away left undone."""
    account = _account()
    os.chown(home, account.uid, account.gid)
    return account


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:16]
