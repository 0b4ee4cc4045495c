"""The dedupe key of a mail: the same when it is sent once more, by whatever way it travels."""

import hashlib
import re
from collections.abc import Iterable, Iterator

TRACE = frozenset(
    {
        b"authentication-results",
        b"delivered-to",
        b"dkim-signature",
        b"envelope-to",
        b"received",
        b"received-spf",
        b"return-path",
    }
)
"""Fields that a hop adds or renews (RFC 5321 4.4, RFC 8601, RFC 6376); X- and ARC- fields too."""

_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_FIELD_START = re.compile(rb"\r?\n(?![ \t])")


def dedupe_key(envelope_from: str, envelope_to: Iterable[str], raw: bytes) -> str:
    """SHA-256 over envelope, body and the header fields that no hop changes, in hexadecimal."""
    digest = hashlib.sha256()
    for address in (envelope_from, *sorted(envelope_to)):
        digest.update(address.encode("utf-8", "surrogateescape") + b"\n")
    blank = _BLANK_LINE.search(raw)
    header_end, body_start = blank.span() if blank else (len(raw), len(raw))
    for field in _lasting_fields(raw[:header_end]):
        digest.update(field + b"\n")
    digest.update(b"\n")
    digest.update(memoryview(raw)[body_start:])
    return digest.hexdigest()


def _lasting_fields(header: bytes) -> Iterator[bytes]:
    for field in _FIELD_START.split(header):
        name = field.partition(b":")[0].strip().lower()
        if name not in TRACE and not name.startswith((b"x-", b"arc-")):
            # Hops fold and unfold lines; the words stay.
            yield b" ".join(field.split())
