"""Messages that one person sends shortly after one another: one enquiry, and one answer."""

import hashlib
import re
from datetime import timedelta

from sqlalchemy import func, select

from handlers.enquiries import Arrival
from handlers.guard import REPLY_MARKS
from handlers.outbox import ago
from handlers.slack_threads import key_of
from handlers.tables import Case, CaseState, Enquiry, StoredMessage
from handlers.unit import Unit

SHORTLY = timedelta(minutes=15)
"""A mail that comes so soon after another of the same person on the same matter belongs to it."""

AT_ONCE = timedelta(minutes=2)
"""In a chat people send a thought in pieces; what comes later is another thought."""


async def said_before(unit: Unit, arrival: Arrival) -> Enquiry | None:
    """The enquiry in which the same person sent these very words a moment ago, as another mail.

    Some programs send again, and some people press twice; each copy has another Message-ID.
    """
    message = arrival.message
    if message.channel != "email" or not message.text.strip():
        return None
    digest = hashlib.md5(message.text.encode(), usedforsecurity=False).hexdigest()
    row = await unit.session.execute(
        select(Enquiry)
        .join(StoredMessage, StoredMessage.enquiry_id == Enquiry.id)
        .where(
            StoredMessage.author == message.sender.lower(),
            StoredMessage.at > ago(SHORTLY),
            StoredMessage.direction == "in",
            StoredMessage.subject == message.subject,
            func.md5(StoredMessage.text) == digest,
        )
        .order_by(StoredMessage.id)
        .limit(1)
    )
    return row.scalar_one_or_none()


async def continued(unit: Unit, arrival: Arrival) -> Enquiry | None:
    """The enquiry that a person opened a moment ago, and that this is an afterthought to.

    It has the same subject, or none. A machine's mail is nobody's afterthought.
    """
    message = arrival.message
    if message.channel == "slack":
        return await _begun_in_slack(unit, arrival)
    if message.is_automatic or message.is_bounce:
        return None
    if arrival.references or not message.sender:
        return None
    row = await unit.session.execute(
        select(Enquiry)
        .join(StoredMessage, StoredMessage.enquiry_id == Enquiry.id)
        .where(
            StoredMessage.author == message.sender.lower(),
            StoredMessage.at > ago(SHORTLY),
            StoredMessage.direction == "in",
            Enquiry.requester == arrival.reply_to,
        )
        .order_by(StoredMessage.id.desc())
        .limit(1)
    )
    enquiry = row.scalar_one_or_none()
    if enquiry is None or not _same_matter(message.subject, enquiry.subject):
        return None
    return enquiry


async def _begun_in_slack(unit: Unit, arrival: Arrival) -> Enquiry | None:
    """The enquiry to which a post of its own belongs: the same person's in the same place.

    Only where a person has it already; what was answered is over, and may be asked anew.
    """
    if arrival.message_id != key_of(str(arrival.slack_channel), str(arrival.slack_thread)):
        return None
    row = await unit.session.execute(
        select(Enquiry)
        .join(StoredMessage, StoredMessage.enquiry_id == Enquiry.id)
        .join(Case, Case.enquiry_id == Enquiry.id)
        .where(
            StoredMessage.author == arrival.message.sender.lower(),
            StoredMessage.at > ago(AT_ONCE),
            StoredMessage.direction == "in",
            Enquiry.slack_channel == arrival.slack_channel,
            Enquiry.requester == arrival.reply_to,
            Case.state != CaseState.RESOLVED,
        )
        .order_by(StoredMessage.id.desc())
        .limit(1)
    )
    return row.scalar_one_or_none()


def _same_matter(subject: str, earlier: str) -> bool:
    bare, before = (
        " ".join(re.sub(REPLY_MARKS, "", one, flags=re.IGNORECASE).lower().split())
        for one in (subject, earlier)
    )
    return not bare or bare == before
