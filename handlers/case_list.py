"""Cases as lists and records, for the command line."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy import select

from handlers.authentication import Authentication
from handlers.tables import Case, CaseEvent, Enquiry, StoredMessage
from handlers.unit import Unit


class CaseLine(BaseModel):
    """One case in a list."""

    reference: str
    state: str
    types: list[str]
    flags: list[str]
    subject: str
    requester: str
    officer_name: str | None
    opened_at: datetime


class CaseMessage(BaseModel):
    """One message of a case, in or out."""

    direction: str
    author: str
    at: datetime
    text: str
    sender: str | None
    """Whether its sender is who they say, in words; none for our own mails and for Slack."""


class Happened(BaseModel):
    """One event of a case."""

    kind: str
    actor_name: str
    at: datetime


class CaseRecord(CaseLine):
    """All of one case."""

    reasons: list[str]
    draft: str
    resolution: str | None
    messages: list[CaseMessage]
    events: list[Happened]


async def list_cases(unit: Unit, *, state: str | None, limit: int) -> list[CaseLine]:
    """The newest cases first, those of one state if it is given."""
    query = select(Case, Enquiry).join(Enquiry, Enquiry.id == Case.enquiry_id)
    if state is not None:
        query = query.where(Case.state == state)
    rows = await unit.session.execute(query.order_by(Case.id.desc()).limit(limit))
    return [CaseLine.model_validate(_line(case, enquiry)) for case, enquiry in rows]


async def show_case(unit: Unit, reference: str) -> CaseRecord | None:
    """One case with its messages and events; None where no case has this reference."""
    row = await unit.session.execute(
        select(Case, Enquiry)
        .join(Enquiry, Enquiry.id == Case.enquiry_id)
        .where(Enquiry.reference == reference.upper())
    )
    found = row.one_or_none()
    if found is None:
        return None
    case, enquiry = found
    return CaseRecord.model_validate(
        {
            **_line(case, enquiry),
            "reasons": [reason["text"] for reason in case.reasons],
            "draft": case.draft,
            "resolution": case.resolution,
            "messages": await _messages(unit, enquiry.id),
            "events": await _events(unit, case.id),
        }
    )


def _line(case: Case, enquiry: Enquiry) -> dict[str, object]:
    return {
        "reference": enquiry.reference,
        "state": case.state,
        "types": case.types,
        "flags": case.flags,
        "subject": enquiry.subject,
        "requester": enquiry.requester,
        "officer_name": case.officer_name,
        "opened_at": case.opened_at,
    }


async def _messages(unit: Unit, enquiry_id: int) -> list[CaseMessage]:
    rows = await unit.session.execute(
        select(StoredMessage)
        .where(StoredMessage.enquiry_id == enquiry_id)
        .order_by(StoredMessage.id)
    )
    return [
        CaseMessage(
            direction=one.direction,
            author=one.author,
            at=one.at,
            text=one.text,
            sender=_sender(one.authentication),
        )
        for one in rows.scalars()
    ]


def _sender(authentication: dict[str, Any] | None) -> str | None:
    if authentication is None:
        return None
    return Authentication.model_validate(authentication).in_words()


async def _events(unit: Unit, case_id: int) -> list[Happened]:
    rows = await unit.session.execute(
        select(CaseEvent).where(CaseEvent.case_id == case_id).order_by(CaseEvent.id)
    )
    return [Happened(kind=one.kind, actor_name=one.actor_name, at=one.at) for one in rows.scalars()]
