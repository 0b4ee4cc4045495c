"""Rules for references: a case, agreement or application that has to be looked up."""

import re

from triage.decision import Reason
from triage.message import Message
from triage.parts import plain_subject, split
from triage.rules.wording import reason, sentences, words

REFERENCE = re.compile(
    r"\b(?:(?:DARS-)?NIC-\d{3,7}(?:-\w{4,6})?|CON-\d{3,7}(?:-\w{4,6})?|ODR\d{4}_\d{1,4}|MR\d{3,5})\b",
    re.IGNORECASE,
)
"""The forms of references: DARS applications and agreements, framework contracts, ODR, cohorts."""

_ABOUT_IT = words(
    r"\b(?:status|progress|update|where|when|chase|chasing|still|wait|waiting|hear|heard|overdue|"
    r"invoice|quote|cost|decision|outcome|queue|our|my|we|problem|wrong|missing|error|change|add|"
    r"help|stuck|how long|closed?)\b",
    r"\b(?:expir|renew|exten[ds]|amend|deliver|approv)",
)
_NOT_ABOUT = words(
    r"\b(?:nothing|not|no|don't|do not|isn't|never|unrelated|other than|apart from|leave|fine|"
    r"ignore|if it matters|for (?:your|the) records?|in passing)\b",
)


def reference_asked_about(message: Message) -> Reason | None:
    """A question about a case that is named by its reference must be looked up."""
    subject = plain_subject(message.subject)
    for text in (part.text for part in split(message.new_text) if part.asks):
        if REFERENCE.search(text) and _ABOUT_IT.search(text) and not _NOT_ABOUT.search(text):
            return reason("reference_asked_about", "Asks about a case named by its reference")
    bare = REFERENCE.sub("", subject)
    if REFERENCE.search(subject) and _ABOUT_IT.search(bare) and subject in sentences(message):
        return reason("reference_asked_about", "The subject names the case that it is about")
    return None


def reference_named(message: Message) -> Reason | None:
    """A reference stands in what was newly written; by itself that proves nothing."""
    if REFERENCE.search(f"{message.subject}\n{message.new_text}"):
        return reason("reference_named", "Names a reference")
    return None
