"""What a person writes as an enquirer, and the mail that comes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from bot.mail.headers_out import policy
from bot.sandbox.mailbox.mail import Mail


class NotAnAddressError(ValueError):
    """An address cannot be read as one, or is beyond ASCII, which no browser's form lets pass."""

    def __init__(self, given: str) -> None:
        super().__init__(
            f"“{given}” cannot be used as an address. It needs the form name@example.org."
        )


@dataclass(frozen=True)
class Draft:
    """A mail that is being written."""

    sender: str = ""
    name: str = ""
    to: str = ""
    subject: str = ""
    body: str = ""
    answers: Mail | None = None
    """The mail to which it is a reply."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Further fields, such as those of automatic mail."""

    def message(self) -> EmailMessage:
        """The mail, as a client would write it.

        Raises:
            NotAnAddressError: the sender's or the recipient's address is none.
        """
        sender = _address(self.sender, _one_line(self.name))
        message = EmailMessage(policy())
        message["From"] = sender
        message["To"] = _address(self.to)
        message["Subject"] = _one_line(self.subject)
        message["Message-ID"] = make_msgid(domain=sender.domain)
        if self.answers is not None:
            _tie(message, self.answers)
        for name, value in self.headers.items():
            message[name] = value
        message.set_content(self.body.replace("\r\n", "\n"))
        return message


def reply_to(mail: Mail) -> Draft:
    """The reply that a mail client offers: the other way round, with the mail quoted."""
    known = mail.subject[:3].lower() == "re:"
    quoted = "\n".join(f"> {line}".rstrip() for line in mail.parsed.text.splitlines())
    when = format_datetime(mail.at.astimezone()).rpartition(":")[0]
    writer = f"{mail.sender.name} <{mail.sender.address}>".strip()
    return Draft(
        sender=mail.recipient.address,
        name=mail.recipient.name,
        to=mail.answer_to,
        subject=mail.subject if known else f"Re: {mail.subject}",
        body=f"\n\nOn {when}, {writer} wrote:\n{quoted}\n",
        answers=mail,
    )


def _tie(message: EmailMessage, before: Mail) -> None:
    """Name the mail that is answered, and those before it (RFC 5322 section 3.6.4)."""
    if before.message_id:
        message["In-Reply-To"] = before.message_id
    thread = dict.fromkeys((*before.references, before.message_id))
    named = [ident for ident in thread if ident]
    if named:
        message["References"] = " ".join(named)


def _address(given: str, name: str = "") -> Address:
    try:
        address = Address(name, addr_spec=given.strip())
    except (HeaderParseError, ValueError, IndexError) as wrong:
        raise NotAnAddressError(given) from wrong
    if not address.domain:
        raise NotAnAddressError(given)
    return address


def _one_line(words: str) -> str:
    """A header's words without the line breaks with which another header could be slipped in."""
    return " ".join(words.split())
