"""What a draft tells its officer: which question guidance answers, and which needs them.

A note stands in a line of its own. It is for the officer: `for_sending` takes out those that only
say where an answer comes from, and an unanswered question keeps the letter from leaving.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from handlers.letters import Content, Part
from triage.decision import Decision
from triage.explanation import questions
from triage.masking import birth_dates, mask, nhs_numbers
from triage.message import Message

COVERED, NEEDED = "[From guidance: ", "[Please answer: "
MOST_QUOTED = 160
"""Characters of a question in a note."""
NEEDS_PERSON = 0.5
"""Chance of needing a person from which a question is left to one, whatever guidance says."""

_FOR = re.compile(r"^(?P<article>[^,\]]+), (?P<passage>[^,\]]+)(?:, for “(?P<asked>.*)”)?$")
_NOTE = re.compile(rf"^{re.escape(COVERED)}.*\]$\n?", re.MULTILINE)
_NEEDED = re.compile(rf"^{re.escape(NEEDED)}", re.MULTILINE)
_LEFT = re.compile(rf"^{re.escape(NEEDED)}“(.*)”\]$\n?", re.MULTILINE)


class Question(NamedTuple):
    """A question in its words, masked and short, and what of guidance answers it."""

    words: str
    passages: frozenset[tuple[str, str]]


class Noted(NamedTuple):
    """A passage of a draft below its note."""

    note: str
    part: Part


class Covered(NamedTuple):
    """A passage in a draft: its article and name, and the question that it answers, if any."""

    article: str
    passage: str
    question: str


class Outline(NamedTuple):
    """A draft taken apart for a card: what is covered, what is left, and the letter alone."""

    covered: tuple[Covered, ...]
    left: tuple[str, ...]
    letter: str


class Notes(NamedTuple):
    """The passages of a draft with their notes, and a note for each question that is left."""

    parts: tuple[Noted, ...]
    needed: tuple[str, ...]


def questions_of(decision: Decision, message: Message) -> list[Question]:
    """The questions of a message as a decision found them, fit to be shown to many people."""
    whole = f"{message.subject}\n{message.new_text}"
    # What makes a date one of birth may stand in another sentence.
    hidden = [*nhs_numbers(whole), *birth_dates(whole)]
    doubted = {
        one.start
        for one in (decision.explanation.sentences if decision.explanation else ())
        if one.needs_person >= NEEDS_PERSON
    }
    return [
        Question(
            _short(mask(words, hidden)),
            frozenset(() if asked.start in doubted else asked.passages),
        )
        for asked, words in questions(decision, message)
    ]


def notes(content: Content, asked: Iterable[Question]) -> Notes:
    """What to write above each passage, and which questions nothing in the draft answers."""
    given = {(part.article, part.passage) for part in content.parts}
    listed = list(asked)
    noted = [
        Noted(_covered(part, [one for one in listed if _key(part) in one.passages]), part)
        for part in content.parts
    ]
    # Series are an answer too; which question they meet is for the officer to judge.
    left = [one for one in listed if not (one.passages & given or content.series)]
    return Notes(tuple(noted), tuple(f"{NEEDED}“{one.words}”]" for one in left))


def for_sending(text: str) -> tuple[str, int]:
    """The letter without notes of where answers come from, and how many questions are left."""
    return _NOTE.sub("", text).strip(), len(_NEEDED.findall(text))


def outline(draft: str) -> Outline:
    """What the notes of a draft say, apart from its letter."""
    notes_said = (line[len(COVERED) : -1] for line in draft.splitlines() if _NOTE.match(line))
    covered = [
        Covered(found["article"], found["passage"], found["asked"] or "")
        for said in notes_said
        if (found := _FOR.match(said))
    ]
    letter = _LEFT.sub("", _NOTE.sub("", draft)).strip()
    return Outline(tuple(covered), tuple(_LEFT.findall(draft)), letter)


def _covered(part: Part, asked: list[Question]) -> str:
    quoted = f", for {' and '.join(f'“{one.words}”' for one in asked)}" if asked else ""
    return f"{COVERED}{part.article}, {part.passage}{quoted}]"


def _key(part: Part) -> tuple[str, str]:
    return part.article, part.passage


def _short(words: str) -> str:
    # Brackets would end a note early; a note is one line.
    line = " ".join(words.split()).replace("[", "(").replace("]", ")")
    return line if len(line) <= MOST_QUOTED else line[:MOST_QUOTED].rsplit(" ", 1)[0] + " …"
