"""Text made safe for Slack: inert whatever it holds, and never longer than Slack takes.

Slack reads `&`, `<` and `>` as control characters and asks for them to be replaced
(https://docs.slack.dev/messaging/formatting-message-text#escaping); what is escaped can neither
mention, broadcast nor link. Lengths are counted in UTF-16 units, the strictest reading of
Slack's «characters».
"""

import re
from collections.abc import Iterator

ELLIPSIS = " …"
LEAST_READ = 1000
NOTHING = "(nothing)"
"""Slack refuses empty text."""
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, and those that turn the direction of text to deceive its reader."""
_ADDRESS = re.compile(r":(?=//)|\bwww(?=\.)|\b(?:mailto|tel):(?=\S)", re.IGNORECASE)
WORD_JOINER = "\u2060"
"""Breaks an address; it takes no room and is not seen."""


def escape(text: str) -> str:
    """Text that Slack shows as it is; addresses in it may become links."""
    return "".join(_ENTITIES.get(one, one) for one in _seen(text))


def inert(text: str) -> str:
    """Escaped text in which no address becomes a link: for what strangers wrote.

    An invisible character (U+2060, word joiner) stands within each address, since not every
    client heeds `verbatim`.
    """
    return escape(_unlinked(text))


def fit(text: str, most: int) -> str:
    """Inert text of at most this many units, cut with an ellipsis; never empty."""
    return _cut(_unlinked(_seen(_begin(text, most))).strip(), most, _ENTITIES) or NOTHING


def fit_plain(text: str, most: int) -> str:
    """The same for a `plain_text` object, which reads no control characters; on one line."""
    return _cut(" ".join(_seen(_begin(text, most)).split()), most, {}) or NOTHING


def quote(text: str, most: int) -> str:
    """Inert text as a quotation, each line marked."""
    shown = _unlinked(_seen(_begin(text, most)))
    lines = [line.strip() for line in shown.splitlines() if line.strip()]
    # A mark is one character and a blank; lines are joined first so that one cut serves all.
    cut = _cut("\n".join(f"\x00 {line}" for line in lines), most, _ENTITIES | {"\x00": ">"})
    return cut or f"> {NOTHING}"


def pieces(mrkdwn: str, most: int) -> Iterator[str]:
    """Escaped text in pieces that each fit, broken between lines where there are any."""
    rest = mrkdwn.strip()
    while rest:
        cut = _longest(rest, most)
        if cut == len(rest):
            yield rest
            return
        line_end = rest.rfind("\n", cut // 2, cut)
        entity = rest.rfind("&", max(0, cut - 5), cut)
        if line_end > 0:
            cut = line_end
        elif entity > 0 and ";" not in rest[entity:cut]:
            cut = entity
        yield rest[:cut].strip() or NOTHING
        rest = rest[cut:].strip()


def units(text: str) -> int:
    """Length in UTF-16 units."""
    return len(text) + sum(1 for one in text if one > "\uffff")


def _seen(text: str) -> str:
    return _UNSEEN.sub(" ", text.replace("\r\n", "\n"))


def _begin(text: str, most: int) -> str:
    """Enough of a text to be cut again: a mail may have millions of characters."""
    return text[: 4 * most + LEAST_READ].lstrip()


def _unlinked(text: str) -> str:
    return _ADDRESS.sub(rf"\g<0>{WORD_JOINER}", text)


def _cut(text: str, most: int, entities: dict[str, str]) -> str:
    shown = [entities.get(one, one) for one in text]
    if sum(map(units, shown)) <= most:
        return "".join(shown)
    kept, length = [], units(ELLIPSIS)
    for one in shown:
        length += units(one)
        if length > most:
            break
        kept.append(one)
    return "".join(kept).rstrip() + ELLIPSIS


def _longest(text: str, most: int) -> int:
    length = 0
    for index, one in enumerate(text):
        length += units(one)
        if length > most:
            return index
    return len(text)
