"""What officers do to a case by filling in a form: which forms there are, and when each fits.

A form is one action: how it is asked for, drawn, and done. The card's menu, the list of all
actions and their submissions are made of this list.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.slack import names
from bot.slack.blocks import Json, context
from bot.slack.inputs import field, one_of, option, plain, shell
from bot.slack.submitting import Act
from handlers.case_life import TRANSITIONS, Action
from handlers.case_view import CaseView
from handlers.desk import Desk

ACTIONS_FIELD = "actions"
MOST_OVERFLOW = 5
"""Options of an overflow menu, by Slack's rules."""


@dataclass(frozen=True, slots=True)
class Form:
    """One action that asks for something first."""

    action: Action
    label: str
    """How menus name it; also its title."""
    submit: str
    group: str
    draw: Callable[[CaseView, Desk], list[Json]]
    act: Callable[[Desk], Act]
    fits: Callable[[CaseView, Desk], bool] = lambda _case, _desk: True
    """Whether it makes sense for this case, beyond what its state allows."""

    def is_open(self, case: CaseView, desk: Desk) -> bool:
        """Whether the case as it stands takes this action."""
        return (case.state, self.action) in TRANSITIONS and self.fits(case, desk)

    def modal(self, case: CaseView, desk: Desk, seen: names.Seen) -> Json:
        """The form, drawn for a case."""
        return shell(
            names.FORM_MODAL,
            self.label,
            self.submit,
            names.dumped_form(seen, self.action),
            self.draw(case, desk),
        )


def overflow(forms: Sequence[Form], case: CaseView) -> Json:
    """The card's menu: the first that the state allows, then all of them."""
    seen = names.Seen(case.id, case.version)
    open_now = [one for one in forms if (case.state, one.action) in TRANSITIONS]
    options = [
        option(one.label, names.dumped_form(seen, one.action))
        for one in open_now[: MOST_OVERFLOW - 1]
    ]
    options.append(option("More actions…", names.dumped_form(seen, names.ALL_FORMS)))
    return {"type": "overflow", "action_id": names.MORE, "options": options}


def all_forms(forms: Sequence[Form], case: CaseView, desk: Desk, seen: names.Seen) -> Json:
    """A modal with everything that can be done to the case, in groups."""
    groups: dict[str, list[Json]] = {}
    for one in forms:
        if one.is_open(case, desk):
            groups.setdefault(one.group, []).append(option(one.label, one.action))
    menu = one_of([])
    del menu["options"]
    menu["option_groups"] = [
        {"label": plain(name), "options": options} for name, options in groups.items()
    ]
    note = context("The next step asks for what is needed; nothing happens before that.")
    blocks = [field("What would you like to do?", menu), note]
    metadata = names.dumped_form(seen, names.ALL_FORMS)
    return shell(names.MORE_MODAL, f"Case {case.reference}", "Next", metadata, blocks)
