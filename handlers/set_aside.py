"""Messages that fail again and again: counted, then set aside as a case, with the raw copy kept."""

from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from handlers.desk import Desk
from handlers.enquiries import Arrival, keep_inbound, open_enquiry
from handlers.escalate import open_case
from handlers.intake import Accepted
from handlers.outbox import ago
from handlers.tables import Inbound, InboundState, StoredDecision
from handlers.unit import Job, Store, Unit, nobody_on
from triage.decision import Decision, EnquiryType, Reason, Route
from triage.message import Message

MOST_FAILURES = 3
PREVIEW_BYTES = 4000


async def note_failure(unit: Unit, inbound_id: int, error: str) -> int:
    """Count a failure of this message, and keep its last error; returns how many there were."""
    row = await unit.session.execute(
        update(Inbound)
        .where(Inbound.id == inbound_id, Inbound.state == InboundState.NEW)
        .values(failures=Inbound.failures + 1, error=error[:2000])
        .returning(Inbound.failures)
    )
    return row.scalar_one_or_none() or 0


async def keep_for_a_person(store: Store, mail: Accepted, why: str) -> None:
    """Commit what is known of a mail that was not taken: a worker makes a case of it, unread.

    Once for each key, however often it is told. Raises what the database raises.
    """
    async with store.unit() as unit:
        row = await unit.session.execute(
            insert(Inbound)
            .values(
                key=mail.key,
                channel="email",
                origin="mailbox",
                envelope_from=mail.envelope_from,
                envelope_to=list(mail.envelope_to),
                peer=mail.peer,
                raw=mail.raw,
                failures=MOST_FAILURES,
                error=why,
            )
            .on_conflict_do_nothing(index_elements=[Inbound.key])
            .returning(Inbound.id)
        )
        inbound_id = row.scalar_one_or_none()
        if inbound_id is not None:
            unit.defer(Job("triage", inbound_id))


async def set_aside(unit: Unit, inbound_id: int, desk: Desk) -> str | None:
    """Make a case of a message that cannot be handled; returns its reference.

    None where the message is done already. Nothing is sent to its sender: who they are is part
    of what could not be read.
    """
    row = await unit.session.execute(
        update(Inbound)
        .where(Inbound.id == inbound_id, Inbound.state == InboundState.NEW)
        .values(state=InboundState.SET_ASIDE)
        .returning(Inbound.envelope_from, Inbound.channel, Inbound.raw, Inbound.error)
    )
    found = row.one_or_none()
    if found is None:
        return None
    sender, channel, raw, error = found
    arrival = _as_arrival(inbound_id, sender, channel, raw)
    decision = _for_a_person(error or "its worker stopped each time")
    enquiry = await open_enquiry(unit, arrival, desk)
    message = await keep_inbound(unit, enquiry, arrival)
    await open_case(unit, enquiry, message, decision, desk)
    unit.session.add(
        StoredDecision(
            message_id=message.id,
            channel=channel,
            route=decision.route,
            outcome="set_aside",
            types=[str(one) for one in decision.types],
            topics=[],
            flags=[],
            confidence=decision.confidence,
            record=decision.model_dump(mode="json"),
            milliseconds=0,
        )
    )
    return enquiry.reference


async def unfinished(unit: Unit, *, older_than: timedelta, limit: int = 200) -> list[int]:
    """Accepted messages that no job is waiting for: the sweeper's list, normally empty."""
    rows = await unit.session.execute(
        select(Inbound.id)
        .where(
            Inbound.state == InboundState.NEW,
            Inbound.received_at < ago(older_than),
            nobody_on("triage", "inbound.id"),
        )
        .order_by(Inbound.id)
        .limit(limit)
    )
    return list(rows.scalars())


def _as_arrival(inbound_id: int, sender: str, channel: str, raw: bytes) -> Arrival:
    preview = raw[:PREVIEW_BYTES].decode("utf-8", "replace").replace("\x00", "")
    message = Message(
        channel="slack" if channel == "slack" else "email",
        sender=sender,
        text=preview,
        new_text=preview,
    )
    return Arrival(inbound_id=inbound_id, message=message, reply_to=sender)


def _for_a_person(error: str) -> Decision:
    return Decision(
        types=(EnquiryType.OTHER,),
        type_scores={},
        route=Route.ESCALATE,
        topics=(),
        flags=(),
        confidence=1.0,
        reasons=(
            Reason(
                rule="set_aside",
                text=f"It could not be handled and was set aside: {error[:200]}",
            ),
        ),
        passages=(),
        series=(),
        model="none",
        thresholds={},
    )
