"""Rules for identifiable patients: they count wherever they stand, a quoted part included."""

import re
from collections.abc import Iterator

from stdnum.gb import nhs

from triage.decision import Reason
from triage.message import Message
from triage.rules.wording import reason, words

_TEN_DIGITS = re.compile(r"(?<![\d.,/+-])(\d{3})([ \u00a0-]?)(\d{3})\2(\d{4})(?![\d/-])")
_NHS = words(r"\bnhs ?(?:no|num|number|#|id)?\b|\bnhs\b|\bpatient\b")
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_DATE = (
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?[ ./-](?:\d{{1,2}}|{_MONTH})[ ./,-]+(?:19|20)?\d{{2}}"
    r"|(?:19|20)\d\d-\d\d-\d\d)"
)
_BIRTH = re.compile(
    r"\b(?:d\.?o\.?b\.?|date\s+of\s+birth|birth ?date|born(?:\s+on)?|b\.)"
    rf"(?:\s+is|\s+was|[:.,=]|\s|\()*{_DATE}\b",
    re.IGNORECASE,
)
_NAME = r"\b[A-Z][a-z'\u2019-]+(?:\s+[A-Z][a-z'\u2019-]+){1,3}"
_NAMED = re.compile(
    rf"{_NAME},?\s+\(?(?i:{_DATE})\)?,?\s+(?i:nhs|\d{{3}} ?\d{{3}} ?\d{{4}}|diagnos)"
)
_NEAR = 60
"""Characters in which a cue stands near a number."""


def _numbers(text: str) -> Iterator[re.Match[str]]:
    for match in _TEN_DIGITS.finditer(text):
        near = text[max(0, match.start() - _NEAR) : match.end() + _NEAR]
        valid = nhs.is_valid("".join(match.group(1, 3, 4)))
        spaced = bool(match.group(2))
        # A telephone number may pass the check by chance, so bare digits need a cue beside them;
        # with a cue, a mistyped number still identifies.
        if (valid and spaced) or _NHS.search(near):
            yield match


def nhs_number(message: Message) -> Reason | None:
    """An NHS number identifies a patient."""
    text = f"{message.subject}\n{message.text}\n{message.new_text}"
    if next(_numbers(text), None):
        return reason("nhs_number", "Holds what reads as an NHS number")
    return None


def birth_date(message: Message) -> Reason | None:
    """A person's date of birth identifies a patient."""
    text = f"{message.subject}\n{message.text}\n{message.new_text}"
    if _BIRTH.search(text) or _NAMED.search(text):
        return reason("birth_date", "Holds a person's date of birth")
    return None
