"""What was sent to an enquirer, and on what ground: read from what was kept when it was sent.

Nothing here depends on the articles, templates or model of today.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy import select

from handlers.case_queries import ANSWERED, MADE_CASES
from handlers.knowledge_tables import Feedback
from handlers.letters import Letter, Part
from handlers.tables import Case, Enquiry, Outgoing, StoredDecision, StoredMessage
from handlers.unit import Unit

KINDS = ("answer", "officer")


class SentPassage(BaseModel):
    """A passage of an answer: which one it was, word for word, and how well it fitted."""

    article: str
    version: int
    passage: str
    sha256: str
    score: float | None


class Ground(BaseModel):
    """The decision that an answer rests on."""

    model: str
    confidence: float
    thresholds: dict[str, float]


class Heard(BaseModel):
    """What the enquirer pressed below an answer."""

    said: str
    at: datetime


class SentAnswer(BaseModel):
    """One answer or an officer's reply, as it left or as it waits."""

    kind: str
    state: str
    created_at: datetime
    sent_at: datetime | None
    attempts: int
    error: str | None
    receipt: str | None
    transport: str
    to: str
    approved_by: str | None
    """None where it was sent automatically."""
    passages: list[SentPassage]
    series: list[str]
    ground: Ground | None
    feedback: list[Heard]
    composed: str
    """The words that it was made of, for an answer of which no copy is kept."""
    sent_copy: bytes | None
    """The mail as it was handed over, byte for byte."""


class CaseAfter(BaseModel):
    """The enquiry's case."""

    state: str
    resolution: str | None
    officer_name: str | None
    opened_at: datetime


class AnswerRecord(BaseModel):
    """All that was answered to one enquiry, oldest first."""

    reference: str
    subject: str
    answers: list[SentAnswer]
    case: CaseAfter | None


async def answer_record(unit: Unit, reference: str) -> AnswerRecord | None:
    """The record of an enquiry's answers; None where no enquiry has this reference."""
    found = await unit.session.execute(select(Enquiry).where(Enquiry.reference == reference))
    enquiry = found.scalar_one_or_none()
    if enquiry is None:
        return None
    rows = await unit.session.execute(
        select(Outgoing)
        .where(Outgoing.enquiry_id == enquiry.id, Outgoing.kind.in_(KINDS))
        .order_by(Outgoing.id)
    )
    sent = rows.scalars().all()
    case = await unit.session.execute(select(Case).where(Case.enquiry_id == enquiry.id))
    return AnswerRecord(
        reference=enquiry.reference,
        subject=enquiry.subject,
        answers=[await _answer(unit, one) for one in sent],
        case=_case(case.scalar_one_or_none()),
    )


async def _answer(unit: Unit, outgoing: Outgoing) -> SentAnswer:
    letter = Letter.model_validate(outgoing.payload)
    decided = await _decision(unit, outgoing) if outgoing.kind == "answer" else None
    return SentAnswer(
        **{name: getattr(outgoing, name) for name in _KEPT},
        to=letter.to,
        approved_by=letter.officer_name or None,
        passages=[_passage(part, decided or {}) for part in letter.content.parts],
        series=[one.id for one in letter.content.series],
        ground=None if decided is None else Ground.model_validate(decided),
        feedback=await _feedback(unit, outgoing.id),
        composed=_composed(letter),
    )


_KEPT = (
    *("kind", "state", "created_at", "sent_at", "attempts", "error", "receipt", "transport"),
    "sent_copy",
)


async def _decision(unit: Unit, outgoing: Outgoing) -> dict[str, Any] | None:
    """The record of the decision that made the answer, or the case on which it was approved."""
    outcomes = (ANSWERED,) if outgoing.automatic else MADE_CASES
    row = await unit.session.execute(
        select(StoredDecision.record)
        .join(StoredMessage, StoredMessage.id == StoredDecision.message_id)
        .where(
            StoredMessage.enquiry_id == outgoing.enquiry_id,
            StoredDecision.outcome.in_(outcomes),
        )
        .order_by(StoredDecision.message_id)
        .limit(1)
    )
    return row.scalar_one_or_none()


def _passage(part: Part, decided: Mapping[str, Any]) -> SentPassage:
    scores = (
        hit["score"]
        for hit in decided.get("passages", ())
        if (hit["article"], hit["passage"]) == (part.article, part.passage)
    )
    return SentPassage(
        article=part.article,
        version=part.version,
        passage=part.passage,
        sha256=part.sha256,
        score=next(scores, None),
    )


async def _feedback(unit: Unit, outgoing_id: int) -> list[Heard]:
    rows = await unit.session.execute(
        select(Feedback).where(Feedback.outgoing_id == outgoing_id).order_by(Feedback.id)
    )
    return [Heard(said=one.said, at=one.at) for one in rows.scalars()]


def _case(case: Case | None) -> CaseAfter | None:
    if case is None:
        return None
    return CaseAfter(
        state=case.state,
        resolution=case.resolution,
        officer_name=case.officer_name,
        opened_at=case.opened_at,
    )


def _composed(letter: Letter) -> str:
    series = (f"{one.title}: {one.url}" for one in letter.content.series)
    unmet = (letter.content.unmet,) if letter.content.unmet else ()
    parts = (part.text for part in letter.content.parts)
    return letter.body or "\n\n".join((*series, *unmet, *parts))
