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
_MOST_PIECES = 200_000
_LONG_FORM = 0x80
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
        info = _inside(data, _value(data, 0, 0), _SEQUENCE)
        if data[info[0].start : info[0].end] != _SIGNED_DATA:
            return None
        signed = _inside(data, _inside(data, info[1], _EXPLICIT)[0], _SEQUENCE)
        wrapped = next(_inside(data, one, _SEQUENCE) for one in signed if one.tag == _SEQUENCE)
        if wrapped[0].tag != _OBJECT_ID:
            return None
        content = _inside(data, wrapped[1], _EXPLICIT)[0]
        return b"".join(_octets(data, content, 0)) or None
    except (_NotReadableError, IndexError, StopIteration):
        return None


def _inside(data: bytes, value: _Value, tag: int) -> list[_Value]:
    if value.tag != tag:
        raise _NotReadableError
    return list(_values(data, value.start, value.end, 0))


def _values(data: bytes, start: int, end: int, depth: int) -> Iterator[_Value]:
    for _ in range(_MOST_PIECES):
        if start >= end:
            return
        found = _value(data, start, depth)
        yield found
        start = found.following


def _value(data: bytes, at: int, depth: int) -> _Value:
    """The value that begins here; of indefinite length (BER), it ends at two zero bytes."""
    if depth > _DEEPEST:
        raise _NotReadableError
    tag, length = data[at], data[at + 1]
    start = at + 2
    if length == _LONG_FORM:
        end = start
        while data[end : end + 2] != b"\0\0":
            end = _value(data, end, depth + 1).following
        return _Value(tag, start, end, end + 2)
    if length > _LONG_FORM:
        size = length - _LONG_FORM
        if size > _LONGEST_LENGTH:
            raise _NotReadableError
        length = int.from_bytes(data[start : start + size], "big")
        start += size
    end = min(start + length, len(data))  # a cut message is read as far as it goes
    return _Value(tag, start, end, end)


def _octets(data: bytes, value: _Value, depth: int) -> Iterator[bytes]:
    """The pieces of a string of bytes, which BER allows to be cut."""
    if value.tag == _OCTETS:
        yield data[value.start : value.end]
        return
    if value.tag != _OCTETS | _CONSTRUCTED or depth > _DEEPEST:
        raise _NotReadableError
    for piece in _values(data, value.start, value.end, depth):
        yield from _octets(data, piece, depth + 1)
