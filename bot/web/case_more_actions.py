"""The actions behind *More* on the page of a case: time, other cases, other teams."""

from bot.web.case_fields import CaseAction, Field, Form, Kind, Office, only
from bot.web.case_people_actions import PEOPLE
from bot.web.case_words import moment
from handlers import merging, passing_on, planning, related
from handlers.case_life import Action
from handlers.case_tables import Priority
from handlers.case_view import CaseView, MessageView
from handlers.cases import Press
from handlers.errors import NotAllowed
from handlers.proposing import LONGEST_TITLE, propose_article
from handlers.tables import Case
from handlers.unit import Unit

SHOWN = 90
"""Characters of a message that name it in a menu."""


async def _priority(unit: Unit, press: Press, form: Form, _office: Office) -> Case:
    chosen = form.get("priority", "")
    if chosen not in set(Priority):
        raise NotAllowed("Please choose a priority.")
    return await planning.set_priority(unit, press, Priority(chosen))


async def _snooze(unit: Unit, press: Press, form: Form, office: Office) -> Case:
    return await planning.snooze(unit, press, office.moment(form.get("until", "")))


async def _wake(unit: Unit, press: Press, _form: Form, _office: Office) -> Case:
    return await planning.wake(unit, press)


async def _link(unit: Unit, press: Press, form: Form, _office: Office) -> Case:
    return await related.link(unit, press, form.get("other", ""))


async def _duplicate(unit: Unit, press: Press, form: Form, _office: Office) -> Case:
    return await related.mark_duplicate(unit, press, form.get("other", ""))


async def _merge(unit: Unit, press: Press, form: Form, _office: Office) -> Case:
    return await merging.merge(unit, press, form.get("other", ""))


async def _split(unit: Unit, press: Press, form: Form, office: Office) -> Case:
    chosen = form.get("message", "")
    if not chosen.isdecimal():
        raise NotAllowed("Please choose a message.")
    return await merging.split(unit, press, int(chosen), office.desk)


async def _team(unit: Unit, press: Press, form: Form, office: Office) -> Case:
    return await passing_on.send_to_team(
        unit, press, form.get("team", ""), form.get("note", ""), office.desk
    )


async def _spam(unit: Unit, press: Press, form: Form, _office: Office) -> Case:
    if not form.get("sure"):
        raise NotAllowed("Please tick that it is spam; nothing was done.")
    return await passing_on.mark_spam(unit, press)


async def _propose(unit: Unit, press: Press, form: Form, _office: Office) -> Case:
    return await propose_article(unit, press, form.get("title", ""), form.get("note", ""))


def _later(case: CaseView) -> list[MessageView]:
    return [one for one in case.messages if one.direction == "in"][1:]


def _messages(case: CaseView, _office: Office) -> dict[str, str]:
    return {
        str(one.id): f"{moment(one.at)}: {' '.join(one.text.split())[:SHOWN]}"
        for one in _later(case)
    }


OTHER = Field("other", "Reference of the other case", Kind.LINE, hint="Such as ENQ-7K3MQD-4T9P.")


MORE = (
    *PEOPLE,
    CaseAction(
        Action.SET_PRIORITY,
        "Change priority",
        "Save",
        "Its priority is changed.",
        _priority,
        (
            Field(
                "priority",
                "Priority",
                Kind.ONE,
                only({str(one): one.capitalize() for one in Priority}),
                lambda case: str(case.now.priority),
            ),
        ),
        is_usual=False,
    ),
    CaseAction(
        Action.SNOOZE,
        "Snooze",
        "Snooze",
        "It comes back at that time.",
        _snooze,
        (Field("until", "Until", Kind.MOMENT),),
        about="It comes back then, or as soon as the enquirer writes. Its clocks go on.",
        is_usual=False,
    ),
    CaseAction(
        Action.WAKE,
        "End the snooze",
        "End the snooze",
        "It is back before its time.",
        _wake,
        suits=lambda case, _officer, _office: case.now.snoozed_until is not None,
    ),
    CaseAction(
        Action.LINK,
        "Link to another case",
        "Link",
        "The cases are linked.",
        _link,
        (OTHER,),
        is_usual=False,
    ),
    CaseAction(
        Action.MARK_DUPLICATE,
        "Mark as duplicate",
        "Mark as duplicate",
        "It is resolved as a duplicate.",
        _duplicate,
        (OTHER,),
        about="This case is resolved; the other goes on.",
        is_usual=False,
    ),
    CaseAction(
        Action.MERGE,
        "Merge into another case",
        "Merge",
        "It is merged into the other case.",
        _merge,
        (OTHER,),
        about="Messages and people of this case go to the other, and so does what comes later."
        " Replies then go to the enquirer of the other case. This cannot be undone.",
        suits=lambda case, _officer, _office: case.channel == "email",
        is_usual=False,
    ),
    CaseAction(
        Action.SPLIT,
        "Split off a message",
        "Split",
        "The message is an enquiry of its own.",
        _split,
        (Field("message", "Message", Kind.PICK, _messages),),
        about="It becomes an enquiry of its own, with a case and a reference.",
        suits=lambda case, _officer, _office: bool(_later(case)),
        is_usual=False,
    ),
    CaseAction(
        Action.PROPOSE_ARTICLE,
        "Propose an article",
        "Propose",
        "It stands among the gaps, for the knowledge owner.",
        _propose,
        (
            Field("title", "What it is to be about", Kind.LINE, most=LONGEST_TITLE),
            Field("note", "Note for the knowledge owner", Kind.TEXT, optional=True),
        ),
        about="What was asked and what you replied, masked, become a draft.",
        is_usual=False,
    ),
    CaseAction(
        Action.SEND_TO_TEAM,
        "Send to another team",
        "Send",
        "It was passed on, and is resolved.",
        _team,
        (
            Field(
                "team",
                "Team",
                Kind.PICK,
                lambda _case, office: {one: one for one in office.desk.teams},
            ),
            Field("note", "Note for them", Kind.TEXT, optional=True),
        ),
        about="The case is resolved as passed on. The enquirer hears nothing of it from us: reply"
        " first, where they should.",
        suits=lambda _case, _officer, office: bool(office.desk.teams),
        is_usual=False,
    ),
    CaseAction(
        Action.MARK_SPAM,
        "Mark as spam",
        "Mark as spam",
        "It is resolved as spam.",
        _spam,
        (Field("sure", "It is spam; nobody is to answer", Kind.TICK),),
        is_usual=False,
    ),
)
