"""An SMTP server that takes any mail for anyone, in the loop that runs it."""

from collections.abc import Callable
from typing import Any
from weakref import WeakSet

from aiosmtpd.smtp import SMTP, Envelope, Session

Taker = Callable[[bytes, str, tuple[str, ...]], None]
"""Gets the bytes, the envelope's sender and its recipients."""

_LARGEST_MAIL = 64 * 1024 * 1024


class Sink:
    """Makes the sessions of one server. What was taken is answered with 250 at once."""

    def __init__(self, take: Taker) -> None:
        self._take = take
        self._sessions: WeakSet[Any] = WeakSet()

    def session(self) -> Any:
        """The protocol of one connection, for `loop.create_server`."""
        # The name is given, since aiosmtpd would else ask the resolver for one and block.
        session = SMTP(
            self, hostname="localhost", enable_SMTPUTF8=True, data_size_limit=_LARGEST_MAIL
        )
        self._sessions.add(session)
        return session

    def close(self) -> None:
        """End the connections that are open; senders keep theirs for the next mail."""
        for session in self._sessions:
            if session.transport is not None:
                session.transport.close()

    async def handle_DATA(  # noqa: N802  aiosmtpd looks it up by this name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Take one mail."""
        del server, session
        raw = envelope.original_content or b""
        # aiosmtpd hands the null sender over as it is written.
        sender = (envelope.mail_from or "").removeprefix("<>")
        self._take(raw, sender, tuple(envelope.rcpt_tos))
        return "250 2.0.0 Kept in the sandbox"
