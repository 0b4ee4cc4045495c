"""Outgoing effects: written with the work that causes them, taken once, and their result kept.

An effect goes ready > sending > sent. Each step is one guarded UPDATE … RETURNING, so that of
two workers only one takes it. What is found in `sending` after a crash is in doubt: it may have
left. Mail in doubt is held for an officer, or sent again under the same Message-ID, as set;
Slack can be asked.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from handlers.tables import Outgoing, OutgoingState
from handlers.unit import Job, Unit, nobody_on, nobody_waits

Transport = Literal["mail", "slack"]

OVERLAP = timedelta(hours=1)
"""Units of work that run at once take ids in another order than times, by seconds at most."""
RETRY_SECONDS = (5, 30, 120, 600, 1800, 3600, 7200, 14400, 28800, 57600)
"""Waits between tries, about 31 hours in all, then an officer is told."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What is to happen in the world; `key` names it for ever and must be unique."""

    key: str
    transport: Transport
    kind: str
    enquiry_id: int
    recipient: str
    automatic: bool
    payload: dict[str, Any]


async def send_later(unit: Unit, effect: Effect, *, after_seconds: float = 0) -> int | None:
    """Have an effect happen after the commit, or so long after it.

    None where its key is known already.
    """
    row = await unit.session.execute(
        insert(Outgoing)
        .values(
            key=effect.key,
            transport=effect.transport,
            kind=effect.kind,
            enquiry_id=effect.enquiry_id,
            recipient=effect.recipient,
            automatic=effect.automatic,
            payload=effect.payload,
        )
        .on_conflict_do_nothing(index_elements=[Outgoing.key])
        .returning(Outgoing.id)
    )
    outgoing_id = row.scalar_one_or_none()
    if outgoing_id is not None:
        unit.defer(Job("deliver", outgoing_id, delay_seconds=after_seconds))
    return outgoing_id


async def cancel(unit: Unit, key: str) -> Outgoing | None:
    """Have an effect never happen; None where it may have happened, or is happening.

    An effect with an error was tried before: of such a one nobody knows here what it did.
    """
    row = await unit.session.execute(
        update(Outgoing)
        .where(
            Outgoing.key == key,
            Outgoing.state == OutgoingState.READY,
            Outgoing.attempts == 0,
            Outgoing.error.is_(None),
        )
        .values(state=OutgoingState.CANCELLED)
        .returning(Outgoing)
    )
    return row.scalar_one_or_none()


async def read(unit: Unit, outgoing_id: int) -> Outgoing | None:
    """The effect with this id."""
    return await unit.session.get(Outgoing, outgoing_id)


async def move(
    unit: Unit,
    outgoing_id: int,
    *,
    before: OutgoingState,
    after: OutgoingState,
    **values: object,
) -> bool:
    """Change the state if it is still `before`; False where somebody else was first."""
    row = await unit.session.execute(
        update(Outgoing)
        .where(Outgoing.id == outgoing_id, Outgoing.state == before)
        .values(state=after, **values)
        .returning(Outgoing.id)
    )
    return row.scalar_one_or_none() is not None


async def take(unit: Unit, outgoing_id: int) -> bool:
    """Mark it as being handed over, just before the moment of no return."""
    return await move(
        unit,
        outgoing_id,
        before=OutgoingState.READY,
        after=OutgoingState.SENDING,
        sending_at=func.now(),
    )


async def take_over(unit: Unit, outgoing: Outgoing) -> bool:
    """Take what is in doubt, as it was read; of two workers that find it so only one settles it."""
    row = await unit.session.execute(
        update(Outgoing)
        .where(
            Outgoing.id == outgoing.id,
            Outgoing.state == OutgoingState.SENDING,
            Outgoing.sending_at == outgoing.sending_at,
        )
        .values(sending_at=func.now())
        .returning(Outgoing.id)
        .execution_options(synchronize_session=False)
    )
    return row.scalar_one_or_none() is not None


