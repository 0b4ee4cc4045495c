"""SMTP in: takes mail for our own addresses, and says 250 only once it is committed."""

import asyncio
import contextlib
import logging
import ssl
from dataclasses import dataclass

import structlog
from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as Peer

from bot.mail.acceptor import Acceptor, Keep, NotKeptError
from bot.mail.addresses import OwnAddresses
from bot.mail.dedupe import dedupe_key
from bot.mail.gate import Gate
from bot.mail.headers_out import one_line
from bot.mail.session import Limits, Session
from bot.settings import Settings
from handlers.intake import Accepted

MOST_BYTES_IN_FLIGHT = 128 * 1024 * 1024
BACKLOG = 512
LONGEST_HELO = 255
HASH_ASIDE_BYTES = 1024 * 1024
"""A mail of this size is hashed in a thread, so that other sessions do not wait."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Reception:
    """What the service says to each command; aiosmtpd calls it by these names.

    It has no slots: aiosmtpd lists its members, at which Python before 3.11.3 fails on a
    dataclass with slots (https://github.com/python/cpython/issues/102069).
    """

    ours: OwnAddresses
    acceptor: Acceptor
    most_recipients: int

    async def handle_EHLO(  # noqa: N802  the library's name
        self, server: SMTP, peer: Peer, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Offer what we have: no AUTH, no HELP; pipelining works with any StreamReader."""
        del server, envelope
        peer.host_name = hostname
        offered = [line for line in responses if line[4:8] not in {"AUTH", "HELP"}]
        return [*offered, "250 PIPELINING"]

    async def handle_VRFY(  # noqa: N802  the library's name
        self, server: SMTP, peer: Peer, envelope: Envelope, address: str
    ) -> str:
        """Tell nobody who is here (RFC 5321 7.3)."""
        del server, peer, envelope, address
        return "252 2.5.0 Send a mail, and see"

    async def handle_MAIL(  # noqa: N802  the library's name
        self, server: SMTP, peer: Peer, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take any sender, the null one included, that can be stored."""
        del server, peer
        if not address.isprintable():
            return "553 5.1.7 That address cannot be used"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(  # noqa: N802  the library's name
        self, server: SMTP, peer: Peer, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take our own addresses only: we relay for nobody."""
        del server, peer
        if not address.isprintable() or address not in self.ours:
            return "550 5.1.1 There is no such address here"
        if len(envelope.rcpt_tos) >= self.most_recipients:
            return "452 4.5.3 Too many recipients"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802  the library's name
        self, server: Session, peer: Peer, envelope: Envelope
    ) -> str:
        """Say 250 after the commit, and 451 whenever there was none."""
        server.committing = True
        try:
            mail = await _accepted(peer, envelope)
            await self.acceptor.take(mail)
        except NotKeptError as error:
            log.warning("mail put off", why=str(error))
            return "451 4.3.0 The mail could not be stored, please send it again later"
        finally:
            server.committing = False
        server.mail_taken()
        return f"250 2.0.0 Stored as {mail.key[:16]}"

    async def handle_exception(self, error: Exception) -> str:
        """Ask the sender to come back; what went wrong is for us to see, not for them."""
        log.error("SMTP session failed", error=type(error).__name__)
        return "451 4.3.0 Something went wrong here, please come back later"


async def _accepted(peer: Peer, envelope: Envelope) -> Accepted:
    raw = envelope.original_content or b""
    sender = envelope.mail_from or ""
    if sender == "<>":
        sender = ""
    recipients = tuple(dict.fromkeys(envelope.rcpt_tos))
    if len(raw) < HASH_ASIDE_BYTES:
        key = dedupe_key(sender, recipients, raw)
    else:
        key = await asyncio.to_thread(dedupe_key, sender, recipients, raw)
    return Accepted(
        key=key,
        envelope_from=sender,
        envelope_to=recipients,
        peer=str(peer.peer[0]) if peer.peer else "",
        helo=one_line(str(peer.host_name or ""), LONGEST_HELO) or None,
        raw=raw,
    )


class SmtpServer:
    """The listening server. Close it to stop: what is in hand is finished first."""

    def __init__(
        self, server: asyncio.Server, sessions: set[Session], acceptor: Acceptor, grace: float
    ) -> None:
        self._server = server
        self._sessions = sessions
        self._acceptor = acceptor
        self._grace = grace

    @property
    def port(self) -> int:
        """The port on which it listens."""
        return int(self._server.sockets[0].getsockname()[1])

    @property
    def session_count(self) -> int:
        """How many sessions are open now."""
        return len(self._sessions)

    async def close(self) -> None:
        """Listen no more, let mails that are on their way in be answered, and hang up."""
        self._server.close()
        for session in list(self._sessions):
            session.finish()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._grace):
                await self._until_empty()
        for session in list(self._sessions):
            session.dismiss("421 4.3.2 The service is stopping, please come back later")
        await self._acceptor.close()

    async def _until_empty(self) -> None:
        while self._sessions:  # noqa: ASYNC110  sessions end in callbacks; a stop may take 20 ms more
            await asyncio.sleep(0.02)


async def start_smtp(settings: Settings, keep: Keep) -> SmtpServer:
    """Listen as the settings say; `keep` commits what comes in.

    Raises OSError where the port cannot be had, and ssl.SSLError or OSError where the
    certificate or its key cannot be read.
    """
    # Below this, the library's log holds addresses and, line by line, the mails themselves.
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    acceptor = Acceptor(keep, patience=settings.smtp_commit_seconds)
    try:
        return await _listen(settings, acceptor)
    except OSError:
        await acceptor.close()
        raise


async def _listen(settings: Settings, acceptor: Acceptor) -> SmtpServer:
    ours = OwnAddresses.of(settings.mailbox_address, *settings.own_addresses)
    reception = Reception(ours, acceptor, settings.smtp_max_recipients)
    gate = Gate(
        most=settings.smtp_max_connections,
        most_an_address=settings.smtp_max_connections_per_address,
        most_bytes=max(MOST_BYTES_IN_FLIGHT, 4 * settings.smtp_max_bytes),
    )
    limits = Limits(
        size=settings.smtp_max_bytes,
        commands=settings.smtp_max_commands,
        idle=settings.smtp_idle_seconds,
        whole=settings.smtp_session_seconds,
    )
    tls = _tls_context(settings)
    sessions: set[Session] = set()

    def new_session() -> Session:
        return Session(
            reception,
            limits=limits,
            gate=gate,
            sessions=sessions,
            hostname=settings.mailbox_address.rpartition("@")[2],
            ident="ESMTP",
            tls_context=tls,
            auth_exclude_mechanism=("LOGIN", "PLAIN"),
        )

    server = await asyncio.get_running_loop().create_server(
        new_session, settings.smtp_host, settings.smtp_port, backlog=BACKLOG
    )
    return SmtpServer(server, sessions, acceptor, grace=settings.smtp_commit_seconds)


def _tls_context(settings: Settings) -> ssl.SSLContext | None:
    if settings.smtp_certificate is None or settings.smtp_key is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(settings.smtp_certificate, settings.smtp_key)
    return context
