"""An envelope in the words of SMTP: addresses that it can carry, and what is asked of the relay."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import aiosmtplib

from bot.mail.alignment import domain_of

_PLAIN = re.compile(r"[!-*,-<>-~]")
"""What stands for itself in an `xtext` (RFC 3461 4)."""
_LONGEST_ENVID = 100


class UnsendableError(Exception):
    """SMTP cannot carry this; the text says what."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """From whom and to whom; an empty sender is the null sender of automatic mail."""

    sender: str
    recipients: Sequence[str]
    ident: str = ""
    """Our name for the mail, which a report on its delivery gives back (ENVID)."""

    @classmethod
    def of(cls, sender: str, recipients: Sequence[str], ident: str = "") -> "Envelope":
        """With the domains in ASCII. Raises UnsendableError."""
        if not recipients:
            raise UnsendableError("the mail has no recipient")
        return cls(sender and _sendable(sender), tuple(map(_sendable, recipients)), ident)

    @property
    def domains(self) -> set[str]:
        """Where it goes."""
        return {one.rpartition("@")[2] for one in self.recipients}

    @property
    def is_ascii(self) -> bool:
        """Whether any relay can carry the addresses."""
        return all(one.isascii() for one in (self.sender, *self.recipients))

    def mail_options(self, client: aiosmtplib.SMTP, size: int) -> list[str]:
        """What goes with MAIL, as far as the relay knows it."""
        options = [f"SIZE={size}"] if client.supports_extension("size") else []
        if not self.is_ascii:
            options += ["BODY=8BITMIME", "SMTPUTF8"]
        if self._wants_reports(client):
            options += ["RET=HDRS"]
            ident = _xtext(self.ident)
            if 0 < len(ident) <= _LONGEST_ENVID:
                options.append(f"ENVID={ident}")
        return options

    def rcpt_options(self, client: aiosmtplib.SMTP, recipient: str) -> list[str]:
        """What goes with RCPT for this recipient, as far as the relay knows it."""
        if not self._wants_reports(client):
            return []
        wanted = ["NOTIFY=FAILURE,DELAY"]
        if recipient.isascii():
            wanted.append(f"ORCPT=rfc822;{_xtext(recipient)}")
        return wanted

    def _wants_reports(self, client: aiosmtplib.SMTP) -> bool:
        """A report goes to the sender, so that mail without one can have none."""
        return bool(self.sender) and client.supports_extension("dsn")


def _sendable(address: str) -> str:
    local, _, domain = address.rpartition("@")
    known = domain if domain.isascii() else domain_of(domain)
    if not local or not known or not address.isprintable() or set(address) & set(" <>"):
        raise UnsendableError("an address of the mail cannot be used in SMTP")
    return f"{local}@{known}"


def _xtext(text: str) -> str:
    return "".join(
        char if _PLAIN.fullmatch(char) else "".join(f"+{byte:02X}" for byte in char.encode())
        for char in text
    )
