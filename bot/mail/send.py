"""SMTP out: hands one mail to the relay, and says what is certain about it afterwards."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace
from email.message import EmailMessage
from typing import cast

import aiosmtplib
from aiosmtplib.protocol import SMTPProtocol

from bot.mail.envelope import Envelope, UnsendableError
from bot.mail.failures import PERMANENT, result_of
from bot.mail.headers_out import as_bytes, dots_doubled
from bot.mail.pacing import Pace
from bot.mail.relay_pool import RelayAddress, RelayAwayError, RelayPool, address_of
from bot.mail.signing import Signer
from bot.settings import Settings
from handlers.delivery import (
    AlreadyTaken,
    InDoubt,
    Later,
    Refused,
    Result,
    Sent,
    Take,
)

MOST_CONNECTIONS = 8
FINAL_ANSWER_FACTOR = 4
"""A relay may scan a mail before it answers the final dot; RFC 5321 4.5.3.2.6 asks for patience."""
NO_RELAY_SECONDS = 60.0
OUR_SECONDS = 15.0
_ASCII_ONLY = (
    "the relay carries no addresses outside ASCII (SMTPUTF8): the mail cannot reach this one"
)
_NO_RELAY = "no relay is set: set relay_host to the SMTP server that outgoing mail is handed to"


def longest_hand_over(timeout: float) -> float:
    """Seconds from `take` to a kept result: DATA, the mail, the relay's answer, and our part."""
    return (2 + FINAL_ANSWER_FACTOR) * timeout + OUR_SECONDS


class _NotAcceptedError(Exception):
    """The relay said no at this step, or nobody may be sent the mail any more."""

    def __init__(self, result: Result) -> None:
        self.result = result


class _StaleError(Exception):
    """The relay had closed the connection before it heard of this mail."""


class Relay:
    """The SMTP server that takes our mail, or the lack of one.

    A mail is taken by `take` (which marks it `sending`) after the relay accepted its envelope
    and right before DATA. What fails until the final dot is known not to have left; silence
    after the dot is doubt.
    """

    def __init__(
        self,
        address: RelayAddress | None,
        *,
        most: int = MOST_CONNECTIONS,
        signer: Signer | None = None,
        pace: Pace | None = None,
    ) -> None:
        self._pool = None if address is None else RelayPool(address, most=most)
        self._signer = signer
        self._pace = pace or Pace(None, time.monotonic)

    @classmethod
    def of(cls, settings: Settings) -> "Relay":
        """The relay that the settings name. Raises SigningError where they cannot be signed by."""
        if settings.relay_host is None:
            return cls(None)
        return cls(
            address_of(settings.relay_host, settings),
            signer=Signer.of(settings),
            pace=Pace(settings.relay_per_domain_per_minute, time.monotonic),
        )

    async def send(
        self,
        message: EmailMessage,
        envelope_from: str,
        recipients: Sequence[str],
        take: Take,
        *,
        ident: str = "",
    ) -> Result:
        """Hand over one mail; an empty `envelope_from` is the null sender of automatic mail.

        The first recipient is the one that matters: where the relay refuses it for good, so is
        the mail; a copy that is refused is left out, and the receipt says so. `ident` is what a
        report on its delivery calls it. Raises what `take` raises, and then nothing was sent.
        """
        if self._pool is None:
            return Later(_NO_RELAY, NO_RELAY_SECONDS, counts=False)
        try:
            envelope = Envelope.of(envelope_from, recipients, ident)
        except UnsendableError as error:
            return Refused(str(error))
        if seconds := self._pace.seconds_to_wait(envelope.domains):
            return Later("enough mail for that domain in this minute", seconds, counts=False)
        data = as_bytes(message, utf8=not envelope.is_ascii)
        if self._signer is not None:
            data = await asyncio.to_thread(self._signer.signed, data)
        try:
            result = await _on_a_live_connection(self._pool, data, envelope, take)
        except RelayAwayError as error:
            return Later(f"the relay is away: {_words(error)}", error.seconds, counts=False)
        except (aiosmtplib.SMTPException, OSError) as error:
            return Later(f"the relay could not be used: {_words(error)}")
        return replace(result, copy=data) if isinstance(result, Sent) else result

    async def close(self) -> None:
        """Close the connections that rest."""
        if self._pool is not None:
            await self._pool.close()


