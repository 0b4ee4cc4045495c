"""Threads in Slack: the enquiry that each belongs to, and whether a person has taken it over."""

from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import exists, func, or_, select

from handlers.tables import Case, Enquiry, Inbound, InboundState, Outgoing, StoredMessage
from handlers.unit import Unit

BOT = "triagebot"
"""The author of what we wrote ourselves."""


class OfficersWord(NamedTuple):
    """What an officer wrote by hand in an enquirer's thread; `key` names the post."""

    key: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Thread:
    """A thread in which somebody asked us."""

    asker: str
    enquiry_id: int | None
    """None while the question waits for triage."""
    untriaged: int | None
    """The row of the question, while it waits for triage."""
    has_case: bool = False
    owner: str | None = None


def key_of(channel: str, ts: str) -> str:
    """What names a post for ever: Slack tells of one post by several events."""
    return f"slack:{channel}:{ts}"


async def thread_at(unit: Unit, channel: str, thread: str) -> Thread | None:
    """The thread below a post; None where nobody asked us there."""
    row = await unit.session.execute(
        select(Enquiry.requester, Enquiry.id, Case.id, Case.officer)
        .outerjoin(Case, Case.enquiry_id == Enquiry.id)
        .where(Enquiry.slack_channel == channel, Enquiry.slack_thread == thread)
        .order_by(Enquiry.id)
        .limit(1)
    )
    found = row.one_or_none()
    if found is not None:
        asker, enquiry_id, case_id, owner = found
        return Thread(asker, enquiry_id, None, case_id is not None, owner)
    kept = await unit.session.execute(
        select(Inbound.envelope_from, Inbound.id, Inbound.state).where(
            Inbound.key == key_of(channel, thread)
        )
    )
    question = kept.one_or_none()
    if question is None:
        return None
    asker, inbound_id, state = question
    return Thread(asker, None, inbound_id if state == InboundState.NEW else None)


async def enquiry_of_thread(unit: Unit, channel: str | None, thread: str | None) -> Enquiry | None:
    """The enquiry that was asked in a thread, or by a post that joined it and has its own."""
    if channel is None or thread is None:
        return None
    joined = select(StoredMessage.enquiry_id).where(
        StoredMessage.message_id == key_of(channel, thread)
    )
    asked_there = (Enquiry.slack_channel == channel) & (Enquiry.slack_thread == thread)
    row = await unit.session.execute(
        select(Enquiry)
        .where(or_(asked_there, Enquiry.id.in_(joined)))
        .order_by(asked_there.desc(), Enquiry.id)
        .limit(1)
    )
    return row.scalar_one_or_none()


async def keep_officers_word(unit: Unit, enquiry_id: int, word: OfficersWord) -> bool:
    """Keep what an officer wrote by hand; False where it is here already."""
    lock = func.pg_advisory_xact_lock(func.hashtextextended(word.key, 0))
    await unit.session.execute(select(lock))
    known = select(exists().where(StoredMessage.message_id == word.key))
    if (await unit.session.execute(known)).scalar_one():
        return False
    unit.session.add(
        StoredMessage(
            enquiry_id=enquiry_id,
            inbound_id=None,
            direction="out",
            author=word.name,
            author_name=word.name,
            message_id=word.key,
            references=[],
            subject="",
            text=word.text,
            new_text=word.text,
            attachments=[],
            automatic_reason=None,
            is_bounce=False,
        )
    )
    await unit.session.flush()
    return True


async def taken_over(unit: Unit, enquiry_id: int) -> bool:
    """Whether an officer has written to the enquirer, by the card or by hand in the thread."""
    row = await unit.session.execute(
        select(
            exists().where(
                StoredMessage.enquiry_id == enquiry_id,
                StoredMessage.direction == "out",
                StoredMessage.author != BOT,
            )
        )
    )
    return row.scalar_one()


async def asker_of_answer(unit: Unit, outgoing_id: int) -> str | None:
    """Who asked what an effect of ours answers; None where there is none."""
    row = await unit.session.execute(
        select(Enquiry.requester)
        .join(Outgoing, Outgoing.enquiry_id == Enquiry.id)
        .where(Outgoing.id == outgoing_id)
    )
    return row.scalar_one_or_none()
