"""Bytes to text: charsets as declared, as they really are, and in header words."""

import codecs
import quopri
import re

from bot.mail.transfer import base64_bytes

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
    "cn-gb": "gb18030",
    "iso-2022-jp": "iso2022_jp_ext",
    "x-cp1250": "cp1250",
    "x-cp1251": "cp1251",
    "x-euc-jp": "euc_jp",
    "x-euc-kr": "cp949",
    "x-big5": "big5hkscs",
    "x-mac-ce": "mac_latin2",
    "x-mac-cyrillic": "mac_cyrillic",
    "x-gbk": "gb18030",
    "x-mac-roman": "mac_roman",
    "x-sjis": "cp932",
    "x-user-defined": "cp1252",
}
"""Names that mail carries and Python does not know, or knows in a narrower sense: as
browsers do (WHATWG Encoding Standard), the wider code page is meant."""

_NOT_CHARSETS = {"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "mbcs"}
"""Python codecs that are no charset of mail: slow, or with effects of their own."""

_NUMBERED = re.compile(r"(?:x-)?(?:cp|ibm|dos|windows|win)[-_]?(\d{3,5})")
"""Code pages by their number, however the name before it is written."""

_HTML_CHARSET = re.compile(
    rb"<meta\b[^>]{0,200}?\bcharset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE
)
_JAPANESE = (b"\x1b$B", b"\x1b$@", b"\x1b(J")
_SAMPLE = 100_000
_LONGEST_DECODED = 10_000
_LATIN = {"cp1252", "iso8859-15", "cp1254"}
_SURROGATES = re.compile("[\ud800-\udfff]")
_ENCODED_WORD = re.compile(
    r"=\?([^?\s*]{1,60})(?:\*[^?\s]{0,40})?\?([bBqQ])\?((?:[^?]|\?(?!=)){0,2000})\?="
)
_CUT_WORD = re.compile(r"=\?[\w.-]{2,40}\?[bBqQ]\?[^?\s]{1,200}$")
"""A word whose end was cut off with the rest of the field."""

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
    if codec is None and any(mark in data for mark in _JAPANESE):
        codec = "iso2022_jp_ext"
    if codec is None or codec in _LATIN:
        text = _strictly(data, "utf-8-sig")
        if text is not None:
            return storable(text)
    text = _strictly(data, codec) if codec else None
    return storable(_at_any_price(data, codec) if text is None else text)


def html_charset(page: bytes) -> str | None:
    """The charset that a page declares of itself, near its top; None where it does not."""
    found = _HTML_CHARSET.search(page, 0, 4_000)
    return found[1].decode("ascii", "replace") if found else None


def decode_words(value: str) -> str:
    """A header value with its encoded words read (RFC 2047), broken ones included.

    Words that stand side by side in one charset are joined as bytes before they are
    decoded, for some writers cut a character in two.
    """
    if "=?" not in value:
        return value
    joined = _GAP_BETWEEN_WORDS.sub(r"\1", value[:_LONGEST_DECODED])
    joined = _CUT_WORD.sub(r"\g<0>?=", joined)
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
        numbered = _NUMBERED.fullmatch(name)
        found = codecs.lookup(f"cp{numbered[1]}" if numbered else _ALIASES.get(name, name)).name
        b"a".decode(found, "replace")  # refuses codecs that are not between bytes and text
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
