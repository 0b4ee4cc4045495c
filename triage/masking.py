"""Patient identifiers masked, before a text goes where it need not: Slack, logs, metrics, training.

Masked are NHS numbers (ten digits whose check digit holds, however spaced), dates of birth
(a date with a birth word near it), and full postcodes. Names are masked only where the caller
knows them: guessing names hides the wrong words. The check digit is modulus 11, as in the NHS
Data Dictionary (https://www.datadictionary.nhs.uk/attributes/nhs_number.html).
"""

import re
from collections.abc import Iterable

from stdnum.gb import nhs

NHS_NUMBER = re.compile(r"(?<![\d-])\d{3}[ \-.]?\d{3}[ \-.]?\d{4}(?![\d-])")
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*"
DATE = re.compile(
    rf"\b(?:\d{{1,2}}[/.\-]\d{{1,2}}[/.\-]\d{{2,4}}|\d{{4}}-\d{{2}}-\d{{2}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH},?\s+\d{{4}})\b",
    re.IGNORECASE,
)
_BIRTH = re.compile(r"\b(?:d\.?o\.?b\.?|born|birth(?:day|date)?|date of birth)\b", re.IGNORECASE)
POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2}\b")
SHORTEST_NAME = 3
"""Shorter names hide more words than they protect."""
NEAR = 40
"""Characters between a birth word and the date that it makes a date of birth."""


def nhs_numbers(text: str) -> list[str]:
    """NHS numbers in a text, as written; ten digits that fail the check digit are not one."""
    return [found for found in NHS_NUMBER.findall(text) if nhs.is_valid(found)]


def birth_dates(text: str) -> list[str]:
    """Dates in a text that a birth word stands near."""
    return [
        date.group()
        for date in DATE.finditer(text)
        if _BIRTH.search(text[max(0, date.start() - NEAR) : date.end() + NEAR])
    ]


def mask(text: str, names: Iterable[str] = ()) -> str:
    """The text with identifiers replaced by what they were, in square brackets."""
    for number in nhs_numbers(text):
        text = text.replace(number, "[NHS number]")
    for date in birth_dates(text):
        text = text.replace(date, "[date of birth]")
    text = POSTCODE.sub("[postcode]", text)
    for name in sorted(set(names), key=len, reverse=True):
        if len(name) >= SHORTEST_NAME:
            text = re.sub(rf"\b{re.escape(name)}\b", "[name]", text)
    return text
