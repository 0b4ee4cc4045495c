"""What an enquirer wants, in one line that an officer takes in at a glance."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from handlers.drafts import Question
from triage.decision import EnquiryType, Flag
from triage.essence import asked
from triage.masking import birth_dates, mask, nhs_numbers
from triage.message import Message

MOST_QUOTED = 110
"""Characters of the question that stands in the line."""

_ANNOUNCES = re.compile(
    r"(?:i am|i'm|i\u2019m|we are|we're|we\u2019re) (?:writing|getting in touch|contacting)\b|"
    r"(?:i|we) (?:wish|want|would like|need|have) to (?:make a (?:formal )?)?complain",
    re.IGNORECASE,
)
"""Sentences that only say that something will be asked."""

_SUBJECTS = {
    EnquiryType.NDRS: "disease registration (NDRS) data",
    EnquiryType.COPI_EXIT: "the end of the COPI notice",
    EnquiryType.CHARGES: "charges",
    EnquiryType.EXISTING_APPLICATION: "an application or agreement of theirs",
    EnquiryType.PUBLISHED_DATA: "published figures",
    EnquiryType.PROCESS: "how to get data",
}
_FIRST_BY_FLAG = (
    (Flag.INCIDENT, "Reports an incident"),
    (Flag.COMPLAINT, "Complains"),
    (Flag.STATUTORY, "Makes a request under a statute"),
    (Flag.MEDIA, "Asks for the press"),
)
_TOPICS = {
    "ndrs-apply": "Asks where to apply for NDRS data",
    "ndrs-total-cost": "Asks about the Total Cost of an NDRS application",
    "ndrs-cost-change": "Asks whether a cost changes with an amendment",
    "ndrs-odr-agreement": "Asks what becomes of an ODR agreement",
    "ndrs-odr-application": "Asks what becomes of an application made to ODR",
    "ndrs-linkage": "Asks whether NDRS data can be linked",
    "ncardrs": "Asks for congenital anomaly or rare disease data",
    "ndrs-about": "Asks what NDRS is and holds",
    "copi-exit": "Asks what to do after the COPI notice",
    "charges-guidance": "Asks what data costs",
    "published-data": "Asks for published figures",
    "data-products": "Asks which data there is",
    "who-can-apply": "Asks who may have data",
    "process-stages": "Asks how an application runs",
    "contracts": "Asks about contracts and agreements",
    "data-access": "Asks how data is handed over",
    "audits": "Asks about audits",
    "uses-registers": "Asks who has been given data",
    "data-protection": "Asks how data is protected",
    "contact": "Asks whom to speak to",
    "own-record": "Asks for a health record of their own",
}


class Need(NamedTuple):
    """What they want, and the question that says it best, masked; either may be empty."""

    words: str
    question: str = ""


def need_of(
    types: Sequence[str],
    flags: Sequence[str],
    topics: Sequence[str],
    questions: Sequence[Question],
    message: Message,
) -> Need:
    """The need in plain words, then the first question that guidance does not answer."""
    return Need(_words(types, flags, topics), _question(questions, message))


def _words(types: Sequence[str], flags: Sequence[str], topics: Sequence[str]) -> str:
    known = [_SUBJECTS[kind] for kind in EnquiryType if kind in types and kind in _SUBJECTS]
    about = f", about {' and '.join(known[:2])}" if known else ""
    for flag, words in _FIRST_BY_FLAG:
        if flag in flags:
            return words + about
    # What is theirs has to be looked up: the topic says only what guidance is nearest.
    if EnquiryType.EXISTING_APPLICATION in types:
        also = EnquiryType.CHARGES in types
        theirs = _SUBJECTS[EnquiryType.EXISTING_APPLICATION]
        return f"Asks about {'the cost of ' if also else ''}{theirs}"
    if topics and topics[0] in _TOPICS and known:
        return _TOPICS[topics[0]]
    return f"Asks about {' and '.join(known[:2])}" if known else "Writes about another matter"


def _question(questions: Sequence[Question], message: Message) -> str:
    asking = [one for one in questions if one.words and not _ANNOUNCES.match(one.words)]
    asking = asking or [one for one in questions if one.words]
    said = [one.words for one in asking if not one.passages] or [one.words for one in asking]
    if not said:
        whole = f"{message.subject}\n{message.new_text}"
        hidden = [*nhs_numbers(whole), *birth_dates(whole)]
        said = [mask(one, hidden) for one in asked(message.new_text, 1)]
    line = " ".join(said[0].split()) if said else ""
    return line if len(line) <= MOST_QUOTED else line[:MOST_QUOTED].rsplit(" ", 1)[0] + " …"
