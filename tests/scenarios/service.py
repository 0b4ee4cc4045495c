"""The service as its users meet it: the real command in a process of its own, over real sockets."""

import asyncio
import contextlib
import json
import os
import re
import signal
import smtplib
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path

import psycopg

ROOT = Path(__file__).parents[2]
PREPARED = ROOT / "var"
"""Where `make setup` put the encoder and the model."""
MAILBOX = "dars@triagebot.example"
_PLACE = re.compile(r"^(\w+) +(?:smtp://|http://)([\d.]+):(\d+)", re.MULTILINE)


@dataclass
class Service:
    """One data folder, on which `triagebot` is started, killed and started again."""

    folder: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    arguments: tuple[str, ...] = ("serve",)
    process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        for prepared in ("encoder", "model", "cache"):
            link = self.folder / prepared
            if not link.exists() and (PREPARED / prepared).is_dir():
                link.symlink_to(PREPARED / prepared)
        self.log = self.folder / "output.txt"

    @property
    def environment(self) -> dict[str, str]:
        """Nothing of ours but PATH reaches the command; every port is a free one at first."""
        ports = {f"TRIAGEBOT_{name}_PORT": "0" for name in ("SMTP", "WEB", "SANDBOX")}
        given = {f"TRIAGEBOT_{name}": value for name, value in self.settings.items()}
        return {
            "PATH": os.environ["PATH"],
            "TRIAGEBOT_DATA_DIR": str(self.folder),
            "TRIAGEBOT_LOG_FORMAT": "json",
            "TRIAGEBOT_REPLY_UNDO_SECONDS": "0",
            **ports,
            **given,
        }

    def spawn(self) -> None:
        """Start the command, and do not wait for it."""
        # The folder's own triagebot.toml, where a developer has one, is no part of a test.
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot.cli", *self.arguments],
                env=self.environment | {"PYTHONPATH": str(ROOT)},
                cwd=self.folder,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    async def start(self, longest: float = 60) -> float:
        """Start and wait until it is ready; the seconds that it took."""
        seen = self.output.count("ready in")
        start = time.monotonic()
        self.spawn()
        while self.output.count("ready in") == seen:
            if self.process is None or self.process.poll() is not None:
                raise AssertionError(f"it ended before it was ready:\n{self.output[-3000:]}")
            if time.monotonic() - start > longest:
                raise AssertionError(f"not ready in {longest} s:\n{self.output[-3000:]}")
            await asyncio.sleep(0.02)
        return time.monotonic() - start

    def kill(self) -> None:
        """`kill -9`, as a power cut would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    async def stop(self) -> int:
        """Ctrl-C, and wait for the end; its exit code."""
        if self.process is None:
            return 0
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return await asyncio.to_thread(self.process.wait, 60)

    @property
    def output(self) -> str:
        """All that it said since the folder was made."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def port(self, part: str) -> int:
        """The port of a part, as its latest start line says."""
        found = [match for match in _PLACE.findall(self.output) if match[0] == part]
        return int(found[-1][2])

    @property
    def database(self) -> str:
        """The address of its database."""
        ready = [line for line in self.output.splitlines() if '"postgres-ready"' in line]
        home = json.loads(ready[-1])["home"]
        return f"postgresql://triagebot@/triagebot?host={home}"

    def rows(self, query: str, *values: object) -> list[tuple[object, ...]]:
        """What its database answers."""
        with psycopg.connect(self.database) as connection:
            return connection.execute(query, values or None).fetchall()


def enquiry(text: str, *, sender: str = "robin@uni.example", ident: str = "") -> EmailMessage:
    """A mail as an ordinary client writes it."""
    message = EmailMessage()
    message["From"] = f"Robin Asker <{sender}>"
    message["To"] = MAILBOX
    message["Subject"] = "A question"
    message["Message-ID"] = f"<{ident or time.monotonic_ns()}@uni.example>"
    message.set_content(text)
    return message


def post(port: int, *messages: EmailMessage) -> None:
    """Hand mails in over SMTP, one session; raises what smtplib raises."""
    with smtplib.SMTP("127.0.0.1", port, timeout=30) as client:
        for message in messages:
            client.send_message(message)


@contextlib.contextmanager
def patience(seconds: float, what: str) -> Iterator[None]:
    """Say what was waited for, where it did not come."""
    try:
        yield
    except TimeoutError:
        raise AssertionError(f"waited {seconds} s for {what}") from None


async def until(condition, seconds: float, what: str) -> None:
    """Wait for something to become true."""
    with patience(seconds, what):
        async with asyncio.timeout(seconds):
            while not condition():  # noqa: ASYNC110  what is waited for is another process's doing
                await asyncio.sleep(0.05)
