"""Finding cases: those of a list, with the words that are looked for, a page at a time."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import ColumnElement, and_, func, or_, select, true

from handlers.case_life import UNRESOLVED
from handlers.case_view import Masked
from handlers.tables import Case, CaseState, Enquiry
from handlers.unit import Unit

PAGE = 25
"""Cases on one page."""
MOST_WORDS = 8
MOST_PAGES = 10_000


class Listed(StrEnum):
    """The lists in which officers look for cases."""

    MINE = "mine"
    UNCLAIMED = "unclaimed"
    APPROVAL = "approval"
    WAITING = "waiting"
    OPEN = "open"
    CLOSED = "closed"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Sought:
    """What an officer looks for; each of these narrows it."""

    listed: Listed
    officer: str
    """Whose cases are `mine`."""
    words: str = ""
    """Each must be in the reference, the subject, the summary, or who asked."""
    kind: str = ""
    """One type of enquiry."""
    flag: str = ""
    page: int = 1


class FoundCase(BaseModel):
    """One case in a list."""

    model_config = ConfigDict(frozen=True)

    reference: str
    subject: Masked
    summary: str
    requester: str
    requester_name: str
    state: CaseState
    types: tuple[str, ...]
    flags: tuple[str, ...]
    officer: str | None
    officer_name: str | None
    offered: bool
    """Whether an answer waits for approval."""
    opened_at: datetime
    resolved_at: datetime | None
    snoozed_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """One page of what was found, and how much there is in all."""

    cases: tuple[FoundCase, ...]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are; one where nothing was found."""
        return max(1, -(-self.total // PAGE))


async def find_cases(unit: Unit, sought: Sought) -> Found:
    """A page of the cases that are looked for; the last one where there are fewer."""
    where = _where(sought)
    row = await unit.session.execute(
        select(func.count()).select_from(Case).join(Enquiry).where(where)
    )
    total = row.scalar_one()
    page = min(max(1, sought.page), Found((), total, 1).pages, MOST_PAGES)
    rows = await unit.session.execute(
        select(
            *(Enquiry.reference, Enquiry.subject, Enquiry.requester, Enquiry.requester_name),
            *(Case.summary, Case.state, Case.types, Case.flags, Case.officer, Case.officer_name),
            *(Case.opened_at, Case.resolved_at, Case.snoozed_until, _offered().label("offered")),
        )
        .select_from(Case)
        .join(Enquiry)
        .where(where)
        .order_by(*_order(sought.listed))
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    cases = tuple(FoundCase.model_validate(dict(one)) for one in rows.mappings())
    return Found(cases, total, page)


async def count_cases(unit: Unit, officer: str) -> dict[Listed, int]:
    """How many cases each list of open ones has."""
    counted = (Listed.MINE, Listed.UNCLAIMED, Listed.APPROVAL, Listed.WAITING, Listed.OPEN)
    row = await unit.session.execute(
        select(
            *(func.count().filter(_listed(one, officer)).label(str(one)) for one in counted)
        ).where(Case.state.in_(UNRESOLVED))
    )
    numbers = row.mappings().one()
    return {one: numbers[str(one)] for one in counted}


async def case_number(unit: Unit, reference: str) -> int | None:
    """The number of the case with this reference; None where there is none."""
    row = await unit.session.execute(
        select(Case.id).join(Enquiry).where(Enquiry.reference == reference.upper())
    )
    return row.scalar_one_or_none()


def _where(sought: Sought) -> ColumnElement[bool]:
    return and_(
        _listed(sought.listed, sought.officer),
        Case.types.contains([sought.kind]) if sought.kind else true(),
        Case.flags.contains([sought.flag]) if sought.flag else true(),
        *(_holds(word) for word in re.split(r"\s+", sought.words.strip())[:MOST_WORDS] if word),
    )


def _listed(listed: Listed, officer: str) -> ColumnElement[bool]:
    is_open = Case.state.in_(UNRESOLVED)
    return {
        Listed.MINE: and_(is_open, Case.officer == officer),
        Listed.UNCLAIMED: and_(is_open, Case.officer.is_(None)),
        Listed.APPROVAL: and_(is_open, _offered()),
        Listed.WAITING: Case.state == CaseState.WAITING,
        Listed.OPEN: is_open,
        Listed.CLOSED: Case.state == CaseState.RESOLVED,
        Listed.ALL: true(),
    }[listed]


def _order(listed: Listed) -> tuple[ColumnElement[Any], ...]:
    """Where cases wait, the one that has waited longest comes first; elsewhere the newest."""
    if listed == Listed.CLOSED:
        return Case.resolved_at.desc().nulls_last(), Case.id.desc()
    if listed == Listed.ALL:
        return (Case.id.desc(),)
    return Case.opened_at.asc(), Case.id.asc()


def _offered() -> ColumnElement[bool]:
    """Whether an answer waits: JSON's own null is stored where there is none."""
    return func.coalesce(func.jsonb_typeof(Case.answer), "null") == "object"


def _holds(word: str) -> ColumnElement[bool]:
    """Whether a word stands in what a list shows of a case, whatever its letters' case."""
    columns = (
        *(Enquiry.reference, Enquiry.subject, Case.summary),
        *(Enquiry.requester, Enquiry.requester_name, Case.officer_name),
    )
    return or_(*(column.icontains(word, autoescape=True) for column in columns))
