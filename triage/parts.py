"""Splits what a person wrote into its sentences, so that each question can be decided apart."""

import re
from functools import lru_cache
from typing import NamedTuple

_ABBREVIATION = re.compile(
    r"\b(?:dr|mr|mrs|ms|prof|st|no|nos|e\.g|i\.e|eg|ie|etc|inc|ltd|approx|dept|ref|tel|ext|vs|cf)\.$",
    re.IGNORECASE,
)
_END = re.compile(
    r"(?<=[.?!…])[\"')\]]*\s+|\s*\n\s*\n\s*|\s*\n(?=\s*(?:[-*•\u2013]|\(?[0-9a-z][.)]\s))"
)
_ITEM = re.compile(r"\s*(?:[-*•\u2013]|\(?[0-9a-zA-Z][.)])\s+")
_REPLY_PREFIX = re.compile(
    r"^\s*(?:(?:re|fw|fwd|aw|wg|sv|vs|tr|rv|odp|ynt|antw|atb|external)\s*[:\]]|\[external\]|\[ext\])\s*",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"^(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|morning|afternoon|greetings|"
    r"to whom it may concern)\b[^.?!\n]{0,60}[,.!:]?$",
    re.IGNORECASE,
)
_SIGN_OFF = re.compile(
    r"^(?:(?:many |kind |best |warm |with )?(?:thanks|regards|wishes)|thank you|thx|ta|cheers|best|"
    r"yours (?:sincerely|faithfully|truly)|sincerely|kr|br|hth|tia|all the best|sent from my)\b",
    re.IGNORECASE,
)
_ASKING = re.compile(
    r"\b(?:can|could|would|will|may|might|shall|should|do|does|did|is|are|was|were|have|has) "
    r"(?:i|we|you|it|they|there|this|that|our|my|the|someone|anyone|somebody|anybody|us)\b|"
    r"\b(?:what|how|where|when|which|who|whom|whose|why|whether)\b|"
    r"\b(?:please|pls|plz|kindly|grateful|appreciate|advise|confirm|clarify|wondering|wonder|"
    r"need|want|require|looking for|like to|trying to|send me|let (?:me|us) know|tell (?:me|us)|"
    r"point (?:me|us)|help)\b",
    re.IGNORECASE,
)
_AFTERTHOUGHT = re.compile(r"\?|^\W*p\.?\s?s\b", re.IGNORECASE)
_CLAUSE = re.compile(
    r"(?:[,;:]|\s[-\u2013\u2014])\s+(?:and |or |but |also )?"
    r"(?=(?:what|which|who|whose|how|when|where|why|is|are|do|does|did|can|could|may|must|should|"
    r"will|would|if)\b)|"
    r"\s(?:and|or|but|&)\s(?:also )?(?=(?:what|which|who|whose|how|when|where|why|is there|"
    r"are there|does|do (?:i|we|you|they)|can (?:i|we|you|they)|could|must|should|if)\b)",
    re.IGNORECASE,
)
_CLAUSE_WORDS = 5
"""Fewer words are no question of their own."""
_CONDITION = re.compile(
    r"\W*(?:if|once|while|before|after|(?:when|where) (?!(?:is|are|was|were|do|does|did|can|could|"
    r"may|must|should|will|would|exactly|to)\b))",
    re.IGNORECASE,
)
_SIGN_OFF_WORDS = 7
"""A longer sentence that opens with thanks goes on to say something."""


class Part(NamedTuple):
    """One sentence of a text: its words, where they stand, and whether they ask for something."""

    text: str
    start: int
    end: int
    asks: bool


def clauses(part: Part) -> tuple[tuple[int, int], ...]:
    """Where the questions of a sentence that asks several stand; none where it asks one thing.

    *What is it, who looks after it and how do I apply?* asks three.
    """
    if not part.asks:
        return ()
    found, start = [], 0
    for joint in [*_CLAUSE.finditer(part.text), None]:
        end = joint.start() if joint else len(part.text)
        if len(part.text[start:end].split()) >= _CLAUSE_WORDS:
            found.append((part.start + start, part.start + end))
            start = joint.end() if joint else end
    if len(found) <= 1:
        return ()
    return tuple(
        (start, end)
        for start, end in found
        for words in [part.text[start - part.start : end - part.start]]
        if _ASKING.search(words) and not _CONDITION.match(words)
    )


def plain_subject(subject: str) -> str:
    """The subject without the marks of replies and forwards (`Re:`, `Fwd:`, `[EXTERNAL]` …)."""
    while (shorter := _REPLY_PREFIX.sub("", subject)) != subject:
        subject = shorter
    return subject.strip()


def full_text(subject: str, new_text: str) -> str:
    """Subject and newly written text as one text: people often put the question in the subject."""
    return "\n\n".join(part for part in (plain_subject(subject), new_text.strip()) if part)


@lru_cache(maxsize=16)  # every rule reads the same message in turn
def split(text: str) -> tuple[Part, ...]:
    """The sentences of a text, in order, without greetings and signatures.

    What follows a sign-off is signature, but for questions and postscripts.
    """
    parts: list[Part] = []
    signed = False
    for part in every_sentence(text):
        if is_sign_off(part.text) and parts:
            signed = True
        elif signed and not _AFTERTHOUGHT.search(part.text):
            continue
        elif not _GREETING.match(part.text):
            parts.append(part)
    return tuple(parts)


@lru_cache(maxsize=16)  # as above
def every_sentence(text: str) -> tuple[Part, ...]:
    """All sentences of a text, greetings and signatures too: a rule must not miss one."""
    return tuple(
        Part(words, start, end, "?" in words or bool(_ASKING.search(words)))
        for start, end in _sentences(text)
        for words in [text[start:end]]
    )


def _sentences(text: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    start = 0
    for gap in _END.finditer(text):
        if gap.group().strip() == "" and "\n" not in gap.group():
            before = text[max(start, gap.start() - 8) : gap.start()]
            if _ABBREVIATION.search(before):
                continue
        _add(spans, text, start, gap.start())
        start = gap.end()
    _add(spans, text, start, len(text))
    return spans


def _add(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    """Keep a span that holds a letter, without list marks and outer blanks."""
    if mark := _ITEM.match(text, start, end):
        start = mark.end()
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    if any(character.isalpha() for character in text[start:end]):
        spans.append((start, end))


def is_sign_off(words: str) -> bool:
    """Whether words only close a letter (`Many thanks`, `Kind regards, Jo`)."""
    return bool(_SIGN_OFF.match(words)) and len(words.splitlines()[0].split()) <= _SIGN_OFF_WORDS
