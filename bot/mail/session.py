"""One SMTP session: aiosmtpd's protocol with the limits that it does not have itself.

aiosmtpd bounds neither the number of sessions nor what one of them may send or how long it may
last, and its time limit does not see a sender that trickles bytes.
"""

import asyncio
from collections.abc import MutableSet
from dataclasses import dataclass
from typing import Any, cast

from aiosmtpd.smtp import SMTP

from bot.mail.gate import Gate, neighbourhood

LONGEST_LINE = 65_536
"""RFC 5321 4.5.3.1.6 asks for 1000 bytes, but much honest HTML overruns that."""
GOODBYE_SECONDS = 5
"""How long a dismissed peer may take to read its last reply."""
CRUMB = 1024 * 1024
"""What a session may send beyond its mail, as commands and dots."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one session may do. Sizes in bytes, times in seconds."""

    size: int
    commands: int
    """Since the last mail that was taken: a sender with many mails does nothing wrong."""
    idle: float
    whole: float


class Session(SMTP):
    """A session that ends itself with 421 when it goes beyond a limit."""

    line_length_limit = LONGEST_LINE

    def __init__(
        self,
        handler: object,
        *,
        limits: Limits,
        gate: Gate,
        sessions: MutableSet["Session"],
        **options: Any,
    ) -> None:
        loop = asyncio.get_running_loop()
        super().__init__(
            handler, data_size_limit=limits.size, timeout=limits.idle, loop=loop, **options
        )
        self.limits = limits
        self.committing = False
        """The mail is whole and its commit under way: no time limit but the commit's own."""
        self._gate = gate
        self._sessions = sessions
        self._place: str | None = None
        self._held = 0
        self._commands = 0
        self._leaving = False
        self._heard_at = loop.time()
        self._ends_at = loop.time() + limits.whole

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Let the session in, or turn it away. Called once more when TLS has started."""
        if self._place is None:
            place = neighbourhood(str((transport.get_extra_info("peername") or ("?",))[0]))
            if not self._gate.enter(place):
                self.transport = transport
                self.dismiss("421 4.7.0 Too many connections, please come back later")
                return
            self._place = place
            self._sessions.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        """Give back what the session held."""
        if self._place is None:
            return
        self._gate.leave(self._place)
        self._place = None
        self._sessions.discard(self)
        self._release()
        super().connection_lost(error)

    def eof_received(self) -> bool | None:
        """A peer that sends no more gets no more: the session ends."""
        return False if self._place is None else super().eof_received()

    def data_received(self, data: bytes) -> None:
        """Count what comes in, and end a session that sends without end."""
        self._heard_at = self.loop.time()
        self._held += len(data)
        self._gate.bytes_held += len(data)
        if self._held > 2 * self.limits.size + CRUMB:
            self.dismiss("421 5.3.4 Far too much data")
        elif self._gate.is_full:
            self.dismiss("421 4.3.1 Too much mail at once, please come back later")
        else:
            super().data_received(data)

    async def push(self, status: str | bytes) -> None:
        """Send a reply; after the last one that this session may have, say goodbye."""
        text = status if isinstance(status, str) else status.decode("ascii", "replace")
        await super().push(text)
        if text[3:4] == "-" or text.startswith("3"):
            return
        self._commands += 1
        if self._commands > self.limits.commands:
            self.dismiss("421 4.7.0 Too many commands in one session")
        elif self._leaving and not self.in_transaction:
            self.dismiss("421 4.3.2 The service is stopping, please come back later")

    @property
    def in_transaction(self) -> bool:
        """Whether a mail is on its way in."""
        return self.committing or (self.envelope is not None and bool(self.envelope.mail_from))

    def mail_taken(self) -> None:
        """A mail was committed: what it took to bring it no longer counts."""
        self._commands = 0

    def finish(self) -> None:
        """End the session as soon as the mail that it has in hand is answered."""
        self._leaving = True
        if not self.in_transaction:
            self.dismiss("421 4.3.2 The service is stopping, please come back later")

    def dismiss(self, reply: str) -> None:
        """Say this and hang up, at once or when the peer has had time to read it."""
        if self._in_handshake:
            self._break_off()
            return
        if self.transport is None or self.transport.is_closing():
            return
        # A cast, not a check: uvloop's transports are none of asyncio's classes.
        transport = cast("asyncio.Transport", self.transport)
        transport.write(reply.encode("ascii") + b"\r\n")
        transport.close()
        # A peer that does not read would keep a closing connection for ever.
        self.loop.call_later(GOODBYE_SECONDS, transport.abort)

    async def smtp_STARTTLS(self, arg: str) -> None:  # noqa: N802  the library's name
        """Start TLS, once: the library would begin it within itself (RFC 3207 4.2)."""
        if self._tls_protocol is not None:
            await self.push("503 5.5.1 TLS is on already")
            return
        await super().smtp_STARTTLS(arg)

    @property
    def _in_handshake(self) -> bool:
        """Whether TLS has begun, and its keys are not agreed yet."""
        agreed = self.session is not None and self.session.ssl is not None
        return self._original_transport is not None and not agreed

    def _break_off(self) -> None:
        """End a handshake. No words would be understood, and asyncio tells nobody of its end."""
        cast("asyncio.Transport", self._original_transport).abort()
        if self._handler_coroutine is not None:
            self._handler_coroutine.cancel()
        self.connection_lost(None)

    def _set_post_data_state(self) -> None:
        self._release()
        super()._set_post_data_state()  # type: ignore[no-untyped-call]  # the library's gap

    def _release(self) -> None:
        self._gate.bytes_held -= self._held
        self._held = 0

    def _reset_timeout(self, duration: float | None = None) -> None:
        # The library calls this at each command; one timer that looks at the clock costs less.
        del duration
        self._heard_at = self.loop.time()
        if self._timeout_handle is None:
            self._timeout_handle = self.loop.call_later(self._next_look(), self._timeout_cb)

    def _timeout_cb(self) -> None:
        now = self.loop.time()
        if not self.committing and now >= self._ends_at:
            self.dismiss("421 4.4.2 The session took too long")
        elif not self.committing and now >= self._heard_at + self.limits.idle:
            self.dismiss("421 4.4.2 Nothing heard for too long")
        else:
            self._timeout_handle = self.loop.call_later(self._next_look(), self._timeout_cb)

    def _next_look(self) -> float:
        soonest = min(self._heard_at + self.limits.idle, self._ends_at) - self.loop.time()
        return max(soonest, 0.05)
