"""Mail that is held or has failed: an officer judges whether it arrived, or sends it again."""

from sqlalchemy import select

from handlers.cases import Officer
from handlers.errors import NotAllowed
from handlers.tables import Outgoing, OutgoingState
from handlers.unit import Job, Unit


async def send_again(unit: Unit, outgoing_id: int, officer: Officer) -> Outgoing:
    """An officer judges that a held or failed mail did not arrive: it goes out once more."""
    outgoing = await _undecided(unit, outgoing_id, officer)
    outgoing.state, outgoing.attempts, outgoing.sending_at = OutgoingState.READY, 0, None
    unit.defer(Job("deliver", outgoing.id))
    return outgoing


async def it_arrived(unit: Unit, outgoing_id: int, officer: Officer) -> Outgoing:
    """An officer judges that a held mail did arrive: it is not sent again."""
    outgoing = await _undecided(unit, outgoing_id, officer)
    outgoing.state, outgoing.receipt = OutgoingState.SENT, f"said to have arrived by {officer.name}"
    outgoing.sent_at = await unit.now()
    return outgoing


async def _undecided(unit: Unit, outgoing_id: int, officer: Officer) -> Outgoing:
    if not officer.may_act:
        raise NotAllowed("Only case officers can decide this.")
    row = await unit.session.execute(
        select(Outgoing).where(Outgoing.id == outgoing_id).with_for_update()
    )
    outgoing = row.scalar_one_or_none()
    if outgoing is None or outgoing.state not in {OutgoingState.HELD, OutgoingState.FAILED}:
        raise NotAllowed("This mail is no longer waiting for a decision.")
    return outgoing
