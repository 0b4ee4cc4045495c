"""Mail kept in files: an mbox, a folder of .eml files, a Maildir.

A message in an mbox ends where the next From_ line stands, and nowhere else. A Content-Length
field is not believed: one that is wrong would hide the messages after it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

LONGEST_LINE = 1024 * 1024
"""A line is read in pieces of this size; only a file that is no mbox has longer ones."""

_DAY = rb"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
_MONTH = rb"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_DATED = re.compile(rb"From .*\b%s,? +%s +\d{1,2} +\d{1,2}:\d\d.*\d{4}\b" % (_DAY, _MONTH))
_BARE = re.compile(rb"From -?\s*$")
_FIELD = re.compile(rb"[!-9;-~]+[ \t]*:|>From ")
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Stored:
    """One mail of an archive; `name` says where it stands."""

    name: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file, or a message in it, that cannot be taken, and why."""

    name: str
    why: str


def mails_in(path: Path, most_bytes: int) -> Iterator[Stored | Unreadable]:
    """The mails of a file or folder, in order; what cannot be read is named and passed over."""
    try:
        if path.is_dir():
            yield from _in_folder(path, most_bytes)
        elif path.suffix.lower() == ".eml":
            yield _one(path, most_bytes)
        else:
            with path.open("rb") as file:
                yield from _in_mbox(file, str(path), most_bytes)
    except OSError as error:
        yield Unreadable(str(path), error.strerror or type(error).__name__)


def count(path: Path) -> int:
    """How many mails there are, roughly and quickly, for a progress bar."""
    try:
        if path.is_dir():
            return len(_files(path))
        if path.suffix.lower() == ".eml":
            return 1
        with path.open("rb") as file:
            return sum(line.startswith(b"From ") for line in _lines(file))
    except OSError:
        return 0


def _in_folder(path: Path, most_bytes: int) -> Iterator[Stored | Unreadable]:
    files = _files(path)
    if not files:
        yield Unreadable(str(path), "no .eml file is in it, and it is no Maildir")
    for file in files:
        yield _one(file, most_bytes)


def _files(folder: Path) -> list[Path]:
    """The mails of a Maildir in the order of their delivery, or all .eml files below."""
    parts = [folder / "cur", folder / "new"]
    if all(part.is_dir() for part in parts):
        mails = [one for part in parts for one in part.iterdir() if not one.name.startswith(".")]
        return sorted(mails, key=lambda one: one.name)
    return sorted(one for one in folder.rglob("*") if one.suffix.lower() == ".eml")


def _one(path: Path, most_bytes: int) -> Stored | Unreadable:
    name = str(path)
    try:
        if path.stat().st_size > most_bytes:
            return Unreadable(name, _too_large(most_bytes))
        raw = path.read_bytes()
    except OSError as error:
        return Unreadable(name, error.strerror or type(error).__name__)
    return Stored(name, raw) if raw.strip() else Unreadable(name, "it is empty")


def _in_mbox(file: BinaryIO, name: str, most_bytes: int) -> Iterator[Stored | Unreadable]:
    lines = _lines(file)
    first = next(lines, b"")
    if not first:
        return
    if not first.startswith(b"From "):
        yield Unreadable(name, "it is no mbox: it does not begin with a From line")
        return
    for number, body in enumerate(_bodies(lines, most_bytes), start=1):
        where = f"{name}, message {number}"
        if body is None:
            yield Unreadable(where, _too_large(most_bytes))
        elif body.strip():
            yield Stored(where, _QUOTED.sub(rb"\1", body))
        else:
            yield Unreadable(where, "it is empty")


def _bodies(lines: Iterator[bytes], most_bytes: int) -> Iterator[bytes | None]:
    """What stands between From_ lines; None for what is too large."""
    held: list[bytes] = []
    size, before = 0, b""
    line = next(lines, b"")
    while line:
        following = next(lines, b"")
        if _separates(line, before, following):
            yield _joined(held) if size <= most_bytes else None
            held, size = [], 0
        else:
            size += len(line)
            if size <= most_bytes:
                held.append(line)
        before, line = line, following
    yield _joined(held) if size <= most_bytes else None


def _separates(line: bytes, before: bytes, following: bytes) -> bool:
    """Whether a line begins a new message: a header follows it, and no sentence begins so."""
    if not line.startswith(b"From ") or not _FIELD.match(following):
        return False
    after_blank = not before.strip()
    return bool(_DATED.match(line) or (after_blank and _BARE.match(line)))


def _joined(lines: list[bytes]) -> bytes:
    """The message; the blank line before the next From_ line is not of it."""
    if lines and lines[-1] in {b"\n", b"\r\n"}:
        lines = lines[:-1]
    return b"".join(lines)


def _lines(file: BinaryIO) -> Iterator[bytes]:
    while line := file.readline(LONGEST_LINE):
        yield line


def _too_large(most_bytes: int) -> str:
    return f"it has more than {most_bytes} bytes"
