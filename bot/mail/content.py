"""What of a message's parts is its text, and what is attached (RFC 2046, 2387, 3676, 3462)."""

import mimetypes
import re
from dataclasses import dataclass

from bot.mail import cms, hypertext, mime, tnef, transfer
from bot.mail.charsets import decode, html_charset
from bot.mail.mime import Part

MOST_MESSAGES_WITHIN = 5
"""A message that only carries another one is opened so many times."""

_PLACEHOLDER = re.compile(
    r"(?:this (?:e-?mail|message) (?:is|was|requires|contains|cannot|can only)[^.\n]{0,80}"
    r"\b(?:html|view(?:ed|er)?|browser)\b|your (?:e-?mail|mail) (?:client|reader|program|software)"
    r"[^.\n]{0,60}\b(?:html|support)|(?:to )?view this (?:e-?mail|message) (?:in|as|on)\b"
    r"|please (?:view|use|enable)[^.\n]{0,60}\bhtml\b|html[- ]?(?:only|message|e-?mail|part)\b)",
    re.IGNORECASE,
)
_ENRICHED = re.compile(r"<<|<param>[^<]{0,200}</param>|</?[A-Za-z-]{1,60}>", re.IGNORECASE)
_LONGEST_PLACEHOLDER = 400
_SHOWN = {"text/plain", "text/html", "text/enriched", "text/richtext", "text/markdown"}
_PROTECTED = {
    "multipart/encrypted": "pgp-encrypted",
    "application/pkcs7-mime": "smime",
    "application/x-pkcs7-mime": "smime",
    **dict.fromkeys(tnef.MEDIA_TYPES, "tnef"),
}
_SMIME = {"application/pkcs7-mime", "application/x-pkcs7-mime"}


@dataclass(frozen=True, slots=True)
class File:
    """Something attached: its name (made up where it has none), its type and its bytes."""

    name: str
    type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Body:
    """The text of a part: as it reads, as quotes are looked for, and its HTML if it has one."""

    text: str = ""
    marked: str = ""
    html: str | None = None
    plain: bool = False
    """Whether a plain-text part says it."""
    files: tuple[File, ...] = ()

    def beside(self, other: "Body") -> "Body":
        """Both bodies, one after the other, as `multipart/mixed` shows them."""
        return Body(
            "\n\n".join(text for text in (self.text, other.text) if _says(text)),
            "\n\n".join(text for text in (self.marked, other.marked) if _says(text)),
            "\n".join(page for page in (self.html, other.html) if page) or None,
            self.plain or other.plain,
            self.files + other.files,
        )


def read(root: Part) -> Body:
    """The body and the files of a message; a message that only carries another gives that one."""
    body = _read(root, root, first=True)
    inner = next((part for part in root.walk() if part.type in mime.MESSAGES), None)
    for _ in range(MOST_MESSAGES_WITHIN):
        if _says(body.text) or inner is None or root.type == "multipart/report":
            break
        within = mime.message_within(inner)
        carried = _read(within, within, first=True)
        body = Body(carried.text, carried.marked, carried.html, carried.plain, body.files)
        inner = next((part for part in within.walk() if part.type in mime.MESSAGES), None)
    if _says(body.text) or root.type not in _SHOWN:
        return body
    text = _shown(root)  # a message whose only part calls itself an attachment
    return Body(text.text, text.marked, text.html, text.plain, body.files)


def protection(root: Part) -> str | None:
    """Whether what was written is wrapped so that we cannot read it: the wrapper's name."""
    found = (
        _PROTECTED[part.type]
        for part in root.walk()
        if part.type in _PROTECTED and not _says((_opened(part) or Body()).text)
    )
    wrapper = next(found, None)
    if wrapper is None and any(
        part.raw.find(b"-----BEGIN PGP MESSAGE-----", part.start, part.end) >= 0
        for part in root.walk()
        if not part.children
    ):
        return "pgp-encrypted"
    return wrapper


def unflowed(text: str, *, delete_space: bool) -> str:
    """Text of `format=flowed` with its paragraphs on one line each (RFC 3676 section 4)."""
    out: list[list[str]] = []
    open_depth = -1
    for line in text.split("\n"):
        quotes = re.match(r">*", line)
        depth = quotes.end() if quotes else 0
        words = line[depth:].removeprefix(" ")
        flows = words.endswith(" ") and words != "-- "
        piece = words[:-1] if flows and delete_space else words
        if open_depth == depth and words != "-- ":
            out[-1].append(piece)
        else:
            out.append([f"{'>' * depth} {piece}" if depth else piece])
        open_depth = depth if flows else -1
    return "\n".join("".join(pieces) for pieces in out)


def _says(text: str) -> bool:
    """Whether there is more than blanks, found without a copy: a text may be large."""
    return bool(text) and not text.isspace()


