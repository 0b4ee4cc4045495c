"""Open connections to the relay, kept for the next mail while they are fresh."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import aiosmtplib

from bot.mail.oauth import ClientCredentials, TokenError, Tokens
from bot.settings import Settings

CHECK_AFTER_SECONDS = 5
"""A connection that rested longer is asked whether it still lives."""
SHORTEST_PAUSE = 5.0
LONGEST_PAUSE = 300.0
"""Seconds in which a relay that was away is left alone: mails that wait for it, each at its own
door, must not hold up the worker. The pause doubles while it stays away."""
CLOSE_AFTER_SECONDS = 30
"""Relays close an idle client after some minutes (RFC 5321 4.5.3.2.7); we go first."""


_TLS = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}
_SIGN_IN_REFUSED = 535


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
    tls: Literal["starttls", "implicit"] = "starttls"
    tls_minimum: Literal["1.2", "1.3"] = "1.2"
    ca_file: Path | None = None
    """Of the authorities that vouch for it; None takes the system's."""
    tokens: Tokens | None = None
    """Where there are some, they take the password's place."""

    def tls_context(self) -> ssl.SSLContext:
        """How we speak TLS with it. Raises OSError where the authorities cannot be read."""
        context = ssl.create_default_context(cafile=self.ca_file)
        context.minimum_version = _TLS[self.tls_minimum]
        # TLS that nobody asked for still hides mail from a listener (RFC 7435), whatever
        # the certificate; where it is asked for, or guards a password, it must be right.
        asked_for = self.tls == "implicit" or self.starttls == "always"
        if not (asked_for or self.username is not None or self.ca_file is not None):
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context


def address_of(host: str, settings: Settings) -> RelayAddress:
    """The relay on this host as the settings have it."""
    password, secret = settings.relay_password, settings.relay_oauth_client_secret
    tokens = None
    if settings.relay_oauth_token_url is not None:
        tokens = ClientCredentials(
            settings.relay_oauth_token_url,
            settings.relay_oauth_client_id,
            "" if secret is None else secret.get_secret_value(),
            settings.relay_oauth_scope,
        )
    return RelayAddress(
        host=host,
        port=settings.relay_port,
        timeout=settings.relay_timeout,
        starttls=settings.relay_starttls,
        username=settings.relay_username,
        password=None if password is None else password.get_secret_value(),
        local_hostname=settings.mailbox_address.rpartition("@")[2],
        tls=settings.relay_tls,
        tls_minimum=settings.relay_tls_minimum,
        ca_file=settings.relay_ca_file,
        tokens=tokens,
    )


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
        self._context: ssl.SSLContext | None = None

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
        except (aiosmtplib.SMTPException, TokenError, OSError) as error:
            self._away = str(error) or type(error).__name__
            if loop.time() >= self._away_until:  # of many at once only the first counts
                self._pause = min(max(SHORTEST_PAUSE, 2 * self._pause), LONGEST_PAUSE)
                self._away_until = loop.time() + self._pause
            raise RelayAwayError(self._away, self._pause) from error
        self._pause = 0.0
        return client

    async def _opened(self) -> aiosmtplib.SMTP:
        address = self._address
        if self._context is None:
            self._context = await asyncio.to_thread(address.tls_context)
        implicit = address.tls == "implicit"
        starttls = {"always": True, "if-offered": None, "never": False}[address.starttls]
        client = aiosmtplib.SMTP(
            hostname=address.host,
            port=address.port,
            timeout=address.timeout,
            local_hostname=address.local_hostname,
            use_tls=implicit,
            start_tls=False if implicit else starttls,
            tls_context=self._context,
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
        if address.tokens is None:
            await client.login(address.username, address.password or "")
            return
        try:
            await client.auth_xoauth2(address.username, await address.tokens.token())
        except aiosmtplib.SMTPAuthenticationError as error:
            if error.code != _SIGN_IN_REFUSED:
                raise
            # It may have been taken back before its end; a fresh one decides.
            address.tokens.forget()
            await client.auth_xoauth2(address.username, await address.tokens.token())

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
