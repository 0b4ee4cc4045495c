"""Parameters of a header field, such as `charset` or `filename` (RFC 2045, RFC 2231)."""

import re
from email.message import Message as StdlibMessage
from email.utils import collapse_rfc2231_value
from urllib.parse import unquote_to_bytes

from bot.mail.charsets import decode, decode_words, storable
from bot.mail.edge import guarded


def parameter(value: str, name: str) -> str | None:
    """The parameter of this name, continued and encoded forms included; None without one."""
    found = _extended(value, name) or guarded(lambda: _stdlib_parameter(value, name), None)
    if not found:
        loose = re.search(rf"(?i)[;\s]{re.escape(name)}\s*=\s*(\"[^\"]*\"?|[^;\s]+)", value)
        found = loose[1].strip('"') if loose else None
    return storable(decode_words(found)) if found else None


def _stdlib_parameter(value: str, name: str) -> str | None:
    holder = StdlibMessage()
    holder["Content-Type"] = value
    found = holder.get_param(name, None)
    return None if found is None else collapse_rfc2231_value(found)


def _extended(value: str, name: str) -> str | None:
    """The encoded form of a parameter, which is the truer one where both stand (RFC 6266)."""
    found = re.search(rf"(?i)[;\s]{re.escape(name)}\*\s*=\s*\"?([^;\s\"]+)", value)
    if found is None:
        return None
    charset, quote, rest = found[1].partition("'")
    text = rest.partition("'")[2] if quote else charset
    return decode(unquote_to_bytes(text), charset if quote else None)
