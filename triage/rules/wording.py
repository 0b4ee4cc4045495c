"""How rules look for words: by the sentence, and not where these are denied or only asked about."""

import re
from collections.abc import Iterator
from functools import cache

from triage.decision import Reason
from triage.message import Message
from triage.parts import every_sentence, plain_subject
from triage.signatures import unsigned

_DENIED = re.compile(
    r"\b(?:not|no|isn'?t|aren'?t|wasn'?t|never|without|nor|rather than|instead of|"
    r"don'?t (?:want|need)|"
    r"nothing|if|whether|unless)\b[^.;:!?]{0,30}$",
    re.IGNORECASE,
)
_REPLY = re.compile(r"\s*(?:re|aw|sv|antw|odp)\s*:", re.IGNORECASE)
_OWN_WORDS = 5
_HOW = re.compile(
    r"\b(?:how (?:do|does|to|can|would|should|one|many|often|long)|"
    r"where (?:do|does|should|would|can)|"
    r"what (?:is|are|does|counts)|who deals|is there an?|what'?s|"
    r"(?:does|would|will) (?:that|it|this|opting))\b",
    re.IGNORECASE,
)
_SUPPOSED = re.compile(
    r"\bif (?:(?!you\b)\w+ ){1,6}(?:wanted|were|might|ever wants?)(?: \w+)? to\b"
    r"[^,;:\u2013\u2014-]{0,40}$",
    re.IGNORECASE,
)
"""Only supposed, in the same clause: what stands after a comma may have happened."""


def words(*patterns: str) -> re.Pattern[str]:
    """Compile alternatives that ignore case; a blank in them stands for any white space."""
    return re.compile("|".join(patterns).replace(" ", r"\s+"), re.IGNORECASE)


def sentences(message: Message, *, signed: bool = False) -> Iterator[str]:
    """The subject, and the sentences newly written, with plain apostrophes.

    Signatures are left out unless `signed` asks for them: a post or a team's name ('FOI Lead',
    'Complaints') says nothing of what the message asks.

    The subject of a reply was written for the message before; where the reply says something of
    its own it is not heard.
    """
    subject = plain_subject(message.subject)
    old = _REPLY.match(message.subject) and len(message.new_text.split()) >= _OWN_WORDS
    if subject and not old:
        yield subject.replace("\u2019", "'")
    text = message.new_text if signed else unsigned(message.new_text)
    for part in every_sentence(text):
        yield part.text.replace("\u2019", "'")


def asserted(message: Message, pattern: re.Pattern[str], *, signed: bool = False) -> str | None:
    """The first match in a sentence that neither denies it nor asks about it in general."""
    small = _for_small_letters(pattern)
    for sentence in sentences(message, signed=signed):
        for match in small.finditer(sentence.lower()):
            before = sentence[: match.start()]
            if not any(one.search(before) for one in (_DENIED, _HOW, _SUPPOSED)):
                return _as_written(sentence, match)
    return None


def found(message: Message, pattern: re.Pattern[str]) -> str | None:
    """The first match in the subject or in what was newly written."""
    small = _for_small_letters(pattern)
    for sentence in sentences(message):
        if match := small.search(sentence.lower()):
            return _as_written(sentence, match)
    return None


@cache
def _for_small_letters(pattern: re.Pattern[str]) -> re.Pattern[str]:
    """The same pattern for texts in small letters: to ignore case takes twice the time."""
    return re.compile(re.sub(r"(?<!\\)[A-Z]", lambda one: one.group().lower(), pattern.pattern))


def _as_written(sentence: str, match: re.Match[str]) -> str:
    return " ".join(sentence[match.start() : match.end()].split())


def reason(rule: str, sentence: str, evidence: str | None = None) -> Reason:
    """A reason in words; evidence is quoted, so it may never be a patient's identifier."""
    return Reason(rule=rule, text=f"{sentence}: “{evidence}”" if evidence else sentence)
