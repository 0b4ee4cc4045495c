"""A letter as a mail: text and HTML from the templates, threading, and the marks of RFC 3834."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.message import EmailMessage
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from bot.mail import one_click
from bot.mail.addresses import with_tag
from bot.mail.headers_out import (
    bare_subject,
    mailbox,
    message_ids,
    one_line,
    person,
    policy,
    recipients,
    storable,
)
from handlers.letters import Letter, Link, Part, Rendered
from handlers.references import PATTERN, reply_tag

TEMPLATES = Path(__file__).with_name("templates")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who writes: what stands in From and below each mail."""

    address: str
    """The service's mailbox; replies come back to it."""
    name: str
    organisation: str
    telephone: str
    contact: str
    """The address that enquirers are told."""
    reply_key: str | None = None
    """Signs the reference in the address to which replies go; without it they go to `address`."""

    def reply_address(self, reference: str) -> str:
        """Where replies about this enquiry come back to."""
        if self.reply_key is None or PATTERN.fullmatch(reference) is None:
            return self.address
        return with_tag(self.address, reply_tag(reference, self.reply_key))


ANY_TYPE = "application/octet-stream"
_TYPE = re.compile(r"(?:application|audio|font|image|model|video)/[A-Za-z0-9.+-]{1,80}")
"""Types by which a file may go out; text and messages would be decoded on the way."""


def render(
    letter: Letter,
    identity: Identity,
    *,
    at: datetime | None = None,
    links: Sequence[Link] = (),
    files: Sequence[bytes] = (),
) -> EmailMessage:
    """The mail, ready to be handed over. `at` is its date; now where it is not given.

    `files` are the bytes of the letter's files, in their order.

    Below an answer stand the `links` by which its reader can say whether it helped.
    """
    subject, text, html = _words(letter, identity, links)
    message = EmailMessage(policy())
    sender = mailbox(identity.address, identity.name)
    message["From"] = sender
    message["To"] = recipients([(letter.to, person(letter.to_name) or letter.to_name)])
    if letter.cc:
        message["Cc"] = recipients([(address, "") for address in letter.cc])
    message["Reply-To"] = mailbox(identity.reply_address(letter.reference), identity.name)
    message["Subject"] = subject
    message["Date"] = at or datetime.now(UTC)
    _thread(message, letter)
    if letter.automatic:
        message["Auto-Submitted"] = "auto-replied"
        message["X-Auto-Response-Suppress"] = "All"
    # Quoted-printable reaches every relay as it is, and a person can read it in a log.
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    # Always the same, so that a mail that is sent again is the same mail.
    message.set_boundary("=_" + _fingerprint(letter.message_id))
    for one, content in zip(letter.files, files, strict=True):
        main, _, sub = (one.type if _TYPE.fullmatch(one.type) else ANY_TYPE).partition("/")
        name = one_line(one.name, 150) or "file"
        message.add_attachment(content, maintype=main, subtype=sub, filename=name)
    if files:
        message.set_boundary("=_files_" + _fingerprint(letter.message_id))
    message["Content-Language"] = "en-GB"
    return message


def render_text(letter: Letter, identity: Identity) -> tuple[str, str]:
    """(Subject, text) as they would be sent."""
    subject, text, _ = _words(letter, identity, ())
    return subject, text


def rendered(letter: Letter, identity: Identity) -> Rendered:
    """The letter as its reader would have it, with nothing to send."""
    return _words(letter, identity, ())


def _fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def _thread(message: EmailMessage, letter: Letter) -> None:
    fields = {
        "Message-ID": [letter.message_id],
        "In-Reply-To": [letter.in_reply_to or ""],
        "References": [*letter.references, letter.in_reply_to or ""],
    }
    for name, ids in fields.items():
        if value := message_ids(ids):
            message[name] = value


def _words(letter: Letter, identity: Identity, links: Sequence[Link]) -> Rendered:
    body = storable(letter.body).strip()
    officer = one_line(letter.officer_name, 80)
    last_line = body.rpartition("\n")[2].strip()
    reference = one_line(letter.reference, 40)
    values = {
        "identity": identity,
        "reference": reference,
        "write_to": one_click.write_to(identity.contact, reference),
        "call": one_click.call(identity.telephone),
        "subject": bare_subject(letter.subject, letter.reference),
        "name": person(letter.to_name),
        "parts": _without_repeated_links(letter.content.parts),
        "series": letter.content.series,
        "sure": letter.content.sure,
        "unmet": letter.content.unmet,
        "feedback": links,
        "closes_on": letter.closes_on and spoken_day(letter.closes_on),
        "body": body,
        "paragraphs": [part.split("\n") for part in body.split("\n\n") if part.strip()],
        "officer_name": "" if last_line == officer else officer,
    }
    subject = _filled(f"{letter.template}/subject.txt", values)
    text = _filled(f"{letter.template}/body.txt", values)
    html = _filled(f"{letter.template}/body.html", {**values, "subject": subject})
    return Rendered(subject, text, html)


def spoken_day(day: date) -> str:
    """As `Thursday 2 April 2026`."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def _filled(template: str, values: dict[str, object]) -> str:
    filled = storable(_environment().get_template(template).render(values)).strip()
    return filled if template.endswith("subject.txt") else filled + "\n"


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html"], default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _without_repeated_links(parts: tuple[Part, ...]) -> list[Part]:
    """Passages of one article name the same pages: each page is named once in a mail."""
    named: set[str] = set()
    shown: list[Part] = []
    for part in parts:
        fresh: tuple[Link, ...] = tuple(link for link in part.links if link.url not in named)
        named.update(link.url for link in fresh)
        shown.append(part.model_copy(update={"links": fresh}))
    return shown
