"""Bytes to text: charsets as declared, as they really are, and in header words."""

import binascii
import codecs
import quopri
import re
from itertools import islice

_ALIASES = {
    "ansi": "cp1252",
    "ascii": "cp1252",
    "big5": "big5hkscs",
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gbk": "gb18030",
    "iso-8859-1": "cp1252",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-9": "cp1254",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "latin1": "cp1252",
    "macintosh": "mac_roman",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "tis-620": "cp874",
    "unicode-1-1-utf-7": "utf-7",
    "us-ascii": "cp1252",
    "windows-874": "cp874",
    "x-gbk": "gb18030",
    "x-mac-roman": "mac_roman",
    "x-sjis": "cp932",
    "x-user-defined": "cp1252",
}
"""Names that mail carries and Python does not know, or knows in a narrower sense: as
browsers do (WHATWG Encoding Standard), the wider code page is meant."""

_NOT_CHARSETS = {"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "mbcs"}
"""Python codecs that are no charset of mail: slow, or with effects of their own."""

_SAMPLE = 100_000
_LONGEST_DECODED = 10_000
_MOST_PADDED_PIECES = 100_000
_LATIN = {"cp1252", "iso8859-15", "cp1254"}
_SURROGATES = re.compile("[\ud800-\udfff]")
_ENCODED_WORD = re.compile(
    r"=\?([^?\s*]{1,60})(?:\*[^?\s]{0,40})?\?([bBqQ])\?((?:[^?]|\?(?!=)){0,2000})\?="
)
_GAP_BETWEEN_WORDS = re.compile(r"(\?=)[ \t\r\n]+(?==\?[^?\s]+\?[bBqQ]\?)")


def storable(text: str) -> str:
    """The text without what PostgreSQL and UTF-8 refuse: NULs and lone surrogates."""
    return _SURROGATES.sub("\ufffd", text.replace("\0", ""))


def decode(data: bytes, declared: str | None) -> str:
    """The text of some bytes: as declared, else as UTF-8, else as Windows-1252.

    Text declared to be Latin that reads as UTF-8 is UTF-8: the reverse is all but
    impossible by chance. Nothing is raised: bytes that no charset explains are replaced.
    """
    codec = _codec(declared)
    if codec is None or codec in _LATIN:
        text = _strictly(data, "utf-8-sig")
        if text is not None:
            return storable(text)
    text = _strictly(data, codec) if codec else None
    return storable(_at_any_price(data, codec) if text is None else text)


def decode_words(value: str) -> str:
    """A header value with its encoded words read (RFC 2047), broken ones included.

    Words that stand side by side in one charset are joined as bytes before they are
    decoded, for some writers cut a character in two.
    """
    if "=?" not in value:
        return value
    joined = _GAP_BETWEEN_WORDS.sub(r"\1", value[:_LONGEST_DECODED])
    pieces: list[str] = []
    pending: tuple[str, bytes] | None = None
    end = 0
    for match in _ENCODED_WORD.finditer(joined):
        charset, data = match[1].lower(), _word_bytes(match[2], match[3])
        if pending and (match.start() != end or pending[0] != charset):
            pieces.append(decode(pending[1], pending[0]))
            pending = None
        pieces.append(joined[end : match.start()])
        pending = (charset, (pending[1] if pending else b"") + data)
        end = match.end()
    if pending:
        pieces.append(decode(pending[1], pending[0]))
    return storable("".join(pieces) + joined[end:] + value[_LONGEST_DECODED:])


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


def _base64_piece(data: bytes) -> bytes:
    letters = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
    whole = len(letters) - (1 if len(letters) % 4 == 1 else 0)
    return binascii.a2b_base64(letters[:whole] + b"=" * (-whole % 4))


def _word_bytes(encoding: str, word: str) -> bytes:
    data = word.encode("utf-8", "replace")
    if encoding in "bB":
        return base64_bytes(data)
    return quopri.decodestring(data, header=True)


def _codec(declared: str | None) -> str | None:
    name = (declared or "").strip().strip("\"'").lower()
    if not name or not name.isascii():
        return None
    try:
        found = codecs.lookup(_ALIASES.get(name, name)).name
        b"".decode(found)  # refuses codecs that are not between bytes and text
    except (LookupError, ValueError):
        return None
    return None if found.replace("_", "-") in _NOT_CHARSETS else found


def _strictly(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except ValueError:
        return None


def _at_any_price(data: bytes, codec: str | None) -> str:
    """Text of bytes that are not what was declared."""
    sample = data[:_SAMPLE].decode("utf-8", "replace")
    broken = sample.count("\ufffd")
    right = sum(character > "\x7f" for character in sample) - broken
    if right > broken:  # UTF-8 with a few bytes damaged or cut off
        return data.decode("utf-8", "replace")
    if codec and codec not in {"utf-8", "utf-8-sig"} | _LATIN:
        return data.decode(codec, "replace")
    return data.decode("cp1252", "replace")
