"""What was accepted and waits to be triaged, as a worker reads it."""

from dataclasses import dataclass

from handlers.tables import Inbound, InboundState
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


async def waiting(unit: Unit, inbound_id: int) -> Waiting | None:
    """The message with this id, if nobody has done it yet."""
    row = await unit.session.get(Inbound, inbound_id)
    if row is None or row.state != InboundState.NEW:
        return None
    return Waiting(
        row.id,
        row.channel,
        row.envelope_from,
        tuple(row.envelope_to),
        row.raw,
        peer=row.peer,
        helo=row.helo,
        origin=row.origin,
    )
