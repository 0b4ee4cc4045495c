"""A service to write to: a real SMTP server that keeps what it takes, or refuses as it is told."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

import aiohttp
from aiosmtpd.smtp import SMTP, Envelope, Session

from bot.sandbox.mailbox import Mailbox


@dataclass
class RecordingService:
    """Takes mail for one address; `refusal` set, it answers DATA with that."""

    address: str = "dars@triagebot.example"
    refusal: str | None = None
    taken: list[Envelope] = field(default_factory=list)

    def message(self, index: int = -1) -> EmailMessage:
        """What was taken, read by the standard library."""
        content = (self.taken[index].original_content or b"").replace(b"\r\n", b"\n")
        return message_from_bytes(content, policy=policy.default)

    async def handle_RCPT(  # noqa: N802  aiosmtpd looks it up by this name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take only mail for our one address."""
        del server, session, options
        if address != self.address:
            return "550 5.1.1 No such mailbox here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802  as above
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Keep the mail, unless told to refuse it."""
        del server, session
        if self.refusal:
            return self.refusal
        self.taken.append(envelope)
        return "250 Taken"

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator[int]:
        """Take mail on a free port, which is yielded."""
        server = await asyncio.get_running_loop().create_server(
            lambda: SMTP(self, hostname="localhost", enable_SMTPUTF8=True), "127.0.0.1", 0
        )
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()
            await server.wait_closed()


@dataclass
class Place:
    """The mailbox with its page served, the service beside it, and a client without a browser."""

    mailbox: Mailbox
    smtp_port: int
    """Where the mailbox takes what the service sends."""
    service: RecordingService
    base_url: str
    client: aiohttp.ClientSession

    async def text(self, path: str) -> str:
        """A page's source."""
        async with self.client.get(path) as answer:
            return await answer.text()

    async def post(self, path: str, **form: str) -> tuple[int, str, str]:
        """Status, path and source of the page that follows a form."""
        async with self.client.post(path, data=form) as answer:
            return answer.status, answer.url.path, await answer.text()

    def from_service(self, raw: bytes | EmailMessage, to: str = "ada@northmere.example") -> int:
        """Let the service's mail be there; its number."""
        content = raw if isinstance(raw, bytes) else raw.as_bytes(policy=policy.SMTP)
        return self.mailbox.keep(content, envelope_from="", envelope_to=(to,)).id
