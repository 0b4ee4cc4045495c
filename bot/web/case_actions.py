"""What an officer can do to a case on its page: one entry an action, from which its form is made.

A new action is one more entry: its fields are drawn by `case_action.html`, and the table of
`handlers` says in which states it is offered.
"""

from bot.web.case_fields import CaseAction, Field, Form, Kind, Office, only
from bot.web.case_more_actions import MORE
from bot.web.words import TYPES
from handlers import cases
from handlers.approval import approve
from handlers.case_life import RESOLUTIONS, Action
from handlers.cases import Press
from handlers.errors import NotAllowed
from handlers.replies import LONGEST, addresses_in, reply
from handlers.tables import Case
from handlers.unit import Unit
from knowledge.topics import Topic
from triage.decision import EnquiryType, Route

ROUTES: dict[str, str] = {
    Route.ANSWER: "answered from guidance",
    Route.ESCALATE: "a case for an officer",
    Route.IGNORE: "left without an answer",
}
TOPICS = {str(one): str(one).replace("-", " ") for one in Topic}


async def _claim(unit: Unit, press: Press, _form: Form, _office: Office) -> Case:
    return await cases.claim(unit, press)


async def _approve(unit: Unit, press: Press, form: Form, office: Office) -> Case:
    if not form.get("read"):
        raise NotAllowed("Please tick that you have read the enquiry; nothing was sent.")
    return await approve(unit, press, office.desk)


async def _reply(unit: Unit, press: Press, form: Form, office: Office) -> Case:
    copies = addresses_in(form.get("copies", ""))
    files = [name.removeprefix("files.") for name in form if name.startswith("files.")]
    return await reply(unit, press, form.get("text", ""), office.desk, copies=copies, files=files)


async def _reclassify(unit: Unit, press: Press, form: Form, _office: Office) -> Case:
    chosen = [one for one in EnquiryType if form.get(f"types.{one}")]
    route, topic = form.get("route", ""), form.get("topic", "")
    if (route and route not in ROUTES) or (topic and topic not in TOPICS):
        raise NotAllowed("Please choose from the lists.")
    return await cases.reclassify(
        unit,
        press,
        chosen,
        route=Route(route) if route else None,
        topics=[Topic(topic)] if topic else (),
    )


async def _resolve(unit: Unit, press: Press, form: Form, _office: Office) -> Case:
    return await cases.resolve(unit, press, form.get("resolution", ""))


async def _reopen(unit: Unit, press: Press, _form: Form, _office: Office) -> Case:
    return await cases.reopen(unit, press)


ACTIONS = (
    CaseAction(
        Action.CLAIM,
        "Claim",
        "Claim",
        "The case is yours.",
        _claim,
        suits=lambda case, officer, _office: case.officer != officer.id,
    ),
    CaseAction(Action.REOPEN, "Reopen", "Reopen", "The case is open again.", _reopen),
    CaseAction(
        Action.APPROVE,
        "Approve",
        "Send this answer",
        "The answer is on its way, and the case is resolved.",
        _approve,
        (Field("read", "I have read the enquiry, and this answers it", Kind.TICK),),
        about="It leaves in your name as it stands above, and the case is resolved as answered.",
        suits=lambda case, _officer, _office: case.offered is not None,
        comes_first=lambda _: True,
    ),
    CaseAction(
        Action.REPLY,
        "Reply",
        "Send reply",
        "The reply is on its way.",
        _reply,
        (
            Field(
                "text",
                "Your reply",
                Kind.TEXT,
                start=lambda case: case.draft,
                hint="Lines “[From guidance: …]” are taken out when it is sent. Replace each line"
                " “[Please answer: …]” by your answer.",
                most=LONGEST,
            ),
            Field(
                "copies",
                "Cc",
                Kind.LINE,
                start=lambda case: " ".join(case.now.copies),
                hint="By mail alone: addresses with blanks between. They may write to this case"
                " from then on.",
                optional=True,
            ),
            Field(
                "files",
                "Files of the case that go with it",
                Kind.MANY,
                lambda case, _office: {one.key: one.label for one in case.now.files},
                hint="By mail alone.",
                optional=True,
            ),
        ),
        comes_first=lambda case: case.offered is None,
    ),
    CaseAction(
        Action.RECLASSIFY,
        "Reclassify",
        "Reclassify",
        "The types are put right.",
        _reclassify,
        (
            Field(
                "types",
                "It is about",
                Kind.MANY,
                only({str(one): TYPES[one] for one in EnquiryType}),
                lambda case: " ".join(case.types),
            ),
            Field("route", "It should have been", Kind.PICK, only(ROUTES), optional=True),
            Field("topic", "Guidance that answers it", Kind.PICK, only(TOPICS), optional=True),
        ),
    ),
    CaseAction(
        Action.RESOLVE,
        "Resolve",
        "Resolve",
        "The case is resolved.",
        _resolve,
        (Field("resolution", "Because", Kind.ONE, only(RESOLUTIONS)),),
        about="It ends the case, and nothing is sent.",
    ),
    *MORE,
)

BY_NAME = {str(one.action): one for one in ACTIONS}
"""As the addresses of their forms have them."""
