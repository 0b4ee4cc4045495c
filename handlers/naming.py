"""Which enquiry a message names, and whether its sender took part in that."""

from typing import NamedTuple

from sqlalchemy import select

from handlers.desk import Desk
from handlers.enquiries import Arrival
from handlers.references import references_in, references_of_tags
from handlers.slack_threads import enquiry_of_thread
from handlers.tables import Enquiry, Participant, StoredMessage
from handlers.unit import Unit


class Named(NamedTuple):
    """An enquiry that a message names, and whether its sender took part in that."""

    enquiry: Enquiry
    takes_part: bool


async def find(unit: Unit, arrival: Arrival, desk: Desk) -> Named | None:
    """The enquiry that a message names: rather one that its sender took part in.

    A mail names one by a Message-ID of the thread, or by a reference that we signed. A Slack
    post is of its thread. A mail that came back comes from a machine: it belongs where the
    Message-ID that we gave it does.
    """
    if arrival.message.channel == "slack":
        posted = await enquiry_of_thread(unit, arrival.slack_channel, arrival.slack_thread)
        return None if posted is None else Named(posted, takes_part=True)
    if arrival.returned and (returned := await _by_returned_mail(unit, arrival)):
        return Named(returned, takes_part=True)
    candidates = await _candidates(unit, arrival, desk)
    sender = arrival.message.sender.lower()
    for enquiry_id in candidates:
        if await unit.session.get(Participant, (enquiry_id, sender)) is not None:
            return Named(await unit.session.get_one(Enquiry, enquiry_id), takes_part=True)
    for enquiry_id in candidates:
        return Named(await unit.session.get_one(Enquiry, enquiry_id), takes_part=False)
    return None


async def _candidates(unit: Unit, arrival: Arrival, desk: Desk) -> list[int]:
    named = " ".join((*arrival.references, arrival.message.subject))
    signed = [
        *references_of_tags(arrival.reply_tags, desk.signing_key),
        *references_in(named, desk.signing_key),
    ]
    found: list[int] = []
    if signed:
        rows = await unit.session.execute(select(Enquiry.id).where(Enquiry.reference.in_(signed)))
        found += rows.scalars()
    if arrival.references:
        rows = await unit.session.execute(
            select(StoredMessage.enquiry_id)
            .where(StoredMessage.message_id.in_(arrival.references))
            .order_by(StoredMessage.id.desc())
        )
        found += rows.scalars()
    return list(dict.fromkeys(found))


async def _by_returned_mail(unit: Unit, arrival: Arrival) -> Enquiry | None:
    row = await unit.session.execute(
        select(Enquiry)
        .join(StoredMessage, StoredMessage.enquiry_id == Enquiry.id)
        .where(StoredMessage.message_id.in_(arrival.references), StoredMessage.direction == "out")
        .order_by(StoredMessage.id.desc())
        .limit(1)
    )
    return row.scalar_one_or_none()
