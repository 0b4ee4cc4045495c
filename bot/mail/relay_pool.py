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

    @property
    def patience(self) -> float:
        """Seconds that the relay may take for one step."""
        return self._address.timeout

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[aiosmtplib.SMTP]:
        """A live connection for one mail. Left by an exception, it is closed.

        Raises aiosmtplib.SMTPException or OSError where the relay cannot be reached.
        """
        async with self._room:
            client = await self._rested() or await self._opened()
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
