"""The draft answer on a card: which questions it covers, which are left, and on what it rests."""

from itertools import groupby

from bot.slack.blocks import Json, context, section
from bot.slack.mrkdwn import fit, quote
from handlers.case_view import CaseView
from handlers.drafts import Outline, outline

DRAFT_UNITS = 600
QUESTION_UNITS = 220
MOST_QUESTIONS = 4
"""Questions of each kind that are listed; the whole draft is a press away."""
NOTHING_COVERS = "*Draft answer*\nNo approved guidance covers this: the answer is yours to write."


def draft(case: CaseView) -> list[Json]:
    """The draft, with its questions ticked off above it."""
    if not case.draft.strip():
        return []
    said = outline(case.draft)
    if not (said.covered or said.left or case.passages or case.offered or "://" in said.letter):
        return [section(NOTHING_COVERS)]
    name = "Answer that waits for your approval" if case.offered else "Draft answer"
    lines = _questions(said)
    # A letter that answers nothing they ask only takes room; *Reply* has it.
    serves = case.offered or not said.left or any(one.question for one in said.covered)
    return [
        *([section("\n".join([f"*{name}*{_counted(said)}", *lines]))] if lines else []),
        *([section(_letter(said, "" if lines else name))] if serves else []),
    ]


def passages(case: CaseView) -> list[Json]:
    """The approved passages that were found, by article."""
    if not case.passages:
        return []
    hits = sorted(dict.fromkeys((hit.article, hit.version, hit.passage) for hit in case.passages))
    named = [
        f"{article} v{version} ({', '.join(passage for _, _, passage in found)})"
        for (article, version), found in groupby(hits, key=lambda hit: hit[:2])
    ]
    return [context(f"Guidance: {fit('; '.join(named), 600)}")]


def _letter(said: Outline, name: str) -> str:
    return (f"*{name}*\n" if name else "") + quote(said.letter, DRAFT_UNITS)


def _questions(said: Outline) -> list[str]:
    covered = [
        f":white_check_mark: “{fit(one.question, QUESTION_UNITS)}” ({fit(one.article, 60)})"
        for one in said.covered
        if one.question
    ]
    left = [f":pencil2: Yours to answer: “{fit(one, QUESTION_UNITS)}”" for one in said.left]
    # Two passages of one article for one question are one line.
    return [*_cut(list(dict.fromkeys(covered))), *_cut(left)]


def _cut(lines: list[str]) -> list[str]:
    rest = len(lines) - MOST_QUESTIONS
    return [*lines[:MOST_QUESTIONS], *([f"… and {rest} more"] if rest > 0 else [])]


def _counted(said: Outline) -> str:
    """How many of the questions are covered, where that is known."""
    asked = {one for note in said.covered for one in note.question.split("” and “") if one}
    total = len(asked) + len(said.left)
    return f" covers {len(asked)} of {total} questions" if total > 1 else ""
