"""The mailbox of the sandbox: keeps the last mails in memory and takes new ones by SMTP."""

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from itertools import count, islice

from bot.sandbox.mailbox.mail import Mail, Origin
from bot.sandbox.mailbox.sink import Sink
from bot.sandbox.slack.changes import Changes
from handlers.bursts import SHORTLY


class UnknownMailError(Exception):
    """This mail is not kept, or no longer."""


class Mailbox:
    """All mail that left the service, and what was written on the page.

    Args:
        most: So many mails are kept; the oldest go first.
        most_bytes: So many bytes of mail are kept in all.
    """

    def __init__(self, most: int = 2000, most_bytes: int = 256 * 1024 * 1024) -> None:
        self.changes = Changes()
        self._most = most
        self._most_bytes = most_bytes
        self._mails: deque[Mail] = deque()
        self._bytes = 0
        self._serial = count(1)

    def __len__(self) -> int:
        return len(self._mails)

    def keep(
        self,
        raw: bytes,
        *,
        envelope_from: str,
        envelope_to: tuple[str, ...],
        origin: Origin = "service",
        at: datetime | None = None,
    ) -> Mail:
        """Add a mail, let the oldest go where there are too many, and tell open pages."""
        moment = at or datetime.now(UTC)
        mail = Mail(next(self._serial), moment, origin, envelope_from, envelope_to, raw)
        self._mails.append(mail)
        self._bytes += len(raw)
        while len(self._mails) > self._most or (
            self._bytes > self._most_bytes and len(self._mails) > 1
        ):
            self._bytes -= len(self._mails.popleft().raw)
        self.changes.announce()
        return mail

    def newest(self, address: str = "", most: int = 200) -> list[Mail]:
        """The newest mails first, of all or of those whose address contains what is given."""
        found = (one for one in reversed(self._mails) if not address or one.concerns(address))
        return list(islice(found, most))

    def mail(self, ident: int) -> Mail:
        """The mail of this number.

        Raises:
            UnknownMailError: it never was, or had to make room.
        """
        for mail in reversed(self._mails):
            if mail.id == ident:
                return mail
        raise UnknownMailError

    def thread(self, mail: Mail) -> list[Mail]:
        """A mail and all that are tied to it, straight or through others; the oldest first."""
        ties = set(mail.ties)
        inside = {mail.id}
        grows = True
        while grows:
            grows = False
            for one in self._mails:
                if one.id not in inside and ties & one.ties:
                    inside.add(one.id)
                    ties |= one.ties
                    grows = True
        found = [one for one in self._mails if one.id in inside] or [mail]
        return sorted(found, key=lambda one: (one.at, one.id))

    def repeated_by(self, mail: Mail) -> Mail | None:
        """The mail whose words this one repeats so soon that the service takes it for a copy.

        It then does nothing more with it; see `handlers.bursts.said_before`.
        """
        if mail.origin != "page" or not mail.parsed.text.strip():
            return None
        before = (one for one in reversed(self._mails) if one.id < mail.id)
        return next((one for one in before if mail.repeats(one, within=SHORTLY)), None)

    @contextlib.asynccontextmanager
    async def listening(self, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[int]:
        """Take every mail that comes by SMTP, in this loop, until the block ends.

        Yields:
            The port, which a free one is picked for where 0 is given.
        """
        sink = Sink(self._take)
        server = await asyncio.get_running_loop().create_server(sink.session, host, port)
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()
            sink.close()
            await server.wait_closed()

    def _take(self, raw: bytes, envelope_from: str, envelope_to: tuple[str, ...]) -> None:
        self.keep(raw, envelope_from=envelope_from, envelope_to=envelope_to)
