"""Header fields of mail that we send: nothing that an enquirer chose can break out of its field."""

import re
from collections.abc import Iterable, Sequence
from email.errors import HeaderParseError
from email.headerregistry import Address, BaseHeader, Group, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy, Policy
from functools import cache

from bot.mail.alignment import domain_of

MOST_REFERENCES = 20
LONGEST_SUBJECT = 200
LONGEST_NAME = 80
MOST_NAME_WORDS = 6

_REPLY_MARKS = re.compile(r"^(?:(?:re|aw|sv|vs|antw|odp|r)\s*(?:\[\d+\])?\s*:\s*)+", re.IGNORECASE)
_LINE_END = re.compile(r"\r\n?")
_UNSTORABLE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{3,250}>")
_PERSON = re.compile(r"[^\W\d_][^\W\d_'’.\- ]*(?:[ .'’\-]+[^\W\d_]+)*\.?")  # noqa: RUF001  both apostrophes of O'Hara
_HOST_LIKE = re.compile(r"[^\W\d_]{2,}\.[^\W\d_]{2,}")


class MessageIds(UnstructuredHeader, BaseHeader):
    """Message-IDs, folded between them. The library would cut long ones into encoded words."""

    def fold(self, *, policy: Policy) -> str:
        """The field as it is sent, one id a line."""
        return f"{self.name}: " + f"{policy.linesep} ".join(str(self).split()) + policy.linesep


class RememberedRegistry(HeaderRegistry):
    """Makes the class of each header once; the library makes a new one for each field."""

    def __init__(self) -> None:
        super().__init__()
        self._made: dict[str, type[BaseHeader]] = {}

    def __getitem__(self, name: str) -> type[BaseHeader]:
        """The class of headers of this name."""
        if name not in self._made:
            self._made[name] = super().__getitem__(name)
        return self._made[name]


@cache
def policy() -> "EmailPolicy[EmailMessage]":
    """How our mails are written: CRLF, seven bits, ids never encoded."""
    registry = RememberedRegistry()
    for name in ("message-id", "in-reply-to", "references"):
        registry.map_to_type(name, MessageIds)
    return SMTP.clone(header_factory=registry, cte_type="7bit")


def as_bytes(message: EmailMessage, *, utf8: bool = False) -> bytes:
    """The mail as it goes over the wire; with `utf8`, addresses stand in any script (RFC 6532)."""
    written = message.policy.clone(linesep="\r\n")
    if isinstance(written, EmailPolicy):
        written = written.clone(utf8=utf8)
    data = message.as_bytes(policy=written)
    return data if data.endswith(b"\r\n") else data + b"\r\n"


def dots_doubled(data: bytes) -> bytes:
    """The mail as it stands after DATA: a line that is a dot would end it (RFC 5321 4.5.2)."""
    return (b"\r\n" + data).replace(b"\r\n.", b"\r\n..")[2:]


def one_line(text: str, longest: int) -> str:
    """The text without line breaks, control and direction characters, cut to this length."""
    spaced = " ".join(text.split())
    shown = "".join(char for char in spaced if char.isprintable())
    return shown[:longest].strip()


def storable(text: str) -> str:
    """The text without control characters, its line breaks kept; always UTF-8."""
    return _UNSTORABLE.sub("", _LINE_END.sub("\n", text).replace("\t", " "))


def bare_subject(subject: str, reference: str) -> str:
    """The enquirer's subject without reply marks and without our own reference."""
    line = one_line(subject.replace(f"[{reference}]", " "), LONGEST_SUBJECT)
    return _REPLY_MARKS.sub("", line).strip()


def person(name: str) -> str:
    """The name as one would write it after 'Dear'; empty where it is not clearly a name.

    A display name is the sender's to choose: with a web address in it, our greeting would
    advertise for a stranger.
    """
    plain = one_line(name, 10 * LONGEST_NAME).partition("(")[0].strip(" \"'")
    family, comma, given = plain.partition(",")
    if comma:
        plain = f"{given.strip()} {family.strip()}".strip()
    if len(plain) > LONGEST_NAME or len(plain.split()) > MOST_NAME_WORDS:
        return ""
    if _HOST_LIKE.search(plain) or not _PERSON.fullmatch(plain):
        return ""
    return plain


def mailbox(address: str, name: str = "") -> Address | None:
    """An address for a header, with its name; None where the address is not one.

    The domain is in ASCII; the part before it may be of any script (RFC 6532).
    """
    local, _, domain = address.rpartition("@")
    known = domain if domain.isascii() else domain_of(domain)
    if not address.isprintable() or not known:
        return None
    try:
        if address.isascii():
            return Address(one_line(name, LONGEST_NAME), addr_spec=address)
        return Address(one_line(name, LONGEST_NAME), username=local, domain=known)
    except (HeaderParseError, ValueError, IndexError):
        # The parser of the standard library raises any of these on what is no address.
        return None


def recipients(addresses: Iterable[tuple[str, str]]) -> Sequence[Address | Group]:
    """(Address, name) pairs for To or Cc; a group without members where none is usable."""
    found = [one for one in (mailbox(address, name) for address, name in addresses) if one]
    return found or [Group("undisclosed-recipients")]


def message_ids(ids: Iterable[str]) -> str:
    """The well-formed ones, each once: the thread's first and its latest (RFC 5322 3.6.4)."""
    good = list(dict.fromkeys(one for one in ids if _MESSAGE_ID.fullmatch(one)))
    if len(good) > MOST_REFERENCES:
        good = [good[0], *good[1 - MOST_REFERENCES :]]
    return " ".join(good)
