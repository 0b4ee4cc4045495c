"""May we write to this address by ourselves, now? None, or the reason why not."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, func, select

from handlers.cases import Officer
from handlers.notices import note_brake
from handlers.outbox import ago
from handlers.returned import is_dead
from handlers.switches import brake, switches
from handlers.tables import Outgoing
from handlers.unit import Unit

REPLY_MARKS = r"^\s*((re|aw|sv|vs|antw|odp|r|fw|fwd|wg)\s*(\[\d+\])?\s*:\s*)+"
"""What mail programs put before a subject; each turn of a loop may add one. For Python and SQL."""
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
GUARD = Officer(id="triagebot", name="triagebot", may_act=True)


@dataclass(frozen=True, slots=True)
class Caution:
    """What limits automatic mail: addresses in lower case, and most mails in a time."""

    own_addresses: Collection[str]
    per_sender_per_day: int
    per_subject_per_hour: int
    """With one subject, whoever they go to; mails without a subject are not counted so."""
    most_at_once: int
    """In all, within `at_once`; one more trips the brake."""
    at_once: timedelta

    def is_ours(self, address: str) -> bool:
        """Whether it is one of our own addresses, with or without a tag after a plus sign."""
        local, _, domain = address.lower().rpartition("@")
        bare = f"{local.partition('+')[0]}@{domain}"
        return not {address.lower(), bare}.isdisjoint(self.own_addresses)


@dataclass(frozen=True, slots=True)
class Correspondent:
    """Who would be written to, about what, and what their message says of automatic replies."""

    address: str
    subject: str
    automatic_reason: str | None
    may_auto_reply: bool
    may_be_forged: bool = False
    """A check of the sender failed: a reply would reach whoever was made to look like it."""


async def objection(unit: Unit, enquiry_id: int, to: Correspondent, caution: Caution) -> str | None:
    """Why no automatic mail may go there, as one word; None where it may."""
    return _by_itself(to, caution) or await _by_what_was_sent(unit, enquiry_id, to, caution)


def _by_itself(to: Correspondent, caution: Caution) -> str | None:
    address = to.address.lower()
    if not address or "@" not in address:
        return "no-address"
    if to.automatic_reason is not None:
        return f"automatic-mail-{to.automatic_reason}"
    if not to.may_auto_reply:
        return "automatic-replies-unwanted"
    if to.may_be_forged:
        return "sender-not-proved"
    return "own-address" if caution.is_ours(address) else None


async def _by_what_was_sent(
    unit: Unit, enquiry_id: int, to: Correspondent, caution: Caution
) -> str | None:
    address = to.address.lower()
    if await is_dead(unit, address):
        return "dead-address"
    if await _sent_today(unit, address) >= caution.per_sender_per_day:
        return "sender-cap"
    subject = re.sub(REPLY_MARKS, "", to.subject, flags=re.IGNORECASE)
    if subject and await _with_subject(unit, subject) >= caution.per_subject_per_hour:
        return "subject-cap"
    return await _braked(unit, enquiry_id, caution)


async def _braked(unit: Unit, enquiry_id: int, caution: Caution) -> str | None:
    """Why all automatic mail is stopped; too much of it within the time stops it now."""
    if (await switches(unit)).braked is not None:
        return "brake"
    sent = await _count(unit, Outgoing.created_at > ago(caution.at_once))
    if sent < caution.most_at_once:
        return None
    minutes = round(caution.at_once.total_seconds() / 60)
    await brake(unit, f"{sent} automatic mails within {minutes} minutes", GUARD)
    await note_brake(unit, enquiry_id, sent, minutes)
    return "brake"


async def _sent_today(unit: Unit, address: str) -> int:
    return await _count(unit, Outgoing.recipient == address, Outgoing.created_at > ago(DAY))


async def _with_subject(unit: Unit, subject: str) -> int:
    bare = func.regexp_replace(Outgoing.payload["subject"].astext, REPLY_MARKS, "", "i")
    said = bare == subject
    return await _count(unit, Outgoing.created_at > ago(HOUR), said)


async def _count(unit: Unit, *conditions: ColumnElement[bool]) -> int:
    count = await unit.session.execute(
        select(func.count())
        .select_from(Outgoing)
        .where(Outgoing.automatic, Outgoing.transport == "mail", *conditions)
    )
    return count.scalar_one()
