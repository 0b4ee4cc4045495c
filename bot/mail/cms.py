"""What stands in an opaquely signed S/MIME part (RFC 5652, RFC 8551 section 3.5.2).

Such a part is a MIME entity wrapped in DER or BER together with its signature: it can be
read without any key. The signature is not checked, so nobody is believed for it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
_SEQUENCE, _OBJECT_ID, _OCTETS, _EXPLICIT = 0x30, 0x06, 0x04, 0xA0
_CONSTRUCTED = 0x20
_DEEPEST = 12
_MOST_VALUES = 200_000
"""So many values are looked at in one message; one of 25 MB in pieces of 1 kB has 25,000."""

_INDEFINITE = 0x80
_LONGEST_LENGTH = 8


class _NotReadableError(ValueError):
    """The bytes are no such structure."""


@dataclass(frozen=True, slots=True)
class _Value:
    """One value: its tag, and where its content and the whole of it end."""

    tag: int
    start: int
    end: int
    following: int


def signed_content(data: bytes) -> bytes | None:
    """The MIME entity that was signed; None where this is no opaquely signed message."""
    try:
        return _Reader(data).signed_content() or None
    except (_NotReadableError, IndexError):
        return None


class _Reader:
    """The values of a structure, as often as the limit allows."""

    def __init__(self, data: bytes) -> None:
        self._data, self._left = data, _MOST_VALUES

    def signed_content(self) -> bytes:
        info = self._within(self._value(0, 0), _SEQUENCE)
        if self._data[info[0].start : info[0].end] != _SIGNED_DATA:
            raise _NotReadableError
        signed = self._within(self._within(info[1], _EXPLICIT)[0], _SEQUENCE)
        # The version, the digests' names as a set, then what was signed.
        wrapped = self._within(signed[2], _SEQUENCE)
        if wrapped[0].tag != _OBJECT_ID:
            raise _NotReadableError
        content = self._within(wrapped[1], _EXPLICIT)[0]
        return b"".join(self._octets(content, 0))

    def _within(self, value: _Value, tag: int) -> list[_Value]:
        """The values in a value of this tag.

        Raises:
            _NotReadableError: it has another one.
        """
        if value.tag != tag:
            raise _NotReadableError
        return list(self._values(value, 0))

    def _values(self, value: _Value, depth: int) -> Iterator[_Value]:
        start = value.start
        while start < value.end:
            found = self._value(start, depth)
            yield found
            start = found.following

    def _value(self, at: int, depth: int) -> _Value:
        """The value that begins here; of indefinite length (BER), it ends at two zero bytes."""
        self._left -= 1
        if depth > _DEEPEST or self._left < 0:
            raise _NotReadableError
        tag, length = self._data[at], self._data[at + 1]
        start = at + 2
        if length == _INDEFINITE:
            end = start
            while self._data[end : end + 2] != b"\0\0":
                end = self._value(end, depth + 1).following
            return _Value(tag, start, end, end + 2)
        if length > _INDEFINITE:
            size = length - _INDEFINITE
            if size > _LONGEST_LENGTH:
                raise _NotReadableError
            length = int.from_bytes(self._data[start : start + size], "big")
            start += size
        end = min(start + length, len(self._data))  # a cut message is read as far as it goes
        return _Value(tag, start, end, end)

    def _octets(self, value: _Value, depth: int) -> Iterator[bytes]:
        """The pieces of a string of bytes, which BER allows to be cut."""
        if value.tag == _OCTETS:
            yield self._data[value.start : value.end]
            return
        if value.tag != _OCTETS | _CONSTRUCTED or depth > _DEEPEST:
            raise _NotReadableError
        for piece in self._values(value, depth):
            yield from self._octets(piece, depth + 1)
