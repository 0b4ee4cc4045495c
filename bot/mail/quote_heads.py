"""The head of a quoted message: `From:`, `Sent:`, `To:`, `Subject:`, as programs print it."""

import re
from collections.abc import Sequence

from bot.mail import quote_words as words

LONGEST_LINE = 1_000
"""Longer lines are text: no mail program marks a quotation with such a line."""

_ROLES_OF_A_HEAD = 3
_LINES_OF_A_HEAD = 16
_MOST_STRAY_LINES = 3
_LINES_ABOVE_TO = 3
_MACHINE_DATE = re.compile(
    r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), ?\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d\b"
)
"""A date as it stands in a mail's own fields (RFC 5322 3.3): nobody types it."""


def is_run_together(line: str) -> bool:
    """Whether a program has run the head of a quoted message together on one line."""
    position = 0
    for label in words.RUN_LABELS:
        match = label.search(line, position)
        if match is None:
            return False
        position = match.end()
    return words.ADDRESS.search(line) is not None or words.WHEN.search(line) is not None


def labelled(lines: Sequence[str], plain: Sequence[bool]) -> int:
    """How many of these lines, from the first, are the head of a message; 0 where they are not.

    `plain` says of each line whether it is text or blank, and no mark of another kind.
    """
    roles: dict[str, str] = {}
    end = strays = 0
    above_is_blank = False
    for offset, line in enumerate(lines[:_LINES_OF_A_HEAD]):
        match = words.HEADER_LINE.match(line.strip()) if len(line) <= LONGEST_LINE else None
        role = words.ROLE_OF.get(match[1].lower()) if match else None
        blank = not line.strip()
        if match and role and (role not in roles or role == "other"):
            roles[role] = match[2]
            end = offset + 1
        elif offset == 0 or not plain[offset]:
            break
        elif not blank:
            strays += 1  # a long list of recipients runs over the line
            if strays > _MOST_STRAY_LINES or above_is_blank:
                break
        above_is_blank = blank
    return end if _is_head(roles) else 0


def _is_head(roles: dict[str, str]) -> bool:
    written = roles.get("from") or roles.get("to") or ""
    if _MACHINE_DATE.match(roles.get("date", "")) and words.ADDRESS.search(written):
        return True
    if "from" not in roles or len(roles.keys() - {"other"}) < _ROLES_OF_A_HEAD:
        return False
    addressed = any(words.ADDRESS.search(value) for value in roles.values())
    dated = re.search(r"\d", roles.get("date", "")) is not None
    return (addressed or dated) and not re.match(r"\d", roles["from"])


def unlabelled(lines: Sequence[str]) -> int:
    """How many of these lines, from the first, are a head as Notes prints it; 0 if none.

    It gives the sender and the date without a label, then `To`, `cc` and `Subject`, each
    alone on its line above what it names.
    """
    filled = [
        (at, line.strip()) for at, line in enumerate(lines[:_LINES_OF_A_HEAD]) if line.strip()
    ]
    to = next((n for n, (_, line) in enumerate(filled) if words.TO_ALONE.match(line)), None)
    if to is None or not 1 <= to <= _LINES_ABOVE_TO:
        return 0
    above = " ".join(line for _, line in filled[:to])
    below = filled[to + 1 :]
    subject = next(
        (n for n, (_, line) in enumerate(below) if words.SUBJECT_ALONE.match(line)), None
    )
    told = words.WHEN.search(above) or words.DATE.search(above)
    if subject is None or not told or not words.ADDRESS.search(filled[0][1]):
        return 0
    last = below[min(subject + 1, len(below) - 1)][0]
    return last + 1
