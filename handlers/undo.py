"""Taking an officer's mail back in the moments before it leaves."""

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select

from handlers.case_life import PAST_TENSE, SENDS, Action
from handlers.cases import Press, advance, begin
from handlers.desk import Desk
from handlers.errors import NotAllowed
from handlers.letters import Letter
from handlers.notices import draw_card_later
from handlers.outbox import cancel
from handlers.tables import Case, CaseEvent, Outgoing, OutgoingState, Participant, StoredMessage
from handlers.unit import Unit

DRAWN_AFTER = 1.0
"""Seconds after the mail's time at which the card is drawn without its button."""


async def held_mail(unit: Unit, key: str, desk: Desk, *, is_first: bool) -> dict[str, Any]:
    """What an event keeps of the mail that it writes, so that it can be taken back."""
    kept = {"mail": key, "first_reply": is_first}
    if desk.undo_seconds <= 0:
        return kept
    until = await unit.now() + timedelta(seconds=desk.undo_seconds)
    return {**kept, "held_until": until.isoformat()}


async def draw_once_left(unit: Unit, case: Case, desk: Desk) -> None:
    """Have the button to take a mail back go from the card in time."""
    if desk.undo_seconds > 0:
        await draw_card_later(unit, case, desk.undo_seconds + DRAWN_AFTER)


async def undo(unit: Unit, press: Press) -> Case:
    """Take back the mail that was written at the press's version, if it has not left.

    What happened to the case meanwhile does not matter. The officer's words become the draft,
    those in copy stay proposed, and the case is open: its enquirer has no answer. The event of the
    mail stays, and one that takes it back is added.

    Raises NotAllowed where it left or may have left.
    """
    case = await begin(unit, press, Action.UNDO, any_version=True)
    event = await _event(unit, press)
    mail = await cancel(unit, str(event.detail.get("mail")))
    if mail is None:
        raise NotAllowed("It has left already, or was taken back before; nothing was changed.")
    letter = Letter.model_validate(mail.payload)
    await _forget(unit, mail, letter)
    await _leave_out(unit, mail, event.detail.get("joined") or [])
    if event.kind == Action.APPROVE:
        case.answer = letter.content.model_dump(mode="json")
    elif letter.body:
        case.draft = letter.body
    if event.detail.get("first_reply"):
        case.first_reply_at = None
    case.resolution, case.resolved_at = None, None
    detail = {"version": event.version, "what": event.kind, "copies": list(letter.cc)}
    await advance(unit, case, Action.UNDO, press.officer, detail)
    return case


async def _event(unit: Unit, press: Press) -> CaseEvent:
    row = await unit.session.execute(
        select(CaseEvent).where(
            CaseEvent.case_id == press.case_id, CaseEvent.version == press.version
        )
    )
    event = row.scalar_one_or_none()
    if event is None or event.kind not in SENDS:
        said = "nothing was done" if event is None else PAST_TENSE.get(event.kind, event.kind)
        raise NotAllowed(f"There is no mail to take back here: {said}.")
    return event


async def _forget(unit: Unit, mail: Outgoing, letter: Letter) -> None:
    """Nobody was sent this message, so it is no part of the conversation or of its thread."""
    await unit.session.execute(
        delete(StoredMessage).where(
            StoredMessage.enquiry_id == mail.enquiry_id,
            StoredMessage.message_id == letter.message_id,
            StoredMessage.direction == "out",
        )
    )


async def _leave_out(unit: Unit, mail: Outgoing, joined: list[str]) -> None:
    """Whom the mail alone would have brought in knows of nothing, and may not write to the case."""
    if not joined:
        return
    rows = await unit.session.execute(
        select(Outgoing.payload["cc"]).where(
            Outgoing.enquiry_id == mail.enquiry_id,
            Outgoing.kind == mail.kind,
            Outgoing.state != OutgoingState.CANCELLED,
        )
    )
    named = {str(one).lower() for copies in rows.scalars() for one in copies or ()}
    await unit.session.execute(
        delete(Participant).where(
            Participant.enquiry_id == mail.enquiry_id,
            Participant.address.in_(set(joined) - named),
        )
    )
