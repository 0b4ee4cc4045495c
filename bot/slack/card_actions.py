"""The buttons of a card."""

from bot.slack import names
from bot.slack.blocks import Json, button
from handlers.case_view import CaseView
from handlers.tables import CaseState

SEND_ANSWER = "Send this answer"


def buttons(case: CaseView) -> Json:
    """The actions block of a card: what an officer can do to the case as it now stands."""
    value = names.Seen(case.id, case.version).dumped()
    if case.state == CaseState.RESOLVED:
        elements = [button("Reopen", names.REOPEN, value)]
    else:
        elements = [
            *([button(SEND_ANSWER, names.APPROVE, value, style="primary")] if case.offered else []),
            button("Claim", names.CLAIM, value, style=None if case.officer else "primary"),
            button("Reply", names.REPLY, value, style="primary" if case.officer else None),
            button("Reclassify", names.RECLASSIFY, value),
            button("Resolve", names.RESOLVE, value),
        ]
    elements.append(button("Why?", names.SHOW_WHY, value))
    elements.append(button("Show whole message", names.SHOW_WHOLE, value))
    return {"type": "actions", "block_id": "case_actions", "elements": elements}
