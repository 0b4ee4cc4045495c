"""The header block of a message or a part: fields, parameters, addresses, dates, ids."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import getaddresses, parsedate_to_datetime
from itertools import islice

from bot.mail.charsets import decode, decode_words, storable
from bot.mail.edge import guarded
from bot.mail.parameters import parameter as read_parameter

MOST_HEADER_BYTES = 1_000_000
"""A header block is read so far; real ones stay below 100 kB."""

LONGEST_FIELD = 100_000
"""A field is read so far, in characters; two thousand recipients fit."""

_LONGEST_MAILBOX = 1_000
_LONGEST_DATE = 200
_MOST_STRAY_LINES = 50
_MOST_ADDRESSES = 2_000
_MOST_FIELDS = 5_000
_FIELD = re.compile(rb"[!-9;-~]{1,200}[ \t]*:")
_BLANK_LINE = re.compile(rb"\r?\n[ \t]*\r?\n")
_IN_ANGLES = re.compile(r"<\s{0,9}([^<>\s]{1,320}@[^<>\s]{1,320}?)\s{0,9}>")
_BARE_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"'@]{1,64}@[^\s<>()\[\],;:\"'@]{1,255}")
_MESSAGE_ID = re.compile(r"<[^<>\s]+>")


@dataclass(frozen=True, slots=True)
class Address:
    """One mailbox: the address as written, and the name beside it (empty where none is)."""

    address: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Headers:
    """Fields in the order in which they stand; names are matched without regard to case."""

    fields: tuple[tuple[str, str], ...] = ()

    def raw(self, name: str) -> str | None:
        """The first field of this name as it stands, unfolded; None where there is none."""
        wanted = name.lower()
        return next((value for key, value in self.fields if key.lower() == wanted), None)

    def get(self, name: str) -> str:
        """The first field of this name with encoded words read; empty where there is none."""
        return decode_words(self.raw(name) or "").strip()

    def all(self, name: str) -> list[str]:
        """Every field of this name, decoded."""
        wanted = name.lower()
        return [decode_words(value).strip() for key, value in self.fields if key.lower() == wanted]

    def __contains__(self, name: str) -> bool:
        return self.raw(name) is not None

    def token(self, name: str) -> str:
        """The first word of a field in lower case, without parameters and comments."""
        return re.split(r"[;\s(]", self.get(name).lower(), maxsplit=1)[0].strip("\"'")

    def parameter(self, field: str, name: str) -> str | None:
        """A parameter such as `charset`, continued and encoded forms included (RFC 2231)."""
        value = self.raw(field)
        if value is None:
            return None
        return read_parameter(value, name)


def split(raw: bytes, start: int = 0, end: int | None = None) -> tuple[Headers, int]:
    """The header fields that begin at `start`, and where the body begins.

    Headers end at a blank line, or where a line is no field and no field follows it soon.
    """
    stop = len(raw) if end is None else end
    fields: list[tuple[bytes, list[bytes]]] = []
    position, strays = start, 0
    limit = min(stop, start + MOST_HEADER_BYTES)
    while position < limit:
        newline = raw.find(b"\n", position, stop)
        following = stop if newline < 0 else newline + 1
        line = raw[position : min(following, limit)].rstrip(b"\r\n")
        if not line.strip():
            return _headers(fields), following
        if not _take(line, fields, first=position == start):
            strays += 1
            if not fields or strays > _MOST_STRAY_LINES or not _field_follows(raw, following, stop):
                return _headers(fields), position
            fields[-1][1].append(b" " + line)
        position = following
    return _headers(fields), _after_blank_line(raw, position, stop)


def addresses(value: str) -> list[Address]:
    """The mailboxes of an address field, groups opened, names decoded; the bad are left out."""
    none: list[tuple[str, str]] = []
    pairs = guarded(lambda: getaddresses([value]), none)[:_MOST_ADDRESSES]
    found = [
        Address(_bare(address), _clean(decode_words(name).strip().strip("\"'")))
        for name, address in pairs
        if "@" in address and (" " not in address.strip() or address.startswith('"'))
    ]
    if found and all(one.address in value for one in found):
        return found
    return list(_loose_addresses(decode_words(value))) or found


def mailbox(value: str) -> Address:
    """The one mailbox of a From or Sender field, read as kindly as can be.

    An unquoted comma in the name (`Surname, Given <address>`) does not break it.
    """
    value = " ".join(value[:_LONGEST_MAILBOX].split())
    whole = re.fullmatch(r"\s*(.*?)\s*<\s*([^<>\s]+@[^<>\s]+?)\s*>\s*(?:\([^()]*\)\s*)?", value)
    if whole and not _IN_ANGLES.search(whole[1]) and not re.search(r"@[^\"]*,", whole[1]):
        return Address(_bare(decode_words(whole[2])), _name(whole[1]))
    found = addresses(value)
    return found[0] if found else Address("", _name(_IN_ANGLES.sub("", value)))


def date(value: str) -> str | None:
    """A Date field as ISO 8601 with its offset from UTC, or None where it cannot be read."""
    cleaned = re.sub(r"\s*\([^)]*\)", "", value[:_LONGEST_DATE]).strip()
    cleaned = re.sub(r"^(\d{4})/(\d\d)/(\d\d)", r"\1-\2-\3", re.sub(r":60\b", ":59", cleaned))
    moment = guarded(lambda: parsedate_to_datetime(cleaned), None) or guarded(
        lambda: datetime.fromisoformat(cleaned), None
    )
    if moment is None:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return guarded(aware.isoformat, None)


def message_ids(value: str) -> list[str]:
    """The ids of a References or In-Reply-To field, in angle brackets, each once."""
    found = _MESSAGE_ID.findall(value[:MOST_HEADER_BYTES])
    if not found and re.fullmatch(r"\S+@\S+", value.strip()):
        found = [f"<{value.strip()}>"]
    return list(dict.fromkeys(storable(item) for item in found))


def _take(line: bytes, fields: list[tuple[bytes, list[bytes]]], *, first: bool) -> bool:
    """Whether the line belongs to the headers; if so it is added to them."""
    if line[:1] in b" \t" and fields:
        fields[-1][1].append(line)
        return True
    if first and line.startswith((b"From ", b">From ")):
        return True  # the line that begins a message in an mbox file
    match = _FIELD.match(line)
    if match is None:
        return False
    fields.append((match[0].rstrip(b": \t"), [line[match.end() :]]))
    return True


def _field_follows(raw: bytes, position: int, stop: int) -> bool:
    """Whether a stray line stands among headers: known fields follow before a blank line."""
    ahead = raw[position : min(stop, position + 2000)]
    blank = _BLANK_LINE.search(b"\n" + ahead)
    lines = ahead[: max(0, blank.start())] if blank else ahead
    known = (
        rb"(?im)^(from|to|subject|date|message-id|mime-version|content-[a-z-]+|received|x-[\w-]+):"
    )
    return re.search(known, lines) is not None


def _after_blank_line(raw: bytes, position: int, stop: int) -> int:
    blank = _BLANK_LINE.search(raw, max(0, position - 2), stop)
    return blank.end() if blank else stop


def _headers(fields: list[tuple[bytes, list[bytes]]]) -> Headers:
    kind = next((b"".join(lines) for name, lines in fields if name.lower() == b"content-type"), b"")
    found = re.search(rb"(?i)charset\s*=\s*[\"']?([\w.:-]{2,40})", kind[:2_000])
    declared = found[1].decode("ascii", "replace") if found else None
    return Headers(
        tuple(
            (
                name.decode("ascii", "replace"),
                _unfolded(_decoded(b"".join(lines)[:LONGEST_FIELD], declared)),
            )
            for name, lines in fields[:_MOST_FIELDS]
        )
    )


def _decoded(value: bytes, declared: str | None) -> str:
    """A field with raw letters in it: UTF-8, else as the message declares its text."""
    if value.isascii():
        return decode(value, None)
    try:
        return storable(value.decode("utf-8"))
    except UnicodeDecodeError:
        return decode(value, declared)


def _unfolded(value: str) -> str:
    return re.sub(r"[\r\n\t]+", " ", value).strip()


def _loose_addresses(value: str) -> Iterator[Address]:
    pattern = _IN_ANGLES if _IN_ANGLES.search(value) else _BARE_ADDRESS
    for match in islice(pattern.finditer(value), _MOST_ADDRESSES):
        before = value[: match.start()] if match[0].startswith("<") else ""
        yield Address(_bare(match[match.lastindex or 0]), _name(before.rpartition(",")[2]))


def _name(value: str) -> str:
    words = decode_words(value.strip()).strip()
    bare = re.fullmatch(r"\"(.*)\"|'(.*)'|\((.*)\)", words)
    inner = next((group for group in bare.groups() if group is not None), "") if bare else words
    return _clean(re.sub(r"\\(.)", r"\1", inner))


def _bare(address: str) -> str:
    """An address without the route or the scheme that some write before it."""
    return re.sub(r"^(?:mailto:|@[^:\s]{1,500}:)", "", _clean(address), flags=re.IGNORECASE)


def _clean(value: str) -> str:
    return storable(re.sub(r"[\x00-\x1f\x7f]", "", value)).strip()
