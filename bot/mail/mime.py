"""The parts of a message: an own, linear, bounded walk through MIME (RFC 2045, 2046).

The standard library's parser costs depth times length and recurses without bound; a part
here is only where its bytes begin and end, and nothing is copied until it is read.
"""

import binascii
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.mail import headers as heading
from bot.mail.charsets import base64_bytes, decode
from bot.mail.headers import Headers

DEEPEST = 40
"""Multiparts within multiparts are opened so far; below, a part is kept whole and unopened."""

MOST_PARTS = 2_000
"""So many parts are told apart at one depth; the last one of each multipart keeps its rest."""

_MOST_UUENCODED = 200

_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+")
_UU_BEGIN = re.compile(rb"^begin(?:-base64)? [0-7]{3,4} ([^\r\n]+)\r?\n", re.MULTILINE)
_UU_END = re.compile(rb"^(?:end|====)[ \t\r]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its headers, its place in the raw bytes, and the parts within it."""

    raw: bytes
    headers: Headers
    start: int
    end: int
    children: tuple["Part", ...] = ()
    type: str = "text/plain"

    @property
    def encoded(self) -> bytes:
        """The body as it travelled."""
        return self.raw[self.start : self.end]

    @property
    def content(self) -> bytes:
        """The body with its transfer encoding undone, as far as it can be."""
        return _undone(self.encoded, self.headers.token("Content-Transfer-Encoding"))

    @property
    def text(self) -> str:
        """The body as text with plain newlines."""
        text = decode(self.content, self.headers.parameter("Content-Type", "charset"))
        return re.sub(r"\r\n?", "\n", text)

    @property
    def name(self) -> str | None:
        """The file name that the part gives itself, without folders."""
        given = self.headers.parameter("Content-Disposition", "filename")
        given = given or self.headers.parameter("Content-Type", "name")
        last = re.split(r"[/\\]", re.sub(r"[\x00-\x1f\x7f]", "", given or ""))[-1].strip()
        return last[:255] or None

    @property
    def disposition(self) -> str:
        """`inline`, `attachment`, another word, or empty."""
        return self.headers.token("Content-Disposition")

    def walk(self) -> Iterator["Part"]:
        """This part and all within it, outer before inner."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Uuencoded:
    """A file that stands uuencoded in the middle of a text."""

    name: str
    content: bytes


def read(raw: bytes) -> Part:
    """The tree of parts of a message. Nothing is raised, whatever the bytes are."""
    if b"\n" not in raw and b"\r" in raw:
        raw = raw.replace(b"\r", b"\n")
    return _part(raw, _first_line(raw), len(raw), "text/plain")


def message_within(part: Part) -> Part:
    """The message that a `message/rfc822` part carries."""
    content = part.content
    return _part(content, _first_line(content), len(content), "text/plain")


def headers_within(part: Part) -> Headers:
    """The headers of the message that a `message/rfc822` part carries."""
    content = part.content
    return heading.split(content, _first_line(content))[0]


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
            files.append(Uuencoded(decode(begin[1], None).strip(), content))
    kept.append(text[position:])
    return b"".join(kept), tuple(files)


def _first_line(raw: bytes) -> int:
    """Where the headers begin: some programs put a mark or blank lines above them."""
    return len(raw) - len(raw.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n"))


def _part(
    raw: bytes, start: int, end: int, usual: str, *, depth: int = 0, room: int = MOST_PARTS
) -> Part:
    fields, body = heading.split(raw, start, end)
    kind = _type(fields, usual)
    boundary = fields.parameter("Content-Type", "boundary") if kind[:10] == "multipart/" else None
    if boundary and depth < DEEPEST:
        within = "message/rfc822" if kind == "multipart/digest" else "text/plain"
        spans = list(_between(raw, body, end, boundary, room))
        shared = max(2, room // max(1, len(spans)))
        children = tuple(
            _part(raw, first, last, within, depth=depth + 1, room=shared) for first, last in spans
        )
        if children:
            return Part(raw, fields, body, end, children, kind)
    return Part(raw, fields, body, end, (), kind)


def _type(fields: Headers, usual: str) -> str:
    token = fields.token("Content-Type")
    if _TYPE.fullmatch(token):
        return token
    # RFC 2045 section 5.2: what cannot be read is plain text; "text" alone is common.
    return {"html": "text/html", "text/": "text/plain", "multipart": "multipart/mixed"}.get(
        token, usual
    )


def _between(
    raw: bytes, start: int, end: int, boundary: str, room: int
) -> Iterator[tuple[int, int]]:
    """Where the parts between the boundary's lines begin and end."""
    mark = b"--" + boundary.rstrip().encode("utf-8", "replace")
    opened: int | None = None
    found = 0
    for line_start, line_end, closes in _boundary_lines(raw, start, end, mark):
        if opened is not None:
            yield opened, _before_newline(raw, opened, line_start)
            found += 1
        opened = None if closes else line_end
        if closes or found >= room - 1:
            break
    if opened is not None:
        yield opened, end


def _boundary_lines(
    raw: bytes, start: int, end: int, mark: bytes
) -> Iterator[tuple[int, int, bool]]:
    position = start
    while (at := raw.find(mark, position, end)) >= 0:
        newline = raw.find(b"\n", at, end)
        following = end if newline < 0 else newline + 1
        rest = raw[at + len(mark) : min(following, at + len(mark) + 80)].strip()
        if (at == start or raw[at - 1 : at] in b"\r\n") and rest in {b"", b"--"}:
            yield at, following, rest == b"--"
        position = max(at + len(mark), 1)


def _before_newline(raw: bytes, start: int, at: int) -> int:
    """The line break before a boundary belongs to the boundary."""
    if at - 1 >= start and raw[at - 1 : at] == b"\n":
        at -= 1
    if at - 1 >= start and raw[at - 1 : at] == b"\r":
        at -= 1
    return at


def _undone(data: bytes, encoding: str) -> bytes:
    if encoding == "base64":
        return base64_bytes(data)
    if encoding == "quoted-printable":
        return quopri.decodestring(data)
    if encoding in {"x-uuencode", "uuencode", "x-uue", "uue"}:
        rest, files = uuencoded(data)
        return files[0].content if files else rest
    return data


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
