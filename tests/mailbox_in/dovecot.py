"""A real Dovecot on a free port of this machine, and a wire to it that can be held."""

import asyncio
import contextlib
import imaplib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

USER, PASSWORD = "dars", "sesame"
DONE, FAILED = "Triaged", "Not taken"
CONFIGURATION = """
base_dir = {home}/run
state_dir = {home}/run
log_path = {home}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
mail_location = maildir:~/Maildir
mail_fsync = never
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
passdb {{
  {passdb}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={home}/mail/%u
}}
"""


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@dataclass
class Dovecot:
    """One server on one folder; it can be stopped and started again."""

    home: Path
    extra: str = ""
    passdb: str = f"driver = static\n  args = password={PASSWORD}"
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """As an unprivileged account, which is ours or `nobody`; back once it listens."""
        account = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
        for folder in (self.home, self.home / "run", self.home / "mail"):
            folder.mkdir(exist_ok=True)
            os.chown(folder, account.pw_uid, account.pw_gid)
        group = subprocess.run(
            ["id", "-gn", account.pw_name], capture_output=True, text=True, check=True
        ).stdout.strip()
        given = CONFIGURATION.format(
            home=self.home,
            user=account.pw_name,
            group=group,
            port=self.port,
            passdb=self.passdb,
        )
        (self.home / "dovecot.conf").write_text(given + self.extra)
        as_account = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        self.process = subprocess.Popen(
            [str(shutil.which("dovecot")), "-F", "-c", str(self.home / "dovecot.conf")],
            start_new_session=True,
            **(as_account if os.geteuid() == 0 else {}),
        )
        end = time.monotonic() + 20
        while not self.listens:
            assert self.process.poll() is None, self.log
            assert time.monotonic() < end, self.log
            time.sleep(0.05)

    @property
    def listens(self) -> bool:
        """Whether it takes connections."""
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
            return True
        return False

    def stop(self) -> None:
        """End it and all its sessions."""
        if self.process is not None:
            # The whole group: a session may outlive the server that let it in.
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(20)
            self.process = None

    @property
    def log(self) -> str:
        """What it said."""
        path = self.home / "log"
        return path.read_text(errors="replace") if path.exists() else ""

    @property
    def logins(self) -> int:
        """How often somebody tried to get in."""
        return self.log.count("imap-login: ")

    @contextlib.contextmanager
    def client(self):
        """A person's own mail program on the same mailbox."""
        client = imaplib.IMAP4("127.0.0.1", self.port, timeout=20)
        try:
            client.login(USER, PASSWORD)
            yield client
        finally:
            client.logout()

    def make_folders(self, *names: str) -> None:
        with self.client() as client:
            for name in names:
                client.create(f'"{name}"')

    def put(self, *mails: bytes, flags: str | None = None, folder: str = "INBOX") -> None:
        """Have these mails arrive."""
        with self.client() as client:
            for mail in mails:
                status, why = client.append(folder, flags, None, mail)
                assert status == "OK", why

    def count(self, folder: str = "INBOX") -> int:
        """How many mails a folder holds."""
        with self.client() as client:
            status, [number] = client.select(f'"{folder}"', readonly=True)
            assert status == "OK", number
            return int(number)

    def flags(self, folder: str = "INBOX") -> list[bytes]:
        """The flags of each mail in a folder."""
        with self.client() as client:
            client.select(f'"{folder}"', readonly=True)
            return [imaplib.ParseFlags(one) for one in client.fetch("1:*", "(FLAGS)")[1]]

    def renumber(self) -> None:
        """Forget all UIDs, as a restore from a backup does: UIDVALIDITY is another afterwards."""
        for one in (self.home / "mail" / USER / "Maildir").glob("dovecot*"):
            one.unlink()


@dataclass
class Wire:
    """A proxy to a server that can stop just before a command is passed on."""

    to: int
    hold: bytes
    held: asyncio.Event = field(default_factory=asyncio.Event)
    port: int = 0

    @contextlib.asynccontextmanager
    async def laid(self):
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()

    async def _serve(self, reader, writer) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.to)
        back = asyncio.create_task(self._pass_on(far_reader, writer))
        with contextlib.suppress(ConnectionError):
            while line := await reader.readline():
                if self.hold in line:
                    self.held.set()
                    continue
                far_writer.write(line)
        far_writer.close()
        await back

    async def _pass_on(self, reader, writer) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(65536):
                writer.write(data)
        writer.close()
