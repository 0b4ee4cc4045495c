"""Open connections to the relay, kept for the next mail while they are fresh."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Literal

import aiosmtplib

CHECK_AFTER_SECONDS = 5
"""A connection that rested longer is asked whether it still lives."""
SHORTEST_PAUSE = 5.0
LONGEST_PAUSE = 300.0
"""Seconds in which a relay that was away is left alone: mails that wait for it, each at its own
door, must not hold up the worker. The pause doubles while it stays away."""
CLOSE_AFTER_SECONDS = 30
"""Relays close an idle client after some minutes (RFC 5321 4.5.3.2.7); we go first."""


@dataclass(frozen=True, slots=True)
class RelayAddress:
    """Where the relay is, and how we present ourselves."""

    host: str
    port: int
    timeout: float
    """Seconds for one step."""
    starttls: Literal["always", "if-offered", "never"]
    username: str | None
    password: str | None
    local_hostname: str


class NotPrivateError(aiosmtplib.SMTPException):
    """The password would have crossed the network in clear."""

    def __init__(self) -> None:
        super().__init__(
            "the relay offers no TLS, and the password is not sent without it; "
            "set relay_starttls to never to allow that"
        )


class RelayAwayError(Exception):
    """No connection to be had: nothing is known of the mail, and it is not to blame."""

    def __init__(self, why: str, seconds: float) -> None:
        super().__init__(why)
        self.seconds = seconds
        """After which it may be asked again."""


@dataclass(slots=True)
class _Resting:
    client: aiosmtplib.SMTP
    since: float
    closing: asyncio.TimerHandle


class RelayPool:
    """At most `most` connections at once; a connection that failed is not used again."""

    def __init__(self, address: RelayAddress, *, most: int) -> None:
        self._address = address
        self._room = asyncio.Semaphore(most)
        self._resting: list[_Resting] = []
        self._away = ""
        self._away_until = 0.0
        self._pause = 0.0

    @property
    def patience(self) -> float:
        """Seconds that the relay may take for one step."""
        return self._address.timeout

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[aiosmtplib.SMTP]:
        """A live connection for one mail. Left by an exception, it is closed.

        Raises RelayAwayError where the relay cannot be reached or does not let us in.
        """
        async with self._room:
            client = await self._rested() or await self._opened_unless_away()
            try:
                yield client
            except BaseException:
                client.close()
                raise
            if client.is_connected:
                self._rest(client)

    async def close(self) -> None:
        """Say goodbye on the connections that rest."""
        while self._resting:
            resting = self._resting.pop()
            resting.closing.cancel()
            try:
                await resting.client.quit(timeout=1)
            except (aiosmtplib.SMTPException, OSError):
                resting.client.close()

    def drop_resting(self) -> None:
        """Close the connections that rest: the relay no longer knows them."""
        while self._resting:
            resting = self._resting.pop()
            resting.closing.cancel()
            resting.client.close()

    async def _rested(self) -> aiosmtplib.SMTP | None:
        while self._resting:
            resting = self._resting.pop()
            resting.closing.cancel()
            rested = asyncio.get_running_loop().time() - resting.since
            if resting.client.is_connected and (
                rested < CHECK_AFTER_SECONDS or await _is_alive(resting.client)
            ):
                return resting.client
            resting.client.close()
        return None

    async def _opened_unless_away(self) -> aiosmtplib.SMTP:
        loop = asyncio.get_running_loop()
        left = self._away_until - loop.time()
        if left > 0:
            raise RelayAwayError(self._away, left)
        try:
            client = await self._opened()
        except (aiosmtplib.SMTPException, OSError) as error:
            self._away = str(error) or type(error).__name__
            if loop.time() >= self._away_until:  # of many at once only the first counts
                self._pause = min(max(SHORTEST_PAUSE, 2 * self._pause), LONGEST_PAUSE)
                self._away_until = loop.time() + self._pause
            raise RelayAwayError(self._away, self._pause) from error
        self._pause = 0.0
        return client

    async def _opened(self) -> aiosmtplib.SMTP:
        address = self._address
        verified = address.starttls == "always" or address.username is not None
        client = aiosmtplib.SMTP(
            hostname=address.host,
            port=address.port,
            timeout=address.timeout,
            local_hostname=address.local_hostname,
            start_tls={"always": True, "if-offered": None, "never": False}[address.starttls],
            # TLS that nobody asked for still hides mail from a listener (RFC 7435), whatever
            # the certificate; where it is asked for, or guards a password, it must be right.
            validate_certs=verified,
        )
        await client.connect()
        try:
            await self._sign_in(client)
        except BaseException:
            client.close()
            raise
        return client

    async def _sign_in(self, client: aiosmtplib.SMTP) -> None:
        address = self._address
        if address.username is None:
            return
        encrypted = isinstance(client.get_transport_info("sslcontext"), ssl.SSLContext)
        if not encrypted and address.starttls != "never":
            raise NotPrivateError
        await client.login(address.username, address.password or "")

    def _rest(self, client: aiosmtplib.SMTP) -> None:
        loop = asyncio.get_running_loop()
        closing = loop.call_later(CLOSE_AFTER_SECONDS, client.close)
        self._resting.append(_Resting(client, loop.time(), closing))


async def _is_alive(client: aiosmtplib.SMTP) -> bool:
    try:
        await client.noop()
    except (aiosmtplib.SMTPException, OSError):
        return False
    return True
