"""Open cases as officers list them: their own, those of nobody, and those of colleagues."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select

from handlers.case_life import UNRESOLVED
from handlers.case_view import Masked
from handlers.errors import UnknownCase
from handlers.tables import Case, CaseState, Enquiry
from handlers.unit import Unit

MOST_WORDS = 8
"""Words of a text that is looked for; more are left out."""


class Queue(StrEnum):
    """The lists of an officer. All but the last part the open cases among them."""

    MINE = "mine"
    """Theirs, where something is to be done."""
    UNCLAIMED = "unclaimed"
    TEAM = "team"
    """Those that colleagues own."""
    WAITING = "waiting"
    """Theirs that wait for the enquirer."""
    APPROVALS = "approvals"
    """Answers that wait for an officer's word, whoever owns the case."""


@dataclass(frozen=True, slots=True)
class Sieve:
    """Which cases of the lists are wanted; what is left empty keeps nothing out."""

    kind: str = ""
    """A type of enquiry."""
    state: str = ""
    words: str = ""
    """Each must be in the reference, the requester, the subject or the summary."""


NO_SIEVE = Sieve()


class OpenCase(BaseModel):
    """A case in a list."""

    model_config = ConfigDict(frozen=True)

    id: int
    reference: str
    subject: Masked
    requester_name: str = ""
    state: CaseState
    types: tuple[str, ...] = ()
    flags: tuple[str, ...]
    officer_name: str | None
    opened_at: datetime
    snoozed_until: datetime | None = None
    slack_channel: str | None
    slack_ts: str | None


async def counts(unit: Unit, officer: str, sieve: Sieve = NO_SIEVE) -> dict[Queue, int]:
    """How many cases each list of this officer holds."""
    numbers = [func.count().filter(_in(queue, officer)) for queue in Queue]
    query = select(*numbers).select_from(Case)
    if sieve.words:
        query = query.join(Enquiry, Enquiry.id == Case.enquiry_id)
    row = await unit.session.execute(query.where(*_wanted(sieve)))
    return dict(zip(Queue, row.one(), strict=True))


async def listed(
    unit: Unit,
    queue: Queue,
    officer: str,
    *,
    limit: int,
    sieve: Sieve = NO_SIEVE,
    offset: int = 0,
) -> list[OpenCase]:
    """A piece of one list, the oldest case first."""
    oldest_first = (Case.opened_at, Case.id)
    # Cases are chosen first, so that enquiries are read for those alone that are shown.
    chosen = select(Case.id).where(*_wanted(sieve), _in(queue, officer)).order_by(*oldest_first)
    if sieve.words:
        chosen = chosen.join(Enquiry, Enquiry.id == Case.enquiry_id)
    ids = chosen.limit(limit).offset(offset).subquery()
    lines = columns_of_lines().join(ids, ids.c.id == Case.id)
    return await read_lines(unit, lines.order_by(*oldest_first))


def columns_of_lines() -> Select[*tuple[Any, ...]]:
    """What a list shows of each case."""
    return select(
        *(Case.id, Enquiry.reference, Enquiry.subject, Enquiry.requester_name),
        *(Case.state, Case.types, Case.flags, Case.officer_name, Case.opened_at),
        *(Case.snoozed_until, Case.slack_channel, Case.slack_ts),
    ).join(Enquiry, Enquiry.id == Case.enquiry_id)


async def line_of(unit: Unit, case_id: int) -> OpenCase:
    """One case as a list shows it. Raises UnknownCase."""
    found = await read_lines(unit, columns_of_lines().where(Case.id == case_id))
    if not found:
        raise UnknownCase(case_id)
    return found[0]


async def read_lines(unit: Unit, lines: Select[*tuple[Any, ...]]) -> list[OpenCase]:
    """The cases that a query made of `columns_of_lines` finds."""
    rows = await unit.session.execute(lines)
    return [OpenCase.model_validate(dict(row)) for row in rows.mappings()]


def _in(queue: Queue, officer: str) -> ColumnElement[bool]:
    theirs, waits = Case.officer == officer, Case.state == CaseState.WAITING
    return {
        Queue.MINE: and_(theirs, ~waits),
        Queue.UNCLAIMED: Case.officer.is_(None),
        Queue.TEAM: and_(Case.officer.is_not(None), ~theirs),
        Queue.WAITING: and_(theirs, waits),
        # What was offered and then sent or withdrawn is a JSON null.
        Queue.APPROVALS: func.jsonb_typeof(Case.answer) == "object",
    }[queue]


def _wanted(sieve: Sieve) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = [Case.state.in_(UNRESOLVED)]
    if sieve.kind:
        wanted.append(Case.types.contains([sieve.kind]))
    if sieve.state:
        wanted.append(Case.state == sieve.state if sieve.state in UNRESOLVED else false())
    named = (Enquiry.reference, Enquiry.subject, Enquiry.requester, Enquiry.requester_name)
    wanted.extend(
        or_(*(one.icontains(word, autoescape=True) for one in (*named, Case.summary)))
        for word in sieve.words.split()[:MOST_WORDS]
    )
    return wanted
