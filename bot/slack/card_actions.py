"""The buttons of a card."""

from bot.slack import names
from bot.slack.blocks import Json, button, context
from bot.slack.form_listeners import ALL
from bot.slack.forms import overflow
from bot.slack.mrkdwn import escape
from handlers.case_life import Action
from handlers.case_view import CaseView
from handlers.tables import CaseState

SEND_ANSWER = "Send this answer"
TAKE_BACK = "Undo: take the mail back"


def buttons(case: CaseView) -> Json:
    """The actions block of a card: what an officer can do to the case as it now stands."""
    if case.now.merged_into is not None:
        return context(f"Its messages are in {escape(case.now.merged_into)}; work on it there.")
    seen = names.Seen(case.id, case.version)
    value = seen.dumped()
    elements = [] if case.now.undo is None else [_undo(case.id, case.now.undo)]
    if case.state == CaseState.RESOLVED:
        elements.append(button("Reopen", names.REOPEN, value))
    else:
        elements += [
            *([button(SEND_ANSWER, names.APPROVE, value, style="primary")] if case.offered else []),
            button("Claim", names.CLAIM, value, style=None if case.officer else "primary"),
            button("Reply", names.REPLY, value, style="primary" if case.officer else None),
            button("Hand over", names.HAND_OVER, names.dumped_form(seen, Action.HAND_OVER)),
            button("Reclassify", names.RECLASSIFY, value),
            button("Resolve", names.RESOLVE, value),
        ]
    elements.append(button("Why?", names.SHOW_WHY, value))
    elements.append(button("Show whole message", names.SHOW_WHOLE, value))
    elements.append(overflow(tuple(ALL.values()), case))
    return {"type": "actions", "block_id": "case_actions", "elements": elements}


def _undo(case_id: int, version: int) -> Json:
    return button(TAKE_BACK, names.UNDO, names.Seen(case_id, version).dumped(), style="danger")
