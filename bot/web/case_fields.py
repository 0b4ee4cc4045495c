"""What the form of an action asks for, and how an entry of the list of actions is made."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from handlers.case_life import TRANSITIONS, Action
from handlers.case_view import CaseView
from handlers.cases import Officer, Press
from handlers.desk import Desk
from handlers.errors import NotAllowed
from handlers.tables import Case
from handlers.unit import Unit

Form = Mapping[str, str]


class Kind(StrEnum):
    """How a field is drawn."""

    TEXT = "text"
    """Several lines."""
    LINE = "line"
    """One line."""
    MOMENT = "moment"
    """A day and a time on the service's clock."""
    ONE = "one"
    """One of the options."""
    PICK = "pick"
    """One of many options, in a menu."""
    MANY = "many"
    """Any of the options; each is sent as a field `name.option`."""
    TICK = "tick"
    """A box that must be ticked."""


@dataclass(frozen=True, slots=True)
class Office:
    """What actions need to know beside the case."""

    desk: Desk
    colleagues: Mapping[str, str] = field(default_factory=dict)
    """Names of officers by id."""

    def colleague(self, ident: str) -> Officer:
        """The officer who was chosen. Raises NotAllowed for nobody."""
        if ident not in self.colleagues:
            raise NotAllowed("Please choose somebody.")
        return Officer(ident, self.colleagues[ident], may_act=True)

    def moment(self, text: str) -> datetime:
        """A time as a browser's field has it. Raises NotAllowed for none."""
        try:
            local = datetime.fromisoformat(text)
        except ValueError:
            raise NotAllowed("Please choose a day and a time.") from None
        return local.replace(tzinfo=self.desk.clocks.hours.zone)


Do = Callable[[Unit, Press, Form, Office], Awaitable[Case]]
Options = Callable[[CaseView, Office], Mapping[str, str]]


def only(options: Mapping[str, str]) -> Options:
    """The same options for every case."""
    return lambda _case, _office: options


NONE = only({})


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an action's form."""

    name: str
    label: str
    kind: Kind
    options: Options = NONE
    start: Callable[[CaseView], str] = lambda _: ""
    """What it holds at first; of several options, those chosen, with blanks between."""
    hint: str = ""
    most: int = 2000
    optional: bool = False


@dataclass(frozen=True, slots=True)
class CaseAction:
    """One action, as its form has it. One without fields is a button beside the heading."""

    action: Action
    title: str
    """How it is listed."""
    label: str
    """The words of its button."""
    done: str
    """What is said once it was done."""
    do: Do
    fields: tuple[Field, ...] = ()
    about: str = ""
    """What comes of it."""
    suits: Callable[[CaseView, Officer, Office], bool] = lambda _case, _officer, _office: True
    """Whether to offer it, beyond what the table of states says."""
    comes_first: Callable[[CaseView], bool] = lambda _: False
    """Whether it is what the officer most likely wants now: then its form stands open."""
    seen: Callable[[CaseView], int] = lambda case: case.version
    """The version that a press of it is about."""
    is_usual: bool = True
    """Whether it stands by itself; the others are behind *More*."""

    def is_offered(self, case: CaseView, officer: Officer, office: Office) -> bool:
        """Whether the page shows it."""
        if case.now.merged_into is not None:
            return False
        return (case.state, self.action) in TRANSITIONS and self.suits(case, officer, office)
