"""Enquiries, those who take part in them, and the messages that they hold."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from handlers.authentication import Authentication
from handlers.desk import Desk
from handlers.references import new_reference
from handlers.returned import Returned
from handlers.slack_threads import OfficersWord
from handlers.tables import IMPORT, Case, Enquiry, Inbound, Outgoing, Participant, StoredMessage
from handlers.unit import Unit
from triage.decision import Reason
from triage.message import Message

KEPT_REFERENCES = 20
"""Message-IDs kept of a thread: the first and the latest, as RFC 5322 3.6.4 lets clients trim."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One inbound message, read: what triage sees of it, and where it came from."""

    inbound_id: int
    message: Message
    reply_to: str
    """The address, or Slack user, to whom an answer would go."""
    message_id: str | None = None
    references: tuple[str, ...] = ()
    """Message-IDs that it names, In-Reply-To included, oldest first."""
    reply_tags: tuple[str, ...] = ()
    """What stands after the plus sign in those of our addresses that it was sent to."""
    attachments: Sequence[dict[str, Any]] = field(default=())
    may_auto_reply: bool = True
    """False where headers or envelope forbid a reply by a machine, whoever wrote."""
    returned: tuple[Returned, ...] = ()
    """What it says of recipients of ours, where it is a report on delivery."""
    authentication: Authentication | None = None
    """Whether its sender is who they say; none for Slack, which knows."""
    slack_channel: str | None = None
    slack_thread: str | None = None
    for_person: Reason | None = None
    """Why a person gets it whatever triage says, such as that an officer took it on the phone."""
    said_by_officers: tuple[OfficersWord, ...] = ()
    """What officers wrote below a post before it was triaged."""
    raw_size: int | None = None
    """Bytes that were read, where more may be added until it is worked on; else None."""


async def wait_for_turn(unit: Unit, sender: str) -> None:
    """Have a sender's messages followed through one at a time, to the end of the transaction.

    Two workers at once would each find that the other copy of a mail is not here, that nobody
    opened a case, and that the day's cap is not reached.
    """
    name = func.hashtextextended(f"sender {sender.lower()}", 0)
    await unit.session.execute(select(func.pg_advisory_xact_lock(name)))


async def known_already(unit: Unit, arrival: Arrival, *, among_imports: bool = False) -> bool:
    """Whether the same sender's same mail is here by another way, such as a second address.

    Its words are compared too: some programs give every mail the same Message-ID. A copy that
    was imported keeps no live mail out, only other imports.
    """
    if arrival.message_id is None:
        return False
    message = arrival.message
    copies = (
        select(StoredMessage.subject, func.md5(StoredMessage.text))
        .join(Inbound, Inbound.id == StoredMessage.inbound_id)
        .where(
            StoredMessage.message_id == arrival.message_id,
            StoredMessage.author == message.sender.lower(),
            StoredMessage.direction == "in",
        )
    )
    if not among_imports:
        copies = copies.where(Inbound.origin != IMPORT)
    rows = await unit.session.execute(copies)
    seen = [(subject, digest) for subject, digest in rows]
    digest = hashlib.md5(message.text.encode(), usedforsecurity=False).hexdigest()
    return (message.subject, digest) in seen


async def open_enquiry(
    unit: Unit, arrival: Arrival, desk: Desk, *, continues: int | None = None
) -> Enquiry:
    """A new enquiry with a signed reference; its sender is its first participant.

    It `continues` an older one where it names that, but may not join it by itself.
    """
    enquiry = Enquiry(
        reference=new_reference(desk.signing_key),
        channel=arrival.message.channel,
        requester=arrival.reply_to,
        requester_name=arrival.message.sender_name,
        subject=arrival.message.subject,
        slack_channel=arrival.slack_channel,
        slack_thread=arrival.slack_thread,
        continues=continues,
    )
    unit.session.add(enquiry)
    await unit.session.flush()
    await add_participants(unit, enquiry.id, {arrival.message.sender, arrival.reply_to})
    return enquiry


async def add_participants(unit: Unit, enquiry_id: int, addresses: set[str]) -> list[str]:
    """Let these addresses take part in the enquiry; gives those that did not before."""
    rows = [{"enquiry_id": enquiry_id, "address": one.lower()} for one in addresses if one]
    if not rows:
        return []
    new = insert(Participant).values(rows).on_conflict_do_nothing().returning(Participant.address)
    return sorted((await unit.session.execute(new)).scalars())


async def keep_inbound(unit: Unit, enquiry: Enquiry, arrival: Arrival) -> StoredMessage:
    """Add what arrived to the enquiry."""
    message = arrival.message
    stored = StoredMessage(
        enquiry_id=enquiry.id,
        inbound_id=arrival.inbound_id,
        direction="in",
        author=message.sender.lower(),
        author_name=message.sender_name,
        message_id=arrival.message_id,
        references=list(arrival.references),
        subject=message.subject,
        text=message.text,
        new_text=message.new_text,
        attachments=list(arrival.attachments),
        automatic_reason=message.automatic_reason,
        is_bounce=message.is_bounce,
        authentication=arrival.authentication and arrival.authentication.model_dump(mode="json"),
    )
    unit.session.add(stored)
    await unit.session.flush()
    return stored


async def keep_outbound(
    unit: Unit, enquiry: Enquiry, *, author: str, message_id: str | None, subject: str, text: str
) -> None:
    """Add what an officer or the bot wrote; it is text as composed, before rendering."""
    unit.session.add(
        StoredMessage(
            enquiry_id=enquiry.id,
            inbound_id=None,
            direction="out",
            author=author,
            author_name="",
            message_id=message_id,
            references=[],
            subject=subject,
            text=text,
            new_text=text,
            attachments=[],
            automatic_reason=None,
            is_bounce=False,
        )
    )


async def thread_of(unit: Unit, enquiry_id: int) -> tuple[str | None, tuple[str, ...]]:
    """(In-Reply-To, References) for the next mail: the requester's latest, and the thread's ids."""
    rows = await unit.session.execute(
        select(StoredMessage.direction, StoredMessage.message_id)
        .where(StoredMessage.enquiry_id == enquiry_id, StoredMessage.message_id.is_not(None))
        .order_by(StoredMessage.id)
    )
    messages = [(direction, ident) for direction, ident in rows if ident]
    ids = list(dict.fromkeys(ident for _, ident in messages))
    latest = [ident for direction, ident in messages if direction == "in"]
    if len(ids) > KEPT_REFERENCES:
        ids = [ids[0], *ids[-(KEPT_REFERENCES - 1) :]]
    return (latest[-1] if latest else None), tuple(ids)


async def case_of(unit: Unit, enquiry_id: int) -> Case | None:
    """The enquiry's case, locked for this unit; None where nobody opened one."""
    row = await unit.session.execute(
        select(Case).where(Case.enquiry_id == enquiry_id).with_for_update()
    )
    return row.scalar_one_or_none()


async def has_effect(
    unit: Unit, enquiry_id: int, kind: Literal["answer", "acknowledgement"]
) -> bool:
    """Whether such a mail was queued for the enquiry before."""
    row = await unit.session.execute(
        select(Outgoing.id).where(Outgoing.enquiry_id == enquiry_id, Outgoing.kind == kind).limit(1)
    )
    return row.scalar_one_or_none() is not None