def _read(part: Part, root: Part, *, first: bool) -> Body:
    if not part.children:
        return _leaf(part, root, first=first)
    if part.type == "multipart/alternative":
        return _best([_read(child, root, first=True) for child in part.children])
    if part.type == "multipart/encrypted":
        return Body(files=tuple(_file(leaf) for leaf in part.children))
    if part.type in {"multipart/report", "multipart/appledouble"}:
        rest = tuple(_file(leaf) for leaf in part.children[1:])
        return _read(part.children[0], root, first=first).beside(Body(files=rest))
    body = Body()
    for child in part.children:
        body = body.beside(_read(child, root, first=first and not _says(body.text)))
    return body


def _leaf(part: Part, root: Part, *, first: bool) -> Body:
    """A part without parts: text to show, or a file.

    A multipart in which no boundary was found is somebody's text all the same.
    """
    if part.type.startswith("multipart/") and not _has_boundary(part):
        return _shown(part)
    shown = part.type in _SHOWN and part.disposition != "attachment"
    if part is root:
        shown = part.type in _SHOWN and not (part.disposition == "attachment" and part.name)
    if shown and part.name and not first:
        shown = False  # a second text with a file name of its own is a file
    if shown:
        return _shown(part)
    wrapper = Body(files=(_file(part),))
    opened = _opened(part)
    if opened is None:
        return wrapper
    if part.type in tnef.MEDIA_TYPES and not first:
        opened = Body(files=opened.files)  # the wrapper repeats the letter that stands above it
    return opened.beside(wrapper)


def _opened(part: Part) -> Body | None:
    """What stands in a wrapper that needs no key; None where there is none."""
    if part.type in _SMIME:
        signed = cms.signed_content(part.content)
        within = mime.read(signed) if signed else None
        if within is None or any(one.type in _SMIME for one in within.walk()):
            return None  # a wrapper within a wrapper stays closed, so that there is an end
        return _read(within, within, first=True)
    wrapped = tnef.read(part.content) if part.type in tnef.MEDIA_TYPES else None
    if wrapped is None:
        return None
    page = hypertext.read(wrapped.html) if wrapped.html and not wrapped.text else None
    text, marked = (page.text, page.marked) if page else (wrapped.text, wrapped.text)
    files = tuple(
        File(file.name or "attachment", file.type or _guessed(file.name), file.content)
        for file in wrapped.files
    )
    return Body(text, marked, wrapped.html or None, _says(wrapped.text), files)


def _has_boundary(part: Part) -> bool:
    boundary = part.headers.parameter("Content-Type", "boundary") or ""
    return bool(boundary) and f"--{boundary}".encode("utf-8", "replace") in part.content


def _shown(part: Part) -> Body:
    if part.type == "text/html":
        content = part.content
        charset = part.headers.parameter("Content-Type", "charset") or html_charset(content)
        page = re.sub(r"\r\n?", "\n", decode(content, charset))
        words = hypertext.read(page)
        return Body(words.text, words.marked, page)
    rest, files = transfer.uuencoded(part.content)
    charset = part.headers.parameter("Content-Type", "charset")
    text = re.sub(r"\r\n?", "\n", decode(rest, charset))
    if part.type in {"text/enriched", "text/richtext"}:
        text = _ENRICHED.sub(lambda mark: "<" if mark[0] == "<<" else "", text)
    if (part.headers.parameter("Content-Type", "format") or "").lower() == "flowed":
        delete = (part.headers.parameter("Content-Type", "delsp") or "").lower() == "yes"
        text = unflowed(text, delete_space=delete)
    attached = tuple(_uu_file(file) for file in files)
    return Body(text, text, None, _says(text), attached)


def _best(choices: list[Body]) -> Body:
    """One of several forms of the same text: plain where it says something, else HTML."""
    files = tuple(file for choice in choices for file in choice.files)
    page = next((choice.html for choice in choices if choice.html), None)
    said = [choice for choice in choices if _says(choice.text)]
    plain = [choice for choice in said if choice.plain and not _is_placeholder(choice, said)]
    best = (plain or [choice for choice in said if choice.html] or said or [Body()])[0]
    return Body(best.text, best.marked, page, best.plain, files)


def _is_placeholder(choice: Body, said: list[Body]) -> bool:
    """Whether a plain part only tells that the HTML part is the one to read."""
    text = choice.text.strip()
    return (
        len(text) <= _LONGEST_PLACEHOLDER
        and any(other is not choice and len(other.text) > len(text) for other in said)
        and _PLACEHOLDER.search(text) is not None
    )


def _file(part: Part) -> File:
    content = part.encoded if part.children else part.content
    name = part.name
    if name is None and part.type in mime.MESSAGES:
        subject = mime.headers_within(part).get("Subject")
        name = (re.sub(r"[^\w .-]+", "_", subject)[:80].strip() or "message") + ".eml"
    if name is None:
        name = "attachment" + (mimetypes.guess_extension(part.type) or "")
    return File(name, part.type, content)


def _uu_file(file: transfer.Uuencoded) -> File:
    name = decode(file.name, None)
    return File(name, _guessed(name), file.content)


def _guessed(name: str) -> str:
    return mimetypes.guess_type(name)[0] or "application/octet-stream"