async def _on_a_live_connection(
    pool: RelayPool, data: bytes, envelope: Envelope, take: Take
) -> Result:
    try:
        return await _hand_over(pool, data, envelope, take)
    except _StaleError:
        # Relays end a connection after so many mails, or at their restart.
        pool.drop_resting()
    try:
        return await _hand_over(pool, data, envelope, take)
    except _StaleError:
        return Later("the relay closes its connections at once")


async def _hand_over(pool: RelayPool, data: bytes, envelope: Envelope, take: Take) -> Result:
    async with pool.connection() as client:
        if not envelope.is_ascii and not client.supports_extension("smtputf8"):
            return Refused(_ASCII_ONLY)
        try:
            await _mail(client, envelope, len(data))
            left_out = await _recipients(client, envelope)
            await _take(client, take)
            await _ready(client)
        except _NotAcceptedError as error:
            await _reset(client)
            return error.result
        return await _content(client, dots_doubled(data), left_out, pool.patience)


async def _mail(client: aiosmtplib.SMTP, envelope: Envelope, size: int) -> None:
    options = envelope.mail_options(client, size)
    try:
        await client.mail(envelope.sender, options=options, encoding="utf-8")
    except aiosmtplib.SMTPServerDisconnected as error:
        raise _StaleError from error
    except aiosmtplib.SMTPSenderRefused as error:
        if error.code == aiosmtplib.SMTPStatus.domain_unavailable:
            raise _StaleError from error
        raise _NotAcceptedError(_no(error)) from error


async def _recipients(client: aiosmtplib.SMTP, envelope: Envelope) -> list[str]:
    """RCPT for each; the copies that the relay refused."""
    left_out: list[str] = []
    for index, recipient in enumerate(envelope.recipients):
        options = envelope.rcpt_options(client, recipient)
        try:
            await client.rcpt(recipient, options=options, encoding="utf-8")
        except aiosmtplib.SMTPRecipientRefused as error:
            if index == 0 or error.code < PERMANENT:
                raise _NotAcceptedError(_no(error)) from error
            left_out.append(f"{recipient}: {error.code}")
    return left_out


async def _take(client: aiosmtplib.SMTP, take: Take) -> None:
    if not client.is_connected:
        raise aiosmtplib.SMTPServerDisconnected("Connection lost")
    if not await take():
        raise _NotAcceptedError(AlreadyTaken())


async def _ready(client: aiosmtplib.SMTP) -> None:
    response = await client.execute_command(b"DATA")
    if response.code != aiosmtplib.SMTPStatus.start_input:
        raise _NotAcceptedError(
            _no(aiosmtplib.SMTPResponseException(response.code, response.message))
        )


async def _content(
    client: aiosmtplib.SMTP, data: bytes, left_out: Sequence[str], patience: float
) -> Result:
    """The mail, and only when the network has all of it the dot; then the relay's answer."""
    protocol = client.protocol
    if protocol is None:
        raise aiosmtplib.SMTPServerDisconnected("Connection lost")
    protocol.write(data)
    async with asyncio.timeout(patience):
        await _until_written(protocol)
    protocol.write(b".\r\n")
    try:
        response = await protocol.read_response(timeout=FINAL_ANSWER_FACTOR * patience)
    except (aiosmtplib.SMTPException, OSError) as error:
        client.close()
        return InDoubt(f"no answer after the final dot: {_words(error)}")
    if response.code != aiosmtplib.SMTPStatus.completed:
        return _no(aiosmtplib.SMTPResponseException(response.code, response.message))
    receipt = f"{response.code} {_one_line(response.message)}"
    return Sent(f"{receipt} (not to {', '.join(left_out)})" if left_out else receipt)


async def _until_written(protocol: SMTPProtocol) -> None:
    while True:
        transport = protocol.transport
        if transport is None or transport.is_closing():
            raise aiosmtplib.SMTPServerDisconnected("Connection lost")
        if not cast("asyncio.WriteTransport", transport).get_write_buffer_size():
            return
        await asyncio.sleep(0.005)


async def _reset(client: aiosmtplib.SMTP) -> None:
    """Make the connection fit for the next mail, or close it; what was decided stands."""
    try:
        if client.is_connected:
            await client.rset()
    except (aiosmtplib.SMTPException, OSError):
        client.close()


def _no(error: aiosmtplib.SMTPResponseException) -> Later | Refused:
    return result_of(error.code, _one_line(error.message))


def _words(error: Exception) -> str:
    return _one_line(str(error)) or type(error).__name__


def _one_line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:300]
