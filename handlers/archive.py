"""Mail from an archive: decided and recorded in shadow, apart from live mail.

What was imported never keeps live mail out: a mailbox may be exported, imported, and then read.
So its keys are its own, live mail does not count as known for it, and it joins no live enquiry.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from handlers.desk import Desk
from handlers.enquiries import (
    Arrival,
    keep_inbound,
    known_already,
    open_enquiry,
    wait_for_turn,
)
from handlers.inbound import live
from handlers.intake import Accepted
from handlers.naming import find
from handlers.receive import Judged, keep_decision
from handlers.tables import IMPORT, Inbound, InboundState
from handlers.unit import Unit


@dataclass(frozen=True, slots=True)
class Archived:
    """One mail of an archive, read and decided."""

    mail: Accepted
    arrival: Arrival
    """Its `inbound_id` is filled in when it is recorded."""
    judged: Judged


async def known_of(unit: Unit, mails: Sequence[Accepted]) -> set[str]:
    """The keys of those that are here: imported before, or taken when they were sent."""
    keys = [mail.key for mail in mails]
    rows = await unit.session.execute(
        select(Inbound.key).where(Inbound.key.in_((*keys, *map(_archive_key, keys))))
    )
    return {key.removeprefix(f"{IMPORT}:") for key in rows.scalars()}


async def record(unit: Unit, archived: Archived, desk: Desk) -> bool:
    """Keep one mail with its decision; nothing leaves, and nobody is told.

    False where it is known. It is kept whole or not at all: what fails is not there, and the
    next import tries it again.
    """
    inbound_id = await _keep_raw(unit, archived.mail)
    if inbound_id is None:
        return False
    arrival = replace(archived.arrival, inbound_id=inbound_id)
    await wait_for_turn(unit, arrival.message.sender)
    if await known_already(unit, arrival, among_imports=True):
        return False
    named = await find(unit, arrival, desk)
    if named is None or not named.takes_part or await live(unit, named.enquiry) is not None:
        enquiry = await open_enquiry(unit, arrival, desk)
    else:
        enquiry = named.enquiry
    message = await keep_inbound(unit, enquiry, arrival)
    await keep_decision(unit, message, archived.judged, "shadow", IMPORT)
    return True


async def _keep_raw(unit: Unit, mail: Accepted) -> int | None:
    row = await unit.session.execute(
        insert(Inbound)
        .values(
            key=_archive_key(mail.key),
            channel="email",
            origin=IMPORT,
            envelope_from=mail.envelope_from,
            envelope_to=list(mail.envelope_to),
            peer=mail.peer,
            raw=mail.raw,
            state=InboundState.DONE,
        )
        .on_conflict_do_nothing(index_elements=[Inbound.key])
        .returning(Inbound.id)
    )
    return row.scalar_one_or_none()


def _archive_key(key: str) -> str:
    return f"{IMPORT}:{key}"
