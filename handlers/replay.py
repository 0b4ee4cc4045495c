"""Messages that were decided before, read again so that another model can be asked of them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from sqlalchemy import select

from handlers.periods import Period
from handlers.tables import Enquiry, StoredDecision, StoredMessage
from handlers.unit import Store
from triage.message import Channel, Message

BATCH = 128
"""Messages that are in memory at a time."""


@dataclass(frozen=True, slots=True)
class Past:
    """A message as it was stored, and how it was decided then."""

    id: int
    reference: str
    message: Message
    route: str
    types: tuple[str, ...]
    flags: tuple[str, ...]
    model: str


async def past_decisions(store: Store, period: Period) -> AsyncIterator[list[Past]]:
    """All messages that were decided in a period, in order, some at a time."""
    after = 0
    while True:
        async with store.unit() as unit:
            rows = await unit.session.execute(
                select(StoredMessage, StoredDecision, Enquiry.reference)
                .join(StoredDecision, StoredDecision.message_id == StoredMessage.id)
                .join(Enquiry, Enquiry.id == StoredMessage.enquiry_id)
                .where(
                    StoredMessage.id > after,
                    StoredDecision.outcome != "set_aside",
                    StoredDecision.decided_at >= period.whole.begins,
                    StoredDecision.decided_at < period.whole.ends,
                )
                .order_by(StoredMessage.id)
                .limit(BATCH)
            )
            found = [_past(*row) for row in rows]
        if not found:
            return
        yield found
        after = found[-1].id


def _past(stored: StoredMessage, decision: StoredDecision, reference: str) -> Past:
    channel: Channel = "slack" if decision.channel == "slack" else "email"
    return Past(
        id=stored.id,
        reference=reference,
        message=Message(
            channel=channel,
            sender=stored.author,
            sender_name=stored.author_name,
            subject=stored.subject,
            text=stored.text,
            new_text=stored.new_text,
            automatic_reason=stored.automatic_reason,
            is_bounce=stored.is_bounce,
        ),
        route=decision.route,
        types=tuple(decision.types),
        flags=tuple(decision.flags),
        model=str(decision.record.get("model", "")),
    )
