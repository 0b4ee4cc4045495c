"""Posts of people in Slack: kept with the job that triages them, and the threads they belong to."""

from sqlalchemy import select, union_all
from sqlalchemy.dialects.postgresql import insert

from handlers.tables import Enquiry, Inbound
from handlers.unit import Job, Store, Unit

AFTER_ITS_QUESTION = 2.0
"""Seconds that a reply in a thread waits, so that the question above it is triaged first."""


def key_of(channel: str, ts: str) -> str:
    """What names a post for ever: Slack tells of one post by several events."""
    return f"slack:{channel}:{ts}"


async def keep_post(
    store: Store, *, channel: str, ts: str, user: str, raw: bytes, is_reply: bool
) -> bool:
    """Commit a post and its `triage` job together; False where it is here already.

    Raises StoreUnavailableError, and then nothing is kept.
    """
    async with store.unit() as unit:
        row = await unit.session.execute(
            insert(Inbound)
            .values(
                key=key_of(channel, ts),
                channel="slack",
                origin="slack",
                envelope_from=user,
                envelope_to=[channel],
                peer="slack",
                raw=raw,
            )
            .on_conflict_do_nothing(index_elements=[Inbound.key])
            .returning(Inbound.id)
        )
        inbound_id = row.scalar_one_or_none()
        if inbound_id is None:
            return False
        unit.defer(Job("triage", inbound_id, AFTER_ITS_QUESTION if is_reply else 0))
    return True


async def asker_of_thread(unit: Unit, channel: str, thread: str) -> str | None:
    """Who asked what a thread is about, also while it waits for triage; None where nobody did."""
    rows = await unit.session.execute(
        union_all(
            select(Inbound.envelope_from).where(Inbound.key == key_of(channel, thread)),
            select(Enquiry.requester).where(
                Enquiry.slack_channel == channel, Enquiry.slack_thread == thread
            ),
        ).limit(1)
    )
    return rows.scalar_one_or_none()
