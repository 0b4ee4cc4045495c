"""Hands a mail that was written on the page to the service, over SMTP as any client would."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime

import aiosmtplib

from bot.sandbox.mailbox.mail import Mail
from bot.sandbox.mailbox.mailbox import Mailbox
from bot.sandbox.mailbox.writing import Draft

_SECONDS = 25
"""Longer than the service takes to say 451 when it cannot commit."""


class NotSentError(Exception):
    """The service did not take the mail; the words say why."""


@dataclass(frozen=True)
class Door:
    """Where the service takes mail."""

    host: str
    port: int

    async def send(self, draft: Draft, mailbox: Mailbox) -> Mail:
        """Send what was written and keep a copy.

        Raises:
            NotAnAddressError: an address is none.
            NotSentError: the service could not be reached, or refused.
        """
        message = draft.message()
        moment = datetime.now(UTC)
        message["Date"] = format_datetime(moment)
        sender, to = draft.sender.strip(), draft.to.strip()
        raw = message.as_bytes()
        await self._hand_over(raw, sender, to)
        return mailbox.keep(raw, envelope_from=sender, envelope_to=(to,), origin="page", at=moment)

    async def _hand_over(self, raw: bytes, sender: str, to: str) -> None:
        client = aiosmtplib.SMTP(
            hostname=self.host,
            port=self.port,
            timeout=_SECONDS,
            # The certificate of a service under trial is seldom one for this address.
            start_tls=False,
            local_hostname="localhost",
        )
        try:
            async with client:
                await client.sendmail(sender, [to], raw)
        except (aiosmtplib.SMTPException, ValueError) as failure:
            raise NotSentError(self._words(failure)) from failure

    def _words(self, failure: Exception) -> str:
        match failure:
            case aiosmtplib.SMTPRecipientsRefused(recipients=[first, *_]):
                return f"The service does not take mail for {first.recipient}: {_said(first)}"
            case aiosmtplib.SMTPResponseException():
                later = 400 <= failure.code < 500  # noqa: PLR2004  RFC 5321 section 4.2.1
                wish = " Try again in a moment." if later else ""
                return f"The service did not take the mail: {_said(failure)}{wish}"
            case aiosmtplib.SMTPTimeoutError():
                return f"The service did not answer within {_SECONDS} seconds. Is it busy?"
            case aiosmtplib.SMTPConnectError():
                where = f"{self.host}, port {self.port}"
                return f"Nothing takes mail at {where}. Is the service running?"
            case aiosmtplib.SMTPServerDisconnected():
                return "The service closed the connection before it had taken the mail."
            case _:
                return f"The mail could not be sent: {failure}"


def _said(failure: aiosmtplib.SMTPResponseException) -> str:
    return f"{failure.code} {' '.join(failure.message.split())}"