async def sent(unit: Unit, outgoing_id: int, receipt: str, copy: bytes | None = None) -> bool:
    """The other side has it; keep what it said, also where it was held in doubt meanwhile.

    `copy` is what it was given, kept with the same statement: never without the send.
    """
    known = {"receipt": receipt, "sent_at": func.now(), "error": None, "sent_copy": copy}
    for before in (OutgoingState.SENDING, OutgoingState.HELD):
        if await move(unit, outgoing_id, before=before, after=OutgoingState.SENT, **known):
            return True
    return False


async def postpone(
    unit: Unit,
    outgoing: Outgoing,
    error: str,
    *,
    before: OutgoingState,
    after_seconds: float | None = None,
    at_least: float = 0,
) -> bool:
    """Try again later. False where that used up the last try, and so this gave it up."""
    tried = outgoing.attempts
    if tried >= len(RETRY_SECONDS):
        return not await refuse(unit, outgoing, error, before=before)
    if await move(
        unit,
        outgoing.id,
        before=before,
        after=OutgoingState.READY,
        error=error[:500],
        attempts=tried + 1,
    ):
        wait = after_seconds or max(at_least, RETRY_SECONDS[tried])
        unit.defer(Job("deliver", outgoing.id, delay_seconds=wait))
    return True


async def wait(
    unit: Unit, outgoing: Outgoing, error: str, *, before: OutgoingState, seconds: float
) -> None:
    """Try again later without counting it as a try: the effect is not to blame.

    The other side being away, busy or not set up says nothing about a message, and must never
    use up its tries. At most one job waits for an effect, however often this is called.
    """
    await move(unit, outgoing.id, before=before, after=OutgoingState.READY, error=error[:500])
    alone = await unit.session.execute(
        select(Outgoing.id).where(
            Outgoing.id == outgoing.id, nobody_waits("deliver", "outgoing.id")
        )
    )
    if alone.scalar_one_or_none() is not None:
        unit.defer(Job("deliver", outgoing.id, delay_seconds=seconds))


async def refuse(unit: Unit, outgoing: Outgoing, error: str, *, before: OutgoingState) -> bool:
    """It will never happen: keep why. False where somebody else was first."""
    return await move(
        unit, outgoing.id, before=before, after=OutgoingState.FAILED, error=error[:500]
    )


async def unfinished(unit: Unit, *, older_than: timedelta, limit: int = 500) -> list[int]:
    """Effects unfinished that no job is waiting for: the sweeper's list, normally empty."""
    rows = await unit.session.execute(
        select(Outgoing.id)
        .where(
            # As the partial index has it: all that was ever sent is many times as much.
            Outgoing.sent_at.is_(None),
            Outgoing.state.in_([OutgoingState.READY, OutgoingState.SENDING]),
            Outgoing.created_at < ago(older_than),
            nobody_on("deliver", "outgoing.id"),
        )
        .order_by(Outgoing.id)
        .limit(limit)
    )
    return list(rows.scalars())


def ago(span: timedelta) -> Any:
    """The database's time, this long ago: one clock for all hosts."""
    return func.now() - span


async def first_since(unit: Unit, moment: datetime) -> int:
    """An id that no effect written since then is below: ids rise with time, and have an index.

    Looking through all effects takes seconds where there are a million.
    """
    since = moment - OVERLAP
    low = 0
    high = 1 + ((await unit.session.execute(select(func.max(Outgoing.id)))).scalar_one() or 0)
    while low < high:
        middle = (low + high) // 2
        found = await unit.session.execute(
            select(Outgoing.id, Outgoing.created_at)
            .where(Outgoing.id >= middle)
            .order_by(Outgoing.id)
            .limit(1)
        )
        row = found.one_or_none()
        if row is None or row.created_at >= since:
            high = middle
        else:
            low = row.id + 1
    return low
