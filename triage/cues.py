"""Cues of wording: how often a text speaks of a case of its own, of a rule, of published figures.

Unlike a rule a cue decides nothing: the classifier learns what each is worth.
"""

import re
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray


def _any(*patterns: str) -> re.Pattern[str]:
    """For texts in small letters: to ignore case takes twice the time."""
    together = "|".join(patterns).replace(" ", r"\s+")
    return re.compile(re.sub(r"(?<!\\)[A-Z]", lambda one: one.group().lower(), together))


_OWNED = (
    "(?:application|agreement|dsa|dsfc|contract|amendment|renewal|extension|invoice|quote|"
    "delivery|extract|order|submission|resubmission|study|cohort|approval|case|request|audit|"
    "reference|refund|files?|account|licen[cs]e|certificate|deletion)"
)

CUES: Mapping[str, re.Pattern[str]] = {
    "a thing of their own": _any(rf"\b(?:our|my|ours)\b(?: \w+){{0,2}} {_OWNED}\b"),
    "a state of their own": _any(
        r"\b(?:we|I)(?:'ve| have)? (?:just )?(?:submitted|applied|resubmitted|sent (?:in|you|off)|"
        r"signed|received|paid|been (?:told|asked|charged|invoiced|waiting)|got|hold|still hold)\b",
        r"\b(?:where (?:has|have|is|are) (?:ours|our|it|mine|my)|has (?:ours|mine|our|it)|"
        r"any news|any update|chase|chasing|still waiting|heard nothing|not heard|haven't heard|"
        r"no reply|no answer)\b",
    ),
    "something to do": _any(
        r"\b(?:can|could|would|will) (?:someone|somebody|anyone|you|one of you)"
        r"(?: please| kindly| perhaps)? (?:look|check|find out|confirm|see (?:if|whether|what|"
        r"where)|chase|dig|investigate|correct|restate|change|update|amend|move|extend|resend|"
        r"send|add|remove|sign|attend|come|join|visit|speak|run|do|waive|arrange|review|approve)\b",
        r"\b(?:needs? (?:to be )?(?:looked|checking|checked|correcting|corrected|restat\w+|"
        r"fixing|mending)|look into|looked into|looked up|run out|runs out|running out|"
        r"renewal date|end date|expiry date|expires)\b",
    ),
    "a meeting": _any(
        r"\b(?:chat|call|phone|ring|meeting|meet|teams|zoom|visit|give (?:us )?a talk|speaker|"
        r"come and|join us|interview|webinar|in person|talk (?:me|us) through)\b"
    ),
    "people in general": _any(
        r"\b(?:in general|generally|general question|not about|hypothetical\w*|in theory|"
        r"as a rule|people|applicants|holders|customers|anyone|organisations|somebody|researchers|"
        r"haven't applied|not applied|no application|not yet applied|before (?:we|I) apply|"
        r"thinking of|thinking about|considering|how (?:does|do) (?:one|people|you|anyone|I|we))\b"
    ),
    "published figures": _any(
        r"\b(?:published|publish|publication|stats|statistics|figures|numbers|table|dashboard|"
        r"data ?set|open data|spreadsheet|by (?:ICB|trust|region|council|practice|age|sex|year|"
        r"month))\b"
    ),
    "us": _any(r"\b(?:our|ours|my|mine|us)\b"),
    "displeasure": _any(
        r"\b(?:appalling|unacceptable|disgrace\w*|shambles|ridiculous|fed up|third time|"
        r"again and again|not good enough|wrong answer|you (?:said|told|wrote|replied)|disagree|"
        r"don't accept|do not accept|misled|ignored|fobbed|apolog\w+|disappointed|unhappy|"
        r"dissatisfied)\b"
    ),
    "something gone wrong": _any(
        r"\b(?:wrong (?:hands|person|file|people|trust|hospital|patients?|address)|"
        r"should(?:n't| not) (?:be|have) (?:public|seen|received|there|in there|got)|not ours|"
        r"(?:someone|somebody) else'?s|another (?:trust|organisation|hospital|team|study|"
        r"university)'?s|left (?:on|in)|stolen|lost|missing|leak\w*|breach\w*|exposed|"
        r"misdirected|by mistake|accident\w*|in error|hacked|phish\w*|"
        r"openly (?:available|downloadable))\b"
    ),
    "the press": _any(
        r"\b(?:journalist|reporter|freelance|newspaper|magazine|radio|podcast|editor|broadcast\w*|"
        r"documentary|press|news ?desk|gazette|herald|story|column|deadline|"
        r"on (?:the )?record|background)\b"
    ),
    "harm to oneself": _any(
        r"\b(?:suicid\w+|kill (?:my|them|him|her)sel\w+|self.harm|end (?:it|my life)|"
        r"not be here)\b"
    ),
}
MOST = 3
"""Beyond this a further mention adds nothing."""


def counted(text: str) -> NDArray[np.float64]:
    """For each cue the logarithm of one plus its mentions, in the order of `CUES`."""
    plain = text.replace("\u2019", "'").lower()
    found = [min(MOST, sum(1 for _ in cue.finditer(plain))) for cue in CUES.values()]
    return np.log1p(np.array(found, dtype=np.float64))
