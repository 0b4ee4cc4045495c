"""Actions on the page of a case about people: colleagues, and what the enquirer is asked."""

from bot.web.case_fields import CaseAction, Field, Form, Kind, Office
from handlers import consulting
from handlers.case_life import Action
from handlers.cases import Press
from handlers.consulting import LONGEST_NOTE
from handlers.replies import LONGEST, request_information
from handlers.tables import Case
from handlers.undo import undo
from handlers.unit import Unit

STAYS = "It stays among colleagues; the enquirer does not see it."


async def _undo(unit: Unit, press: Press, _form: Form, _office: Office) -> Case:
    return await undo(unit, press)


async def _hand_over(unit: Unit, press: Press, form: Form, office: Office) -> Case:
    to = office.colleague(form.get("to", ""))
    return await consulting.hand_over(unit, press, to, form.get("note", ""))


async def _note(unit: Unit, press: Press, form: Form, _office: Office) -> Case:
    return await consulting.add_note(unit, press, form.get("note", ""))


async def _ask(unit: Unit, press: Press, form: Form, office: Office) -> Case:
    to = office.colleague(form.get("to", ""))
    return await consulting.ask_colleague(unit, press, to, form.get("note", ""))


async def _request(unit: Unit, press: Press, form: Form, office: Office) -> Case:
    return await request_information(unit, press, form.get("text", ""), office.desk)


TO = Field("to", "To whom", Kind.PICK, lambda _case, office: office.colleagues)


def _words(label: str, most: int = LONGEST_NOTE) -> Field:
    return Field("note", label, Kind.TEXT, most=most)


PEOPLE = (
    CaseAction(
        Action.UNDO,
        "Undo",
        "Undo: take the mail back",
        "The mail was taken back; it does not leave.",
        _undo,
        suits=lambda case, _officer, _office: case.now.undo is not None,
        # That of the mail, whatever was done to the case since.
        seen=lambda case: case.now.undo or case.version,
    ),
    CaseAction(
        Action.REQUEST_INFORMATION,
        "Ask for information",
        "Send",
        "They are asked; the case waits for them.",
        _request,
        (Field("text", "What they are asked", Kind.TEXT, most=LONGEST),),
        about="It is sent to the enquirer. The case waits for them, and its clocks pause.",
        is_usual=False,
    ),
    CaseAction(
        Action.HAND_OVER,
        "Hand over",
        "Hand over",
        "It is handed over.",
        _hand_over,
        (TO, _words("Where things stand")),
        about=STAYS,
        suits=lambda _case, _officer, office: bool(office.colleagues),
        is_usual=False,
    ),
    CaseAction(
        Action.NOTE,
        "Add a note",
        "Save the note",
        "The note is kept.",
        _note,
        (_words("Note"),),
        about=STAYS,
        is_usual=False,
    ),
    CaseAction(
        Action.ASK,
        "Ask a colleague",
        "Ask",
        "The question is kept, and told to them in Slack.",
        _ask,
        (TO, _words("Question")),
        about=STAYS,
        suits=lambda _case, _officer, office: bool(office.colleagues),
        is_usual=False,
    ),
)
