"""Transfer encodings undone as far as they go (RFC 2045 section 6), and uuencoded files."""

import binascii
import quopri
import re
from dataclasses import dataclass
from itertools import islice

_MOST_PADDED_PIECES = 100_000
_MOST_UUENCODED = 200
_UU_BEGIN = re.compile(rb"^begin(?:-base64)? [0-7]{3,4} ([^\r\n]+)\r?\n", re.MULTILINE)
_UU_END = re.compile(rb"^(?:end|====)[ \t\r]*$", re.MULTILINE)
_SOFT_BREAK = re.compile(rb"=[ \t]{1,200}(\r?\n)")
_WORDS = re.compile(rb"[^\s=+/]{1,60}[ \t]+[^\s=+/]{1,60}[ \t]+[^\s=+/]")
_FOOTER = re.compile(rb"=[ \t]*\r?\n(?=[^\n]*\S[ \t]+\S)|\n(?=_{3}|-{5}|-- ?\r?\n)")
_UUENCODE = {"x-uuencode", "uuencode", "x-uue", "uue"}


@dataclass(frozen=True, slots=True)
class Uuencoded:
    """A file that stands uuencoded in the middle of a text."""

    name: bytes
    content: bytes


def undone(data: bytes, encoding: str) -> bytes:
    """The bytes behind a transfer encoding, by its name in small letters.

    What is called base64 and reads as words is left as it stands: some writers declare an
    encoding that they do not use.
    """
    name = re.sub(r"[-_ ]", "", encoding)
    if name == "base64":
        return _base64_body(data)
    if name in {"quotedprintable", "quoted", "qp"}:
        return quopri.decodestring(_SOFT_BREAK.sub(rb"=\1", data))
    if encoding in _UUENCODE:
        rest, files = uuencoded(data)
        return files[0].content if files else rest
    return data


def base64_bytes(data: bytes) -> bytes:
    """Base64 read as far as it goes; padding, stray characters and a cut end do not matter."""
    # Each piece that ends in padding stands alone: some writers encode line by line.
    if data.rstrip(b"=\r\n\t -").find(b"=") >= 0:
        pieces = islice(re.finditer(rb"[^=]+=*", data), _MOST_PADDED_PIECES)
        return b"".join(_base64_piece(piece[0]) for piece in pieces)
    try:
        return binascii.a2b_base64(data)
    except binascii.Error:
        return _base64_piece(data)


def uuencoded(text: bytes) -> tuple[bytes, tuple[Uuencoded, ...]]:
    """The text without the files that stand uuencoded in it, and those files."""
    files: list[Uuencoded] = []
    kept: list[bytes] = []
    position = 0
    for _ in range(_MOST_UUENCODED):
        begin = _UU_BEGIN.search(text, position)
        end = _UU_END.search(text, begin.end()) if begin else None
        if begin is None or end is None:
            break
        body = text[begin.end() : end.start()]
        content = base64_bytes(body) if b"-base64" in begin[0] else _uu_lines(body)
        kept.append(text[position : begin.start() if content else begin.end()])
        position = end.end() if content else begin.end()
        if content:
            files.append(Uuencoded(begin[1].strip(), content))
    kept.append(text[position:])
    return b"".join(kept), tuple(files)


def _base64_body(data: bytes) -> bytes:
    if _WORDS.match(data.lstrip()[:200]):
        return data
    # Mailing lists add their footer below the encoded text, as it is.
    footer = _FOOTER.search(data)
    if footer:
        return base64_bytes(data[: footer.end()]) + b"\n" + data[footer.end() :]
    return base64_bytes(data)


def _base64_piece(data: bytes) -> bytes:
    letters = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
    whole = len(letters) - (1 if len(letters) % 4 == 1 else 0)
    return binascii.a2b_base64(letters[:whole] + b"=" * (-whole % 4))


def _uu_lines(body: bytes) -> bytes:
    """The bytes of uuencoded lines, or nothing where the first line is none."""
    out: list[bytes] = []
    for line in body.splitlines():
        if line.strip() in {b"", b"`"}:
            continue
        length = (((line[0] - 32) & 63) * 4 + 5) // 3
        try:
            out.append(binascii.a2b_uu(line[: length + 1]))
        except binascii.Error:
            if not out:
                return b""
    return b"".join(out)
