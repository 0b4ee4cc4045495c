"""One mail of the sandbox: its envelope, its bytes, and what can be read of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Literal

from bot.mail import headers as heading
from bot.mail.charsets import decode
from bot.mail.headers import Headers
from bot.mail.parse import ParsedMail, parse
from handlers.references import PATTERN

Origin = Literal["service", "page"]
"""Who sent it: the service, or the person who writes on the page."""

Kind = Literal["sent", "answer", "acknowledgement", "officer", "automatic"]
"""What it is to the person who looks on; `automatic` where a machine does not say which."""

LETTER_HEADER = "X-Triagebot-Letter"
"""Names the template of an outgoing mail: `answer`, `acknowledgement` or `officer`."""

_MOST_SOURCE = 400_000


@dataclass(frozen=True)
class Mail:
    """A mail as it was taken, whatever its bytes are. The body is read when it is first shown."""

    id: int
    at: datetime
    """When it was taken, in UTC."""
    origin: Origin
    envelope_from: str
    """Empty for the null sender of automatic mail (RFC 5321 section 4.5.5)."""
    envelope_to: tuple[str, ...]
    raw: bytes

    @cached_property
    def headers(self) -> Headers:
        """The fields of the header."""
        return heading.split(self.raw)[0]

    @cached_property
    def parsed(self) -> ParsedMail:
        """All that can be read of it."""
        return parse(self.raw, envelope_from=self.envelope_from)

    @property
    def subject(self) -> str:
        """The subject on one line; empty where there is none."""
        return " ".join(self.headers.get("Subject").split())

    @cached_property
    def message_id(self) -> str:
        """Its Message-ID with angle brackets; empty where it has none."""
        return next(iter(heading.message_ids(self.headers.get("Message-ID"))), "")

    @property
    def enquirer(self) -> str:
        """The other side, seen from the service: who wrote, or to whom the service writes."""
        if self.origin == "page":
            return self.envelope_from or self.sender.address
        return ", ".join(self.envelope_to)

    @property
    def sender(self) -> heading.Address:
        """Who it says it is from."""
        return heading.mailbox(self.headers.raw("From") or "")

    @property
    def recipient(self) -> heading.Address:
        """The first one whom it says it is to, else the first of the envelope."""
        named = heading.addresses(self.headers.raw("To") or "")
        return (*named, heading.Address(next(iter(self.envelope_to), "")))[0]

    @property
    def answer_to(self) -> str:
        """Where a mail client sends a reply: Reply-To, else From."""
        wanted = heading.addresses(self.headers.raw("Reply-To") or "")
        return wanted[0].address if wanted else self.sender.address

    @cached_property
    def references(self) -> tuple[str, ...]:
        """The mails before it that it names, the oldest first."""
        named = " ".join((*self.headers.all("References"), self.headers.get("In-Reply-To")))
        return tuple(heading.message_ids(named))

    @cached_property
    def ties(self) -> frozenset[str]:
        """What ties it to others: message ids, and the enquiry's reference in the subject."""
        named = PATTERN.finditer(f"{self.subject} {self.message_id}")
        enquiries = {found[0].upper() for found in named}
        return frozenset({self.message_id, *self.references, *enquiries} - {""})

    @cached_property
    def kind(self) -> Kind:
        """What it is: told by our own header, else by the mark of automatic mail (RFC 3834)."""
        if self.origin == "page":
            return "sent"
        match self.headers.token(LETTER_HEADER):
            case "answer" | "acknowledgement" | "officer" as told:
                return told
            case _:
                marked = self.headers.token("Auto-Submitted") not in {"", "no"}
                return "automatic" if marked else "officer"

    @property
    def source(self) -> str:
        """The bytes as text, cut where they are too many to show."""
        return decode(self.raw[:_MOST_SOURCE], None).replace("\r\n", "\n")

    @property
    def source_is_cut(self) -> bool:
        """Whether `source` is not all of it."""
        return len(self.raw) > _MOST_SOURCE

    def repeats(self, other: "Mail", *, within: timedelta) -> bool:
        """Whether the same person wrote the same words on this page so short a time before."""
        return (
            other.origin == "page"
            and self.at - other.at <= within
            and self.sender.address.lower() == other.sender.address.lower()
            and self.subject == other.subject
            and self.parsed.text == other.parsed.text
        )

    def concerns(self, address: str) -> bool:
        """Whether part of an address occurs among those who sent or get it."""
        wanted = address.strip().lower()
        people = (self.envelope_from, *self.envelope_to, self.sender.address)
        return any(wanted in person.lower() for person in people)
