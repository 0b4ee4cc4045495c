"""What may be wrong with a passage that no form refuses: claims without a date, words out of place.

Whether a fact is true cannot be tested here. That it has an honest source can, and that its words
hold nothing that changes from one deployment, or one April, to the next.
"""

import calendar
import re
from collections.abc import Iterator
from datetime import date

from knowledge.articles import Passage
from knowledge.front_matter import Source
from knowledge.when import first_day, last_day

# Hosts of copies, in which some pages were read. Nobody is sent there.
COPIES = ("ebmdatalab.net", "nhsd.io", "mirrorweb.com")

OURS = frozenset(
    {
        "digital.nhs.uk",
        "www.england.nhs.uk",
        "transform.england.nhs.uk",
        "hra.nhs.uk",
        "www.gov.uk",
    }
)
"""Hosts of the public bodies to which a reply may send people."""

OUT_OF_PLACE = {
    "a price": r"[£€$]|\bGBP\b|\bpounds?\b|\bpence\b|\b\d{1,3},\d{3}\b",
    "an address": r"@|https?:|www\.|\b[a-z-]+\.(?:nhs|gov|ac|org|co)\.uk\b|\bnhs\.(?:uk|net)\b",
    "a telephone number": r"\b0\d{2,4}[ -]?\d{3}|\+44",
    "a postcode": r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b",
    "the organisation": r"NHS ?England|NHS ?Digital|\bNHS[ED]\b|\bHSCIC\b",
    "a person": r"\b(?:Dr|Mr|Mrs|Ms|Miss|Prof|Professor|Dame|Sir)\.? [A-Z]",
    "a reference": r"\bNIC-\d|\bCON-\d|\bODR\d{4}",
}

_MONTHS = "|".join(calendar.month_name[1:])
_TOLD = re.compile(rf"(?:(?:(\d{{1,2}}) )?({_MONTHS}) )?\b((?:19|20)\d\d)\b")


def faults(passage: Passage, today: date) -> list[str]:
    """All that is wrong with it, in words; nothing where it is as it should be."""
    entry = passage.article.passages[passage.id]
    shown = (passage.text, passage.heading, *(link.text for link in passage.links))
    return [
        *(
            f"{what} in «{text}»"
            for text in shown
            for what, pattern in OUT_OF_PLACE.items()
            if re.search(pattern, text)
        ),
        *(
            f"«{link.text}» leads to {link.url}"
            for link in passage.links
            if link.url.host not in OURS
        ),
        *(one for source in entry.sources for one in _of_source(source, today)),
        *_newer_than_its_sources(passage),
    ]


def _of_source(source: Source, today: date) -> Iterator[str]:
    if (source.url.host or "").endswith(COPIES):
        yield f"{source.url} is a copy of a page"
    told = source.dated or source.seen
    if told is not None and first_day(told) > today:
        yield f"{source.url} is {source.when}, which is to come"
    if isinstance(told, date) and (told.month, told.day) == (1, 1):
        # Nobody publishes on New Year's Day: it stands for a year of which no more is known.
        yield f"{source.url} is {source.when}: give the year alone"


def _newer_than_its_sources(passage: Passage) -> Iterator[str]:
    sources = passage.article.passages[passage.id].sources
    newest = max(last_day(told) for one in sources if (told := one.dated or one.seen))
    ends = passage.article.effective_until
    for day, month, year in _TOLD.findall(passage.text):
        number = list(calendar.month_name).index(month) if month else 1
        told = date(int(year), number, int(day or 1))
        if told > newest and (ends is None or ends >= told):
            yield f"«{f'{day} {month} {year}'.strip()}» is later than its sources"
