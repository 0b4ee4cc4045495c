"""Both ends of the SMTP server in tests: a store in memory, and a client that sends raw bytes."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from bot.mail.server import SmtpServer
from handlers.intake import Accepted

Start = Callable[..., Awaitable[SmtpServer]]
"""Starts a server; takes what commits the mails, and settings by name."""


@dataclass
class Shelf:
    """A store in memory: keeps each group that it is given."""

    groups: list[list[Accepted]] = field(default_factory=list)

    async def keep(self, mails: Sequence[Accepted]) -> None:
        self.groups.append(list(mails))

    @property
    def mails(self) -> list[Accepted]:
        return [mail for group in self.groups for mail in group]


@dataclass
class Line:
    """A raw connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def say(self, data: bytes | str) -> str:
        """Send these bytes (a text gets its CRLF) and return the whole reply."""
        self.writer.write(data if isinstance(data, bytes) else data.encode() + b"\r\n")
        await self.writer.drain()
        return await self.hear()

    async def hear(self) -> str:
        """The next reply, all its lines; empty at the end of the connection."""
        lines: list[bytes] = []
        while True:
            line = await asyncio.wait_for(self.reader.readline(), 15)
            lines.append(line)
            if line[3:4] != b"-":
                return b"".join(lines).decode().strip()

    async def envelope(self, *recipients: str, sender: str = "ann@example.org") -> None:
        """Everything before DATA's content."""
        assert (await self.say("EHLO client.example")).startswith("250")
        assert (await self.say(f"MAIL FROM:<{sender}>")).startswith("250")
        for recipient in recipients or ("dars@triagebot.example",):
            assert (await self.say(f"RCPT TO:<{recipient}>")).startswith("250")
        assert (await self.say("DATA")).startswith("354")


Dial = Callable[[int], Awaitable[Line]]
"""Opens a raw connection to a port on this machine."""
