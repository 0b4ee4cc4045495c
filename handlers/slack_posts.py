"""Posts of people in Slack: kept with the job that triages them.

People send a thought in pieces. A post that follows another of the same person in the same
place, before that one was triaged, is added to it, so that both are one question.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import ARRAY, TEXT, insert
from sqlalchemy.sql.expression import cast

from handlers.outbox import ago
from handlers.slack_threads import key_of
from handlers.tables import Inbound, InboundState
from handlers.unit import Job, Store, Unit

PIECES_SECONDS = 2.0
"""How long a question waits for further pieces of it."""
AFTER_ITS_QUESTION = PIECES_SECONDS + 2.0
"""Seconds that a reply in a thread waits, so that the question above it is triaged first."""
MOST_WAITING = timedelta(minutes=1)
"""A question that is untriaged for longer waits for something else, and is left alone."""

Add = Callable[[bytes, bytes], bytes]
"""Puts a second piece to what is kept of the first."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A post as it is kept; `raw` is what its reader needs."""

    channel: str
    ts: str
    user: str
    raw: bytes
    thread: str | None = None
    """The ts of the post that it replies to."""


async def keep_post(store: Store, post: Kept, add: Add) -> bool:
    """Commit a post and its `triage` job together; False where it is here already.

    Raises StoreUnavailableError, and then nothing is kept.
    """
    async with store.unit() as unit:
        # Two pieces at once would each find that the other is not here.
        turn = func.hashtextextended(f"slack {post.channel} {post.user}", 0)
        await unit.session.execute(select(func.pg_advisory_xact_lock(turn)))
        inbound_id = await _keep(unit, post)
        if inbound_id is None:
            return False
        if post.thread is not None:
            unit.defer(Job("triage", inbound_id, AFTER_ITS_QUESTION))
            return True
        begun = await _begun(unit, post, inbound_id)
        if begun is not None:
            begun.raw = add(begun.raw, post.raw)
            await _done(unit, inbound_id)
        # The job of the first piece may have read it already: then it leaves the work to this one.
        unit.defer(Job("triage", begun.id if begun else inbound_id, PIECES_SECONDS))
    return True


async def add_to_untriaged(unit: Unit, inbound_id: int, raw: bytes, add: Add) -> bool:
    """Put something to a question that waits for triage; False where it waits no longer."""
    row = await unit.session.execute(
        select(Inbound)
        .where(Inbound.id == inbound_id, Inbound.state == InboundState.NEW)
        .with_for_update()
    )
    question = row.scalar_one_or_none()
    if question is None:
        return False
    question.raw = add(question.raw, raw)
    unit.defer(Job("triage", inbound_id))
    return True


async def _keep(unit: Unit, post: Kept) -> int | None:
    row = await unit.session.execute(
        insert(Inbound)
        .values(
            key=key_of(post.channel, post.ts),
            channel="slack",
            origin="slack",
            envelope_from=post.user,
            # A reply is told apart from what may be the beginning of a question.
            envelope_to=[post.channel, *([post.thread] if post.thread else [])],
            peer="slack",
            raw=post.raw,
        )
        .on_conflict_do_nothing(index_elements=[Inbound.key])
        .returning(Inbound.id)
    )
    return row.scalar_one_or_none()


async def _begun(unit: Unit, post: Kept, inbound_id: int) -> Inbound | None:
    """The untriaged question that this post is a further piece of, locked."""
    row = await unit.session.execute(
        select(Inbound)
        .where(
            Inbound.state == InboundState.NEW,
            Inbound.channel == "slack",
            Inbound.envelope_from == post.user,
            Inbound.envelope_to == cast([post.channel], ARRAY(TEXT)),
            Inbound.received_at > ago(MOST_WAITING),
            Inbound.failures == 0,
            Inbound.id < inbound_id,
        )
        .order_by(Inbound.id)
        .limit(1)
        .with_for_update()
    )
    return row.scalar_one_or_none()


async def _done(unit: Unit, inbound_id: int) -> None:
    await unit.session.execute(
        update(Inbound).where(Inbound.id == inbound_id).values(state=InboundState.DONE)
    )
