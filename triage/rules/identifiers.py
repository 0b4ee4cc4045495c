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
_SOMEONE = re.compile(
    r"\b(?:(?:Mr|Mrs|Ms|Miss|Baby|Master)\.?\s+[A-Z][a-z'\u2019-]+"
    r"|[A-Z][a-z'\u2019-]+\s+(?:[A-Z]\.?\s+)?[A-Z][a-z'\u2019-]+|[A-Z]\.? ?[A-Z][a-z'\u2019-]{2,})"
)
_DETAIL = re.compile(
    r"\baged? \d{1,2}\b|\b\d{1,3} ?(?:yrs?|years?)[- ]old\b|,\s?\d{1,3}\s?,|\(\d{1,3}\)"
    r"|\b\d{1,3}[MF]\b|\b(?:male|female|dob|born|MRN)\b|\bhosp(?:ital)? (?:no|number)\b"
    r"|\b\d{1,3} \w+ (?:road|rd|street|st|close|way|lane|row|avenue|terrace|court)\b",
    re.IGNORECASE,
)
_ILLNESS = words(
    r"\b(?:cancer|carcinoma|lymphoma|leukaemia|melanoma|sarcoma|myeloma|tumou?r|chemo\w*|"
    r"radiotherapy|mastectomy|metasta\w+|diagnos\w+|biops\w+|scan|relapse\w*|remission|stroke|"
    r"diabet\w+|dementia|HIV|asthma|epilep\w+|psychosis|overdose|miscarriage|spina bifida|trisomy|"
    r"cystic fibrosis|huntington'?s|syndrome|heart attack|chest pain|ICU|resus|ward \d+|"
    r"termination|congenital|stage (?:\d|I{1,3}V?)|sepsis|psychiatric|self[- ]harm)\b"
)
_SENTENCE_END = re.compile(r"[.?!]\s+(?=[A-Z])")
_NEAR = 60
"""Characters in which a cue stands near a number."""
_DETAIL_NEAR, _ILLNESS_NEAR = 70, 140
"""Characters after a name in which an age or address, and an illness, are that person's."""


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


def named_patient(message: Message) -> Reason | None:
    """A name with an age or an address and an illness identifies a patient."""
    for text in {message.subject, message.text, message.new_text}:
        for someone in _SOMEONE.finditer(text):
            after = text[someone.end() : someone.end() + _ILLNESS_NEAR]
            after = _SENTENCE_END.split(after, maxsplit=1)[0]
            if _ILLNESS.search(after) and _DETAIL.search(after[:_DETAIL_NEAR]):
                return reason("named_patient", "Names a patient with an age or an address")
    return None
