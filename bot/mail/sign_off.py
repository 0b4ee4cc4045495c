"""Contact details below a sign-off, where no rule divides them from the letter.

The sign-off and the name stay, for they are the writer's words; what a mail program puts
below them (post, address, telephone, links) goes. Doubt keeps lines: they go only where one
of them is a contact detail, and a line that asks or tells something ends the search.
"""

import re

from bot.mail import footer_words as words
from bot.mail.quote_lines import TEXT, Lines

_LONGEST_LINE = 120
_MOST_LINES = 16
_WORDS_OF_A_NAME = 5
_WORDS_OF_PROSE = 5
_WORDS_OF_AN_ADDRESS = 14
_DIVIDED = re.compile(r"^(\s*[^|\u2022\u00b7@]{2,50}?)\s*[|\u2022\u00b7]\s*\S")
_DASHED_NAME = re.compile(
    r"^\s*[-\u2013\u2014]{1,2}\s?[^\W\d_][\w.'-]*(?: [^\W\d_][\w.'-]*){0,2}\s*$"
)
_CONTACT = re.compile(
    r"\S@\S+\.\w|https?:|www\.\w|\+?\d[\d ()./-]{8,}\d"
    r"|\b(?:tel|telephone|phone|mobile|mob|fax|direct(?:\s+line)?|ext|extension|t|m|e|w|d)\s?[.:]\s*[+(]?\w",
    re.IGNORECASE,
)
_PROSE = re.compile(r"[.!?:;\u3002]\s*$|^\W*p\.?\s?s\b", re.IGNORECASE)


def contact_details(letter: Lines) -> tuple[Lines, list[tuple[int, int]]]:
    """The letter with its name line cut at the first divider, and the spans of contact details."""
    for at in range(len(letter.lines) - 1, -1, -1):
        if letter.kinds[at] != TEXT or not words.SIGN_OFF.match(letter.lines[at]):
            continue
        name = _next_text(letter, at + 1)
        if name is None or not _may_be_a_name(letter.lines[name]):
            continue
        cut = _DIVIDED.match(letter.lines[name])
        end = _end_of_details(letter, name + 1)
        details = [*letter.lines[name + 1 : end], letter.lines[name] if cut else ""]
        if not any(_CONTACT.search(line) for line in details) and not cut:
            continue
        lines = list(letter.lines)
        if cut and len(cut[1].split()) <= _WORDS_OF_A_NAME:
            lines[name] = cut[1].rstrip()
        return Lines(tuple(lines), letter.kinds), [(name + 1, end)] if end > name + 1 else []
    return letter, []


def _may_be_a_name(line: str) -> bool:
    """Whether the line begins with a name, alone or before a divider and a post."""
    name = re.split(r"[|\u2022\u00b7,(]", line, maxsplit=1)[0].strip()
    spoken = re.findall(r"[^\W\d_][\w.'\u2019-]*", name)
    small = sum(word[0].islower() for word in spoken)
    return (
        0 < len(spoken) <= _WORDS_OF_A_NAME
        and small * 2 < len(spoken) + 1
        and not name.endswith(":")
    )


def dashed_name(letter: Lines) -> list[tuple[int, int]]:
    """The span of a name behind a dash that ends the letter (`-Jane`)."""
    last = len(letter.kinds.rstrip()) - 1
    if last < 1 or not _DASHED_NAME.match(letter.lines[last]):
        return []
    above = letter.lines[last - 1].strip()
    is_list = re.match(r"[-\u2013\u2014*\u2022]", above) is not None
    return [] if is_list or TEXT not in letter.kinds[:last] else [(last, last + 1)]


def _next_text(letter: Lines, start: int) -> int | None:
    found = (
        at for at in range(start, min(start + 3, len(letter.kinds))) if letter.kinds[at] == TEXT
    )
    return next(found, None)


def _end_of_details(letter: Lines, start: int) -> int:
    """Where the lines end that may be details: short, and no sentence, question or postscript."""
    end = start
    for at in range(start, min(start + _MOST_LINES, len(letter.lines))):
        line = letter.lines[at]
        if letter.kinds[at] != TEXT:
            if letter.kinds[at] != " ":
                break
            continue
        if len(line) > _LONGEST_LINE or words.ASKING.search(line):
            break
        words_of_line = len(line.split())
        closed = _PROSE.search(line) is not None
        told = closed and (words_of_line > _WORDS_OF_PROSE or not _CONTACT.search(line))
        if told or words_of_line > _WORDS_OF_AN_ADDRESS:
            break
        end = at + 1
    return end
