"""Forms on colleagues and on the enquirer: whose case it is, notes, and what is missing."""

from bot.slack import names
from bot.slack.blocks import Json, context
from bot.slack.forms import Form
from bot.slack.inputs import field, text_box
from bot.slack.submitting import Act, Given
from handlers.case_life import Action
from handlers.case_view import CaseView
from handlers.cases import Press
from handlers.consulting import add_note, ask_colleague, assign, hand_over
from handlers.desk import Desk
from handlers.errors import NotAllowed
from handlers.replies import request_information
from handlers.tables import Case
from handlers.unit import Unit

STAYS = "It stays in the case's thread; the enquirer does not see it."
PEOPLE, ENQUIRER = "Colleagues", "The enquirer"


def _person(label: str) -> Json:
    return field(label, {"type": "users_select"}, block_id=names.PERSON)


def _assign(case: CaseView, desk: Desk) -> list[Json]:
    del desk
    owner = f"It is with {case.officer_name} now." if case.officer_name else "Nobody owns it yet."
    return [field("Officer", {"type": "users_select"}, block_id=names.PERSON, hint=owner[:150])]


def _hand_over(case: CaseView, desk: Desk) -> list[Json]:
    del case, desk
    return [_person("To whom"), field("Where things stand", text_box()), context(STAYS)]


def _note(case: CaseView, desk: Desk) -> list[Json]:
    del case, desk
    return [field("Note", text_box()), context(STAYS)]


def _ask(case: CaseView, desk: Desk) -> list[Json]:
    del case, desk
    return [_person("Whom"), field("Question", text_box()), context(STAYS)]


def starter(case: CaseView) -> str:
    """The letter that asks for information, before anything is asked."""
    name = f"Dear {case.requester_name}" if case.requester_name else "Dear enquirer"
    return f"{name},\n\nThank you for your enquiry. So that we can help, please tell us:\n\n- "


def _request(case: CaseView, desk: Desk) -> list[Json]:
    del desk
    where = "in their Slack thread" if case.channel == "slack" else "by mail"
    return [
        field("What they are asked", text_box(starter(case))),
        context(f"It leaves {where}. The case waits for them, and its clocks pause."),
    ]


def _do_assign(desk: Desk) -> Act:
    del desk
    return lambda unit, press, given: assign(unit, press, given.officer())


def _do_hand_over(desk: Desk) -> Act:
    del desk
    return lambda unit, press, given: hand_over(unit, press, given.officer(), given.text())


def _do_note(desk: Desk) -> Act:
    del desk
    return lambda unit, press, given: add_note(unit, press, given.text())


def _do_ask(desk: Desk) -> Act:
    del desk
    return lambda unit, press, given: ask_colleague(unit, press, given.officer(), given.text())


def _do_request(desk: Desk) -> Act:
    async def request(unit: Unit, press: Press, given: Given) -> Case:
        if given.text().rstrip().endswith(("tell us:", "tell us:\n\n-")):
            raise NotAllowed("Please write what they are to tell us.")
        return await request_information(unit, press, given.text(), desk)

    return request


HAND_OVER = Form(Action.HAND_OVER, "Hand over", "Hand over", PEOPLE, _hand_over, _do_hand_over)
REQUEST = Form(
    Action.REQUEST_INFORMATION, "Ask for information", "Send", ENQUIRER, _request, _do_request
)
NOTE = Form(Action.NOTE, "Add a note", "Save", PEOPLE, _note, _do_note)
ASK = Form(Action.ASK, "Ask a colleague", "Ask", PEOPLE, _ask, _do_ask)
ASSIGN = Form(Action.ASSIGN, "Assign", "Assign", PEOPLE, _assign, _do_assign)
