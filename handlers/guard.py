"""May we write to this address by ourselves, now? None, or the reason why not."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from handlers.outbox import ago
from handlers.tables import Outgoing
from handlers.unit import Unit

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Caution:
    """What limits automatic mail: addresses in lower case, and mails to one address a day."""

    own_addresses: Collection[str]
    per_sender_per_day: int


@dataclass(frozen=True, slots=True)
class Correspondent:
    """Who would be written to, and what their message says of automatic replies."""

    address: str
    automatic_reason: str | None
    may_auto_reply: bool


async def objection(unit: Unit, to: Correspondent, caution: Caution) -> str | None:
    """Why no automatic mail may go there, as one word; None where it may."""
    address = to.address.lower()
    if not address or "@" not in address:
        return "no-address"
    if to.automatic_reason is not None:
        return f"automatic-mail-{to.automatic_reason}"
    if not to.may_auto_reply:
        return "automatic-replies-unwanted"
    if address in caution.own_addresses:
        return "own-address"
    if await _sent_today(unit, address) >= caution.per_sender_per_day:
        return "sender-cap"
    return None


async def _sent_today(unit: Unit, address: str) -> int:
    count = await unit.session.execute(
        select(func.count())
        .select_from(Outgoing)
        .where(
            Outgoing.recipient == address,
            Outgoing.automatic,
            Outgoing.transport == "mail",
            Outgoing.created_at > ago(DAY),
        )
    )
    return count.scalar_one()
