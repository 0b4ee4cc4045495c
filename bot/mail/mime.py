"""The parts of a message: an own, linear, bounded walk through MIME (RFC 2045, 2046).

The standard library's parser costs depth times length and recurses without bound; a part
here is only where its bytes begin and end, and nothing is copied until it is read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.mail import headers as heading
from bot.mail.charsets import decode
from bot.mail.headers import Headers
from bot.mail.transfer import undone

DEEPEST = 40
"""Multiparts within multiparts are opened so far; below, a part is kept whole and unopened."""

MOST_PARTS = 2_000
"""So many parts are told apart at one depth; the last one of each multipart keeps its rest."""

MESSAGES = frozenset({"message/rfc822", "message/global", "message/news"})
"""Types of parts that are whole messages."""

_ENCODINGS = {"base64", "quoted-printable"}
_LOOK_FOR_BOUNDARY = 100_000
_BARE_CR = re.compile(rb"\r(?!\n)")
_FIELD_AFTER_CR = re.compile(rb"\r[\w-]{2,60}:")
_LIKELY_BOUNDARY = re.compile(
    rb"^--([^\s-][^\r\n]{0,198}?)[ \t]*\r?\n(?:content-[a-z-]{3,40}[ \t]*:|\r?\n)",
    re.MULTILINE | re.IGNORECASE,
)
_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+")


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
        return undone(self.encoded, self.headers.token("Content-Transfer-Encoding"))

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


def read(raw: bytes) -> Part:
    """The tree of parts of a message. Nothing is raised, whatever the bytes are."""
    if raw[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        raw = raw.decode("utf-16", "replace").encode("utf-8")  # saved by an editor
    if b"\n" not in raw or _FIELD_AFTER_CR.search(raw, 0, raw.find(b"\n")):
        raw = _BARE_CR.sub(b"\n", raw)
    return _part(raw, _first_line(raw), len(raw), "text/plain")


def message_within(part: Part) -> Part:
    """The message that a `message/rfc822` part carries."""
    content = part.content
    return _part(content, _first_line(content), len(content), "text/plain")


def headers_within(part: Part) -> Headers:
    """The headers of the message that a `message/rfc822` part carries."""
    content = part.content
    return heading.split(content, _first_line(content))[0]


def _first_line(raw: bytes) -> int:
    """Where the headers begin: some programs put a mark or blank lines above them."""
    return len(raw) - len(raw.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n"))


def _part(
    raw: bytes, start: int, end: int, usual: str, *, depth: int = 0, room: int = MOST_PARTS
) -> Part:
    fields, body = heading.split(raw, start, end)
    kind = _type(fields, usual)
    if kind[:10] != "multipart/" or depth >= DEEPEST:
        return Part(raw, fields, body, end, (), kind)
    within = "message/rfc822" if kind == "multipart/digest" else "text/plain"
    spans = _spans(raw, body, end, fields.parameter("Content-Type", "boundary"), room)
    if not spans and fields.token("Content-Transfer-Encoding") in _ENCODINGS:
        return _encoded_multipart(raw[body:end], fields, usual, depth=depth, room=room)
    shared = max(2, room // max(1, len(spans)))
    children = tuple(
        _part(raw, first, last, within, depth=depth + 1, room=shared) for first, last in spans
    )
    return Part(raw, fields, body, end, children, kind)


def _encoded_multipart(data: bytes, fields: Headers, usual: str, *, depth: int, room: int) -> Part:
    """A multipart that somebody encoded as a whole, which RFC 2045 section 6.4 forbids."""
    name = "content-transfer-encoding"
    encoding = fields.token(name)
    kept = Headers(tuple(field for field in fields.fields if field[0].lower() != name))
    raw = undone(data, encoding)
    boundary = kept.parameter("Content-Type", "boundary")
    children = tuple(
        _part(raw, first, last, usual, depth=depth + 1, room=room)
        for first, last in _spans(raw, 0, len(raw), boundary, room)
    )
    return Part(raw, kept, 0, len(raw), children, _type(kept, usual))


def _spans(
    raw: bytes, body: int, end: int, boundary: str | None, room: int
) -> list[tuple[int, int]]:
    """Where the parts of a multipart stand; by the boundary it uses, where it declares another."""
    spans = (
        list(_between(raw, body, end, boundary.encode("utf-8", "replace"), room))
        if boundary
        else []
    )
    if spans:
        return spans
    used = _LIKELY_BOUNDARY.search(raw, body, min(end, body + _LOOK_FOR_BOUNDARY))
    return list(_between(raw, body, end, used[1], room)) if used else []


def _type(fields: Headers, usual: str) -> str:
    token = fields.token("Content-Type").rstrip(",")
    if _TYPE.fullmatch(token):
        return token
    # RFC 2045 section 5.2: what cannot be read is plain text; "text" alone is common.
    return {"html": "text/html", "text/": "text/plain", "multipart": "multipart/mixed"}.get(
        token, usual
    )


def _between(
    raw: bytes, start: int, end: int, boundary: bytes, room: int
) -> Iterator[tuple[int, int]]:
    """Where the parts between the boundary's lines begin and end."""
    mark = b"--" + boundary.rstrip()
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
