"""Colleagues on a case: whose it is, what they tell and ask each other. None of it is mailed."""

from handlers.absences import absences
from handlers.case_life import Action
from handlers.cases import Officer, Press, advance, begin
from handlers.errors import NotAllowed
from handlers.notices import note_case
from handlers.tables import Case
from handlers.unit import Unit

LONGEST_NOTE = 3000
"""Characters of a note."""


async def assign(unit: Unit, press: Press, to: Officer) -> Case:
    """Make another officer the case's owner, and tell them. Raises NotAllowed."""
    case = await begin(unit, press, Action.ASSIGN)
    await _give(unit, case, press.officer, to, Action.ASSIGN, "")
    await note_case(unit, case, "assign", by=press.officer.name, to=to.id)
    return case


async def hand_over(unit: Unit, press: Press, to: Officer, note: str) -> Case:
    """The same with a word on where things stand. Raises NotAllowed."""
    case = await begin(unit, press, Action.HAND_OVER)
    words = _checked(note)
    await _give(unit, case, press.officer, to, Action.HAND_OVER, words)
    await note_case(unit, case, "hand_over", by=press.officer.name, to=to.id, text=words)
    return case


async def add_note(unit: Unit, press: Press, note: str) -> Case:
    """Keep an internal note with the case. Raises NotAllowed."""
    case = await begin(unit, press, Action.NOTE)
    words = _checked(note)
    await advance(unit, case, Action.NOTE, press.officer, {"note": words})
    await note_case(unit, case, "note", by=press.officer.name, text=words)
    return case


async def ask_colleague(unit: Unit, press: Press, colleague: Officer, question: str) -> Case:
    """Ask a member of the workspace, who need be no officer, in the card's thread.

    Raises NotAllowed.
    """
    case = await begin(unit, press, Action.ASK)
    words = _checked(question)
    detail = {"to": colleague.id, "to_name": colleague.name, "note": words}
    await advance(unit, case, Action.ASK, press.officer, detail)
    await note_case(unit, case, "ask", by=press.officer.name, to=colleague.id, text=words)
    return case


async def _give(  # noqa: PLR0917 -- who gives what to whom
    unit: Unit, case: Case, by: Officer, to: Officer, action: Action, note: str
) -> None:
    if not to.may_act:
        raise NotAllowed(f"{to.name} is no case officer, so cannot own a case.")
    for one in await absences(unit):
        if one.officer == to.id:
            until = f"{one.until:%d %b %Y}"
            raise NotAllowed(f"{to.name} is away up to {until}. Please choose somebody else.")
    if case.officer == to.id:
        raise NotAllowed(f"{to.name} owns this case already.")
    detail = {"from": case.officer_name, "to": to.id, "to_name": to.name}
    case.officer, case.officer_name = to.id, to.name
    await advance(unit, case, action, by, {**detail, **({"note": note} if note else {})})


def _checked(note: str) -> str:
    words = note.strip()
    if not words:
        raise NotAllowed("Please write a few words.")
    if len(words) > LONGEST_NOTE:
        raise NotAllowed(f"A note has at most {LONGEST_NOTE:,} characters.")
    return words
