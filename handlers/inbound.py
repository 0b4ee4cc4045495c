"""What was accepted: what waits to be triaged, as a worker reads it, and by which way it came."""

from dataclasses import dataclass

from sqlalchemy import or_, select

from handlers.tables import IMPORT, Enquiry, Inbound, InboundState, StoredMessage
from handlers.unit import Unit


@dataclass(frozen=True, slots=True)
class Waiting:
    """One accepted message, byte for byte."""

    id: int
    channel: str
    envelope_from: str
    envelope_to: tuple[str, ...]
    raw: bytes
    peer: str = ""
    """The host that handed it over."""
    helo: str | None = None
    origin: str = "smtp"
    """By which way it came: `smtp`, `mailbox`, `import` or `slack`."""
    failures: int = 0


async def waiting(unit: Unit, inbound_id: int) -> Waiting | None:
    """The message with this id, if nobody has done it yet."""
    row = await unit.session.get(Inbound, inbound_id)
    if row is None or row.state != InboundState.NEW:
        return None
    return Waiting(
        id=row.id,
        channel=row.channel,
        envelope_from=row.envelope_from,
        envelope_to=tuple(row.envelope_to),
        raw=row.raw,
        peer=row.peer,
        helo=row.helo,
        origin=row.origin,
        failures=row.failures,
    )


async def live(unit: Unit, enquiry: Enquiry | None) -> Enquiry | None:
    """The enquiry where anything of it, a reply or a mail, is not from an archive; else None."""
    if enquiry is None:
        return None
    row = await unit.session.execute(
        select(StoredMessage.id)
        .outerjoin(Inbound, Inbound.id == StoredMessage.inbound_id)
        .where(
            StoredMessage.enquiry_id == enquiry.id,
            or_(Inbound.id.is_(None), Inbound.origin != IMPORT),
        )
        .limit(1)
    )
    return None if row.scalar_one_or_none() is None else enquiry
