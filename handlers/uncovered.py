"""Enquiries of a week that no approved passage covered, with what officers replied to them."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.dialects.postgresql import distinct_on

from handlers.letters import Letter
from handlers.periods import Span
from handlers.tables import Enquiry, Outgoing, StoredDecision, StoredMessage
from handlers.unit import Unit
from knowledge.library import Library
from triage.essence import comparable, essence, sentences, shown
from triage.gap_draft import Reply

ALWAYS_FOR_A_PERSON = ("rule", "flag")
"""Grounds on which an enquiry goes to a person whatever is known: no article can close these."""
MOST = 2000
"""Enquiries of a week that are compared, the earliest: all pairs of them are held in memory."""


@dataclass(frozen=True, slots=True)
class Escalated:
    """An enquiry that went to a person: what was asked, by whom, and what officers replied."""

    id: int
    subject: str
    text: str
    topics: tuple[str, ...]
    people: tuple[str, ...]
    """Names and addresses that no example may show."""
    said_uncovered: bool
    """Whether triage found no passage for it."""
    replies: tuple[Reply, ...] = ()

    @property
    def comparable(self) -> str:
        """What it is about, for comparing; it names nobody."""
        return comparable(self.subject, self.text, self.people)

    @property
    def example(self) -> str:
        """What it says, masked, for others to read."""
        return shown(essence(self.subject, self.text), self.people)


async def escalated(unit: Unit, span: Span) -> list[Escalated]:
    """Enquiries whose first message went to a person in this time, in the order of their ids.

    Not those with a flag, nor those that a rule sent there: an article would not answer them.
    """
    rows = await unit.session.execute(_cases_of(span))
    found = [_escalated(enquiry, message, decision) for enquiry, message, decision in rows]
    return await with_replies(unit, found)


async def escalated_by_id(unit: Unit, enquiries: list[int]) -> list[Escalated]:
    """These enquiries, in the order of their ids."""
    rows = await unit.session.execute(_first_messages(Enquiry.id.in_(enquiries)))
    return [_escalated(enquiry, message, decision) for enquiry, message, decision in rows]


async def with_replies(unit: Unit, found: list[Escalated]) -> list[Escalated]:
    """The same enquiries with what officers wrote in them."""
    rows = await unit.session.execute(
        select(Outgoing.enquiry_id, Outgoing.payload)
        .where(
            Outgoing.enquiry_id.in_([one.id for one in found]),
            Outgoing.kind == "officer",
        )
        .order_by(Outgoing.id)
    )
    people = {one.id: one.people for one in found}
    replies: dict[int, list[Reply]] = {}
    for enquiry_id, payload in rows:
        letter = Letter.model_validate(payload)
        named = (*people[enquiry_id], letter.to_name, letter.officer_name or "")
        replies.setdefault(enquiry_id, []).append(Reply(letter.body or "", named))
    return [replace(one, replies=tuple(replies.get(one.id, ()))) for one in found]


def uncovered(found: list[Escalated], library: Library, floor: float) -> list[Escalated]:
    """Those that triage found no passage for, or whose officer wrote what no passage supports.

    `floor` is the score under which a passage does not carry an answer. Plain work, for a thread.
    """
    return [
        one
        for one in found
        if one.said_uncovered or (one.replies and not _supported(one.replies, library, floor))
    ]


def _supported(replies: tuple[Reply, ...], library: Library, floor: float) -> bool:
    """Whether approved words say half of an officer's sentences, or there are none to ask of."""
    said = [part.text for reply in replies for part in sentences(reply.text)]
    carried = sum(library.find(one).best_passage >= floor for one in said)
    return carried * 2 >= len(said)


def _cases_of(span: Span) -> Any:
    ground = StoredDecision.record["explanation"]["ground"].astext
    return _first_messages(
        StoredDecision.decided_at >= span.begins,
        StoredDecision.decided_at < span.ends,
        StoredDecision.outcome == "case",
        StoredDecision.flags == [],
        func.coalesce(ground, "").not_in(ALWAYS_FOR_A_PERSON),
    ).limit(MOST)


def _first_messages(*wanted: ColumnElement[bool]) -> Any:
    """What opened each enquiry, and its decision."""
    return (
        select(Enquiry, StoredMessage, StoredDecision)
        .join(StoredMessage, StoredMessage.enquiry_id == Enquiry.id)
        .join(StoredDecision, StoredDecision.message_id == StoredMessage.id)
        .where(StoredMessage.direction == "in", *wanted)
        .ext(distinct_on(Enquiry.id))
        .order_by(Enquiry.id, StoredMessage.id)
    )


def _escalated(enquiry: Enquiry, message: StoredMessage, decision: StoredDecision) -> Escalated:
    reasons = decision.record.get("reasons", [])
    return Escalated(
        id=enquiry.id,
        subject=message.subject,
        text=message.new_text or message.text,
        topics=tuple(decision.topics),
        people=(
            enquiry.requester_name,
            enquiry.requester,
            message.author_name,
            message.author,
        ),
        said_uncovered=any(reason.get("rule") == "not_covered" for reason in reasons),
    )
