"""Bytes of a mail to what the service needs of it. Never raises, and what it gives is storable."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from bot.mail import automatic, content, mime, quotes
from bot.mail import headers as heading
from bot.mail.bounces import is_report
from bot.mail.charsets import storable
from bot.mail.content import File
from bot.mail.delivery_reports import reports
from bot.mail.headers import Address, Headers
from handlers.returned import Returned
from triage.message import Message

_FORWARD_PREFIXES = (
    "fw:",
    "fwd:",
    "wg:",
    "tr:",
    "rv:",
    "i:",
    "enc:",
    "vl:",
    "vb:",
    "doorst:",
    "pd:",
)


@dataclass(frozen=True, slots=True)
class Attachment:
    """What is known of an attached file; `attachment_bytes` gives its content."""

    name: str
    type: str
    size: int
    """In bytes, transfer encoding undone."""
    md5: str
    """In hexadecimal; an identity for people and tests, not a safeguard."""


@dataclass(frozen=True, slots=True)
class ParsedMail:
    """One mail, read. Every text can be encoded as UTF-8 and has no NUL."""

    subject: str
    sender: str
    """Address of From, else of Sender; empty where neither can be read."""
    sender_name: str
    from_header: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    reply_to: str | None
    date: str | None
    """ISO 8601 with the offset that the sender gave."""
    message_id: str | None
    in_reply_to: str | None
    references: tuple[str, ...]
    text: str
    new_text: str
    signed_text: str
    """The new text with what stands below the sign-off left in, as triage reads it."""
    quoted_text: str
    signature: str
    html: str | None
    attachments: tuple[Attachment, ...]
    protection: str | None
    """`pgp-encrypted`, `smime` or `tnef`, where the text is in a wrapper that is not opened."""
    automatic_reason: str | None
    is_bounce: bool
    returned: tuple[Returned, ...]
    """What it says of each recipient, where it is a report on delivery."""
    may_auto_reply: bool
    headers: Headers

    @property
    def is_automatic(self) -> bool:
        """Whether a machine sent it and no person waits for an answer."""
        return self.automatic_reason is not None


def parse(
    raw: bytes, *, envelope_from: str | None = None, own_addresses: Collection[str] = ()
) -> ParsedMail:
    """Read a mail as it came over the wire.

    `envelope_from` is the sender of the envelope, empty for the null sender, None where
    it is not known; `own_addresses` are those of the service. Nothing is raised for any
    bytes: what cannot be read is text.
    """
    root = mime.read(raw)
    body = content.read(root)
    fields = root.headers
    sender = _sender(fields)
    reply_to = next(iter(heading.addresses(fields.raw("Reply-To") or "")), None)
    subject = " ".join(fields.get("Subject").split())
    forwarded = subject.lower().startswith(_FORWARD_PREFIXES)
    parts = quotes.split(body.marked, forwarded=forwarded)
    verdict = automatic.judge(
        automatic.Evidence(
            root, body.text, sender, reply_to, envelope_from, own_addresses, parts.new
        )
    )
    return ParsedMail(
        subject=storable(subject),
        sender=sender.address,
        sender_name=sender.name,
        from_header=storable(fields.get("From")),
        to=_listed(fields, "To"),
        cc=_listed(fields, "Cc"),
        reply_to=reply_to.address if reply_to else None,
        date=heading.date(fields.get("Date")),
        message_id=_message_id(fields),
        in_reply_to=next(iter(heading.message_ids(fields.get("In-Reply-To"))), None),
        references=tuple(heading.message_ids(" ".join(fields.all("References")))),
        text=storable(body.text.strip("\n")),
        new_text=storable(parts.new),
        signed_text=storable(parts.signed),
        quoted_text=storable(parts.quoted),
        signature=storable(parts.signature),
        html=body.html,
        attachments=tuple(_described(file) for file in body.files),
        protection=content.protection(root),
        automatic_reason=verdict.reason,
        is_bounce=verdict.is_bounce,
        returned=reports(root, body.text) if verdict.is_bounce or is_report(root) else (),
        may_auto_reply=verdict.may_auto_reply,
        headers=fields,
    )


def attachment_bytes(raw: bytes, index: int) -> bytes:
    """The content of the attachment that stands at this index of `ParsedMail.attachments`.

    Raises:
        IndexError: the mail has no such attachment.
    """
    return content.read(mime.read(raw)).files[index].content


def to_message(parsed: ParsedMail) -> Message:
    """The mail as triage sees it."""
    return Message(
        channel="email",
        sender=parsed.sender,
        sender_name=parsed.sender_name,
        subject=parsed.subject,
        text=parsed.text,
        new_text=parsed.signed_text,
        automatic_reason=parsed.automatic_reason,
        is_bounce=parsed.is_bounce,
    )


def as_record(parsed: ParsedMail, file: str | Path) -> dict[str, object]:
    """The mail as `triagebot parse` prints it; the keys are a promise to those who call it."""
    return {
        "file": str(file),
        "subject": parsed.subject,
        "from": parsed.sender,
        "to": list(parsed.to),
        "date": parsed.date,
        "message_id": parsed.message_id,
        "in_reply_to": parsed.in_reply_to,
        "references": list(parsed.references),
        "text": parsed.text,
        "new_text": parsed.new_text,
        "attachments": [
            {"name": file.name, "type": file.type, "size": file.size, "md5": file.md5}
            for file in parsed.attachments
        ],
        "is_automatic": parsed.is_automatic,
        "automatic_reason": parsed.automatic_reason,
        "is_bounce": parsed.is_bounce,
        "may_auto_reply": parsed.may_auto_reply,
    }


def _sender(fields: Headers) -> Address:
    wanted = ("from", "sender", "resent-from")
    values = [value for name in wanted for key, value in fields.fields if key.lower() == name]
    found = (heading.mailbox(value) for value in values)
    known = [address for address in found if address.address or address.name]
    return next((address for address in known if address.address), (*known, Address(""))[0])


def _listed(fields: Headers, name: str) -> tuple[str, ...]:
    wanted = name.lower()
    values = [value for key, value in fields.fields if key.lower() == wanted]
    return tuple(found.address for value in values for found in heading.addresses(value))


def _message_id(fields: Headers) -> str | None:
    value = fields.get("Message-ID")
    return next(iter(heading.message_ids(value)), None) or storable(value)[:998] or None


def _described(file: File) -> Attachment:
    digest = hashlib.md5(file.content, usedforsecurity=False).hexdigest()
    return Attachment(storable(file.name), storable(file.type), len(file.content), digest)
