"""What an officer can do to a case on its page: one entry an action, from which its form is made.

A new action is one more entry in `ACTIONS`: its fields are drawn by `case_action.html`, and the
table of `handlers` says in which states it is offered.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.web.words import TYPES
from handlers import cases
from handlers.approval import approve
from handlers.case_life import RESOLUTIONS, TRANSITIONS, Action
from handlers.case_view import CaseView
from handlers.cases import Officer, Press
from handlers.desk import Desk
from handlers.errors import NotAllowed
from handlers.replies import LONGEST, reply
from handlers.tables import Case
from handlers.unit import Unit
from triage.decision import EnquiryType

Form = Mapping[str, str]
Do = Callable[[Unit, Press, Form, Desk], Awaitable[Case]]


class Kind(StrEnum):
    """How a field is drawn."""

    TEXT = "text"
    """Several lines."""
    ONE = "one"
    """One of the options."""
    MANY = "many"
    """Any of the options; each is sent as a field `name.option`."""
    TICK = "tick"
    """A box that must be ticked."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an action's form."""

    name: str
    label: str
    kind: Kind
    options: Mapping[str, str] | None = None
    start: Callable[[CaseView], str] = lambda _: ""
    """What it holds at first; of several options, those chosen, with blanks between."""
    hint: str = ""
    most: int = 2000


@dataclass(frozen=True, slots=True)
class CaseAction:
    """One action, as its form has it. One without fields is a button beside the heading."""

    action: Action
    label: str
    """The words of its button."""
    done: str
    """What is said once it was done."""
    do: Do
    fields: tuple[Field, ...] = ()
    about: str = ""
    """What comes of it."""
    suits: Callable[[CaseView, Officer], bool] = lambda _case, _officer: True
    """Whether to offer it, beyond what the table of states says."""
    comes_first: Callable[[CaseView], bool] = lambda _: False
    """Whether it is what the officer most likely wants now: then its form stands open."""

    def is_offered(self, case: CaseView, officer: Officer) -> bool:
        """Whether the page shows it."""
        return (case.state, self.action) in TRANSITIONS and self.suits(case, officer)


async def _claim(unit: Unit, press: Press, _form: Form, _desk: Desk) -> Case:
    return await cases.claim(unit, press)


async def _approve(unit: Unit, press: Press, form: Form, desk: Desk) -> Case:
    if not form.get("read"):
        raise NotAllowed("Please tick that you have read the enquiry; nothing was sent.")
    return await approve(unit, press, desk)


async def _reply(unit: Unit, press: Press, form: Form, desk: Desk) -> Case:
    return await reply(unit, press, form.get("text", ""), desk)


async def _reclassify(unit: Unit, press: Press, form: Form, _desk: Desk) -> Case:
    chosen = [one for one in EnquiryType if form.get(f"types.{one}")]
    return await cases.reclassify(unit, press, chosen)


async def _resolve(unit: Unit, press: Press, form: Form, _desk: Desk) -> Case:
    return await cases.resolve(unit, press, form.get("resolution", ""))


async def _reopen(unit: Unit, press: Press, _form: Form, _desk: Desk) -> Case:
    return await cases.reopen(unit, press)


ACTIONS = (
    CaseAction(
        Action.CLAIM,
        "Claim",
        "The case is yours.",
        _claim,
        suits=lambda case, officer: case.officer != officer.id,
    ),
    CaseAction(Action.REOPEN, "Reopen", "The case is open again.", _reopen),
    CaseAction(
        Action.APPROVE,
        "Send this answer",
        "The answer is on its way, and the case is resolved.",
        _approve,
        (Field("read", "I have read the enquiry, and this answers it", Kind.TICK),),
        about="It leaves in your name as it stands above, and the case is resolved as answered.",
        suits=lambda case, _: case.offered is not None,
        comes_first=lambda _: True,
    ),
    CaseAction(
        Action.REPLY,
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
        ),
        comes_first=lambda case: case.offered is None,
    ),
    CaseAction(
        Action.RECLASSIFY,
        "Reclassify",
        "The types are put right.",
        _reclassify,
        (
            Field(
                "types",
                "It is about",
                Kind.MANY,
                {str(one): TYPES[one] for one in EnquiryType},
                lambda case: " ".join(case.types),
            ),
        ),
    ),
    CaseAction(
        Action.RESOLVE,
        "Resolve",
        "The case is resolved.",
        _resolve,
        (Field("resolution", "Because", Kind.ONE, RESOLUTIONS),),
        about="It ends the case, and nothing is sent.",
    ),
)

BY_NAME = {str(one.action): one for one in ACTIONS}
"""As the addresses of their forms have them."""
