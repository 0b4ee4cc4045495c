"""SMTP out: hands one mail to the relay, and says what is certain about it afterwards."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from email.message import EmailMessage
from typing import cast

import aiosmtplib
from aiosmtplib.protocol import SMTPProtocol

from bot.mail.relay_pool import RelayAddress, RelayAwayError, RelayPool
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
_PERMANENT = 500
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

    def __init__(self, address: RelayAddress | None, *, most: int = MOST_CONNECTIONS) -> None:
        self._pool = None if address is None else RelayPool(address, most=most)

    @classmethod
    def of(cls, settings: Settings) -> "Relay":
        """The relay that the settings name."""
        if settings.relay_host is None:
            return cls(None)
        password = settings.relay_password
        return cls(
            RelayAddress(
                host=settings.relay_host,
                port=settings.relay_port,
                timeout=settings.relay_timeout,
                starttls=settings.relay_starttls,
                username=settings.relay_username,
                password=None if password is None else password.get_secret_value(),
                local_hostname=settings.mailbox_address.rpartition("@")[2],
            )
        )

    async def send(
        self, message: EmailMessage, envelope_from: str, recipients: Sequence[str], take: Take
    ) -> Result:
        """Hand over one mail; an empty `envelope_from` is the null sender of automatic mail.

        The first recipient is the one that matters: where the relay refuses it for good, so is
        the mail; a copy that is refused is left out, and the receipt says so. Raises what
        `take` raises, and then nothing was sent.
        """
        if self._pool is None:
            return Later(_NO_RELAY, NO_RELAY_SECONDS, counts=False)
        if problem := _unsendable(envelope_from, recipients):
            return Refused(problem)
        try:
            data = _as_bytes(message)
            result = await _on_a_live_connection(
                self._pool, _dots_doubled(data), envelope_from, recipients, take
            )
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
    pool: RelayPool, data: bytes, envelope_from: str, recipients: Sequence[str], take: Take
) -> Result:
    try:
        return await _hand_over(pool, data, envelope_from, recipients, take)
    except _StaleError:
        # Relays end a connection after so many mails, or at their restart.
        pool.drop_resting()
    try:
        return await _hand_over(pool, data, envelope_from, recipients, take)
    except _StaleError:
        return Later("the relay closes its connections at once")


async def _hand_over(
    pool: RelayPool, data: bytes, envelope_from: str, recipients: Sequence[str], take: Take
) -> Result:
    async with pool.connection() as client:
        try:
            await _mail(client, envelope_from, len(data))
            left_out = await _recipients(client, recipients)
            await _take(client, take)
            await _ready(client)
        except _NotAcceptedError as error:
            await _reset(client)
            return error.result
        return await _content(client, data, left_out, pool.patience)


def _unsendable(envelope_from: str, recipients: Sequence[str]) -> str | None:
    if not recipients:
        return "the mail has no recipient"
    for address in (envelope_from, *recipients):
        if not address.isascii() or not address.isprintable() or set(address) & set(" <>"):
            return "an address of the mail cannot be used in SMTP"
    return None


def _as_bytes(message: EmailMessage) -> bytes:
    data = message.as_bytes(policy=message.policy.clone(linesep="\r\n"))
    return data if data.endswith(b"\r\n") else data + b"\r\n"


def _dots_doubled(data: bytes) -> bytes:
    # A line that is a dot would end the mail (RFC 5321 4.5.2).
    return (b"\r\n" + data).replace(b"\r\n.", b"\r\n..")[2:]


async def _mail(client: aiosmtplib.SMTP, envelope_from: str, size: int) -> None:
    options = [f"SIZE={size}"] if client.supports_extension("size") else []
    try:
        await client.mail(envelope_from, options=options)
    except aiosmtplib.SMTPServerDisconnected as error:
        raise _StaleError from error
    except aiosmtplib.SMTPSenderRefused as error:
        if error.code == aiosmtplib.SMTPStatus.domain_unavailable:
            raise _StaleError from error
        raise _NotAcceptedError(_no(error)) from error


async def _recipients(client: aiosmtplib.SMTP, recipients: Sequence[str]) -> list[str]:
    """RCPT for each; the copies that the relay refused."""
    left_out: list[str] = []
    for index, recipient in enumerate(recipients):
        try:
            await client.rcpt(recipient)
        except aiosmtplib.SMTPRecipientRefused as error:
            if index == 0 or error.code < _PERMANENT:
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
    """A 5xx answer is final; anything else may be otherwise tomorrow (RFC 5321 4.2.1)."""
    why = f"{error.code} {_one_line(error.message)}"
    return Refused(why) if error.code >= _PERMANENT else Later(why)


def _words(error: Exception) -> str:
    return _one_line(str(error)) or type(error).__name__


def _one_line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:300]
