"""Where an enquiry stands, as its enquirer is told: apart from how officers speak of their work.

They need to know whether somebody has it, and whether it is their turn. Who owns it, for which
reason it came to a person or was closed, and that it is snoozed, is the officers' own.
"""

from enum import StrEnum

from sqlalchemy import select

from handlers.tables import Case, CaseState, Outgoing
from handlers.unit import Unit


class PublicStatus(StrEnum):
    """What an enquirer is told."""

    ANSWERED = "We have answered it"
    RECEIVED = "It waits for a case officer"
    IN_HAND = "A case officer has it"
    YOUR_TURN = "It waits for a word from you"
    CLOSED = "It is closed; a reply to our email opens it again"


OF_STATES = {
    CaseState.NEW: PublicStatus.RECEIVED,
    CaseState.OPEN: PublicStatus.IN_HAND,
    CaseState.WAITING: PublicStatus.YOUR_TURN,
    CaseState.RESOLVED: PublicStatus.CLOSED,
}


async def public_status(unit: Unit, outgoing_id: int) -> PublicStatus:
    """Where the enquiry of one of our mails stands; without a case it was answered."""
    row = await unit.session.execute(
        select(Case.state)
        .join(Outgoing, Outgoing.enquiry_id == Case.enquiry_id)
        .where(Outgoing.id == outgoing_id)
    )
    state = row.scalar_one_or_none()
    return PublicStatus.ANSWERED if state is None else OF_STATES[CaseState(state)]
