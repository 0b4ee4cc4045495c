"""Relays for tests: one that takes mail and obeys, and ones that fail at a chosen step."""

# ruff: noqa: ARG002, N802  aiosmtpd calls its hooks by these names, with all of these arguments

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.smtp import MISSING, SMTP, Envelope, Session

from bot.mail.relay_pool import RelayAddress
from bot.mail.send import Relay


@dataclass
class Sink:
    """A handler of aiosmtpd that keeps what it takes, and answers a command as it is told."""

    answers: dict[str, str] = field(default_factory=dict)
    taken: list[Envelope] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)
    encrypted: list[bool] = field(default_factory=list)

    def _answer(self, word: str) -> Any:
        self.seen[word] += 1
        return self.answers.get(word, MISSING)

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, lines: list[str]
    ) -> list[str]:
        self.seen["EHLO"] += 1
        session.host_name = hostname
        return lines

    async def handle_NOOP(
        self, server: SMTP, session: Session, envelope: Envelope, argument: str
    ) -> Any:
        return self._answer("NOOP")

    async def handle_RSET(self, server: SMTP, session: Session, envelope: Envelope) -> Any:
        return self._answer("RSET")

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> Any:
        return self._answer("MAIL")

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> Any:
        answer = self._answer("RCPT")
        return self.answers.get(address, answer)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> Any:
        answer = self._answer("DATA")
        if answer is MISSING:
            self.taken.append(envelope)
            self.encrypted.append(session.ssl is not None)
        return answer


@asynccontextmanager
async def listening(sink: Sink, port: int = 0, **options: Any) -> AsyncIterator[int]:
    """The port on which the sink listens."""
    loop = asyncio.get_running_loop()
    options = {"hostname": "relay.example", **options}
    server = await loop.create_server(lambda: SMTP(sink, loop=loop, **options), "127.0.0.1", port)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()


@asynccontextmanager
async def relay(port: int, **options: Any) -> AsyncIterator[Relay]:
    """A relay at this port; plain and impatient unless told otherwise."""
    address: dict[str, Any] = {
        "host": "127.0.0.1",
        "port": port,
        "timeout": 2,
        "starttls": "if-offered",
        "username": None,
        "password": None,
        "local_hostname": "triagebot.example",
    }
    one = Relay(RelayAddress(**{**address, **options}))
    try:
        yield one
    finally:
        await one.close()


@dataclass
class Dropping:
    """A relay that hangs up at a step: `greeting`, a command's word, `content` or `dot`."""

    at: str
    times: int
    """How often; then it behaves."""
    heard: list[bytes] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if not self._hangs_up("greeting"):
                writer.write(b"220 relay.example\r\n")
                await self._converse(reader, writer)
        finally:
            writer.close()

    def _hangs_up(self, step: str) -> bool:
        if step != self.at or not self.times:
            return False
        self.times -= 1
        return True

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            self.heard.append(line)
            word = line.split()[0].decode().upper()
            if self._hangs_up(word):
                return
            if word != "DATA":
                writer.write(b"250 OK\r\n")
                continue
            writer.write(b"354 Go on\r\n")
            if self._hangs_up("content"):
                await reader.readline()
                return
            self.heard.append(await reader.readuntil(b"\r\n.\r\n"))
            if self._hangs_up("dot"):
                return
            writer.write(b"250 Taken\r\n")


@asynccontextmanager
async def dropping(at: str, *, times: int = 1_000) -> AsyncIterator[tuple[int, list[bytes]]]:
    """The port of a relay that hangs up there, and the lines that it heard."""
    one = Dropping(at, times)
    server = await asyncio.start_server(one.serve, "127.0.0.1", 0, limit=2**22)
    try:
        yield server.sockets[0].getsockname()[1], one.heard
    finally:
        server.close()
        await server.wait_closed()
