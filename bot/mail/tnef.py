"""Outlook's wrapper `winmail.dat` (MS-OXTNEF): the text and the files within it.

Read as far as it goes: what is cut or broken ends the reading, and what was found stays.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.mail.charsets import decode

MEDIA_TYPES = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})

_SIGNATURE = bytes.fromhex("789f3e22")
_HEAD = 6
"""Bytes of the signature and of a key that nothing needs."""
_BODY, _CODE_PAGE, _MESSAGE_PROPERTIES = 0x2800C, 0x69007, 0x69003
_NEW_FILE, _FILE_TITLE, _FILE_DATA, _FILE_PROPERTIES = 0x69002, 0x18010, 0x6800F, 0x69005
_TEXT, _HTML = 0x1000, 0x1013
_LONG_NAME, _SHORT_NAME, _MEDIA_TYPE = 0x3707, 0x3704, 0x370E
_SIZES = {2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 0xA: 4, 0xB: 4, 0x14: 8, 0x40: 8, 0x48: 16}
"""Bytes that a value of a fixed type takes, padding included."""
_OBJECT, _STRING, _UNICODE, _BINARY = 0xD, 0x1E, 0x1F, 0x102
_MANY = 0x1000
_NAMED = 0x8000
_IDENTIFIER = 16
_MOST = 10_000


@dataclass(slots=True)
class WrappedFile:
    """A file in the wrapper."""

    name: str = ""
    type: str = ""
    content: bytes = b""


@dataclass(frozen=True, slots=True)
class Wrapped:
    """What the wrapper holds; `html` and `text` are forms of the same letter."""

    text: str
    html: str
    files: tuple[WrappedFile, ...]


class _Reader:
    """Little-endian numbers and bytes, one after the other."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def number(self, size: int = 4) -> int:
        return int.from_bytes(self.take(size), "little")

    def take(self, size: int, *, padded: bool = False) -> bytes:
        """The next bytes.

        Raises:
            EOFError: there are not so many.
        """
        if size > len(self._data) - self._at:
            raise EOFError
        found = self._data[self._at : self._at + size]
        self._at += size + (-size % 4 if padded else 0)
        return found


def read(data: bytes) -> Wrapped | None:
    """What the wrapper holds; None where these bytes are none."""
    if data[:4] != _SIGNATURE:
        return None
    text, html, codec = "", "", "cp1252"
    files: list[WrappedFile] = []
    for attribute, value in _attributes(data):
        if attribute == _CODE_PAGE:
            codec = f"cp{int.from_bytes(value[:4], 'little')}"
        elif attribute == _BODY:
            text = _string(value, codec)
        elif attribute == _MESSAGE_PROPERTIES:
            known = _properties(value, codec)
            text, html = text or known.get(_TEXT, ""), known.get(_HTML, "")
        elif attribute == _NEW_FILE:
            files.append(WrappedFile())
        elif files:
            _add_to(files[-1], attribute, value, codec)
    return Wrapped(text, html, tuple(file for file in files if file.content or file.name))


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Each attribute's number and value; a cut or broken end is left out."""
    reader = _Reader(data[_HEAD:])
    try:
        for _ in range(_MOST):
            reader.take(1)  # its level: of the message, or of a file
            number = reader.number()
            value = reader.take(reader.number())
            yield number, value
            reader.take(2)  # a sum that old programs get wrong
    except EOFError:
        return


def _add_to(file: WrappedFile, attribute: int, value: bytes, codec: str) -> None:
    if attribute == _FILE_TITLE:
        file.name = file.name or _string(value, codec)
    elif attribute == _FILE_DATA:
        file.content = value
    elif attribute == _FILE_PROPERTIES:
        known = _properties(value, codec)
        file.name = known.get(_LONG_NAME) or file.name or known.get(_SHORT_NAME, "")
        file.type = known.get(_MEDIA_TYPE, "")


def _properties(data: bytes, codec: str) -> dict[int, str]:
    """The properties that are text, by their number."""
    reader = _Reader(data)
    found: dict[int, str] = {}
    try:
        for _ in range(min(reader.number(), _MOST)):
            kind, number = reader.number(2), reader.number(2)
            if number >= _NAMED:
                _skip_name(reader)
            values = list(_values(reader, kind))
            if kind == _UNICODE and values:
                found[number] = values[0].decode("utf-16-le", "replace").rstrip("\0")
            elif kind in {_STRING, _BINARY} and values:
                found[number] = _string(values[0], codec)
    except EOFError:
        pass  # what was read so far stays
    return found


def _skip_name(reader: _Reader) -> None:
    reader.take(_IDENTIFIER)
    if reader.number():
        reader.take(reader.number(), padded=True)
    else:
        reader.number()


def _values(reader: _Reader, kind: int) -> Iterator[bytes]:
    """The values of a property.

    Raises:
        EOFError: they are cut, or of a type that is not known.
    """
    single = kind & ~_MANY
    varying = single in {_OBJECT, _STRING, _UNICODE, _BINARY}
    count = reader.number() if varying or kind & _MANY else 1
    for _ in range(min(count, _MOST)):
        size = reader.number() if varying else _SIZES.get(single)
        if size is None:
            raise EOFError
        yield reader.take(size, padded=True)


def _string(value: bytes, codec: str) -> str:
    return decode(value, codec).rstrip("\0")
