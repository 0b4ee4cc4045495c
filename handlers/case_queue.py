"""Open cases as officers list them: their own, and those that nobody owns yet."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Select, select

from handlers.case_view import Masked
from handlers.tables import Case, CaseState, Enquiry
from handlers.unit import Unit

UNRESOLVED = (CaseState.NEW, CaseState.OPEN, CaseState.WAITING)


class OpenCase(BaseModel):
    """A case that is not resolved, in a list."""

    model_config = ConfigDict(frozen=True)

    id: int
    reference: str
    subject: Masked
    state: CaseState
    flags: tuple[str, ...]
    officer_name: str | None
    opened_at: datetime
    slack_channel: str | None
    slack_ts: str | None


async def cases_of(unit: Unit, officer: str, *, limit: int) -> list[OpenCase]:
    """The open cases that an officer owns, the oldest first."""
    return await _lines(unit, _line_columns().where(Case.officer == officer), limit)


async def unclaimed_cases(unit: Unit, *, limit: int) -> list[OpenCase]:
    """The open cases that nobody owns, the oldest first."""
    return await _lines(unit, _line_columns().where(Case.officer.is_(None)), limit)


def _line_columns() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Case.id,
            Enquiry.reference,
            Enquiry.subject,
            Case.state,
            Case.flags,
            Case.officer_name,
            Case.opened_at,
            Case.slack_channel,
            Case.slack_ts,
        )
        .join(Enquiry, Enquiry.id == Case.enquiry_id)
        .where(Case.state.in_(UNRESOLVED))
        .order_by(Case.opened_at)
    )


async def _lines(unit: Unit, lines: Select[*tuple[Any, ...]], limit: int) -> list[OpenCase]:
    rows = await unit.session.execute(lines.limit(limit))
    return [OpenCase.model_validate(dict(row)) for row in rows.mappings()]
