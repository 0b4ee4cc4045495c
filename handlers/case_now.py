"""What of a case is true at this moment only, or of it beside others: for those who work it."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlalchemy import and_, cast, func, or_, select
from sqlalchemy.dialects.postgresql import TIMESTAMP

from handlers.case_files import CaseFile, files_of
from handlers.case_life import SENDS, Action
from handlers.case_tables import CaseLink, CasePresence, Priority
from handlers.tables import Case, CaseEvent, Enquiry, Outgoing, OutgoingState
from handlers.unit import Unit

MOST_LINKS = 10


class LinkView(BaseModel):
    """Another case that this one belongs to, or that belongs to this one."""

    model_config = ConfigDict(frozen=True)

    reference: str
    kind: str
    """As in `LinkKind`."""
    from_here: bool
    """Whether this case is the first of the two, such as the duplicate."""


class CaseNow(BaseModel):
    """Priority, snooze, links, who is writing, and whether the last mail can be taken back."""

    model_config = ConfigDict(frozen=True)

    priority: Priority = Priority.NORMAL
    snoozed_until: datetime | None = None
    merged_into: str | None = None
    """The reference of the enquiry that holds its messages now."""
    links: tuple[LinkView, ...] = ()
    files: tuple[CaseFile, ...] = ()
    """What the enquirer sent with their mails."""
    writing: tuple[str, ...] = ()
    """Names of officers who have a reply open."""
    undo: int | None = None
    """The version at which a mail was written that has not left yet."""
    copies: tuple[str, ...] = ()
    """Who was in copy of the mail that was taken back, until another is sent."""


async def case_now(unit: Unit, case: Case, enquiry: Enquiry) -> CaseNow:
    """The moment's truth about a case."""
    return CaseNow(
        priority=Priority(case.priority),
        snoozed_until=case.snoozed_until,
        merged_into=await _reference(unit, enquiry.merged_into),
        links=await _links(unit, case.id),
        files=await files_of(unit, enquiry.id),
        writing=await _writing(unit, case.id),
        undo=await _undo(unit, case),
        copies=await _copies(unit, case.id),
    )


async def _reference(unit: Unit, enquiry_id: int | None) -> str | None:
    if enquiry_id is None:
        return None
    row = await unit.session.execute(select(Enquiry.reference).where(Enquiry.id == enquiry_id))
    return row.scalar_one()


async def _links(unit: Unit, case_id: int) -> tuple[LinkView, ...]:
    rows = await unit.session.execute(
        select(Enquiry.reference, CaseLink.kind, CaseLink.case_id == case_id)
        .select_from(CaseLink)
        .join(
            Case,
            or_(
                and_(CaseLink.case_id == case_id, Case.id == CaseLink.other_id),
                and_(CaseLink.other_id == case_id, Case.id == CaseLink.case_id),
            ),
        )
        .join(Enquiry, Enquiry.id == Case.enquiry_id)
        .order_by(CaseLink.id)
        .limit(MOST_LINKS)
    )
    return tuple(
        LinkView(reference=reference, kind=kind, from_here=here) for reference, kind, here in rows
    )


async def _writing(unit: Unit, case_id: int) -> tuple[str, ...]:
    rows = await unit.session.execute(
        select(CasePresence.officer_name)
        .where(CasePresence.case_id == case_id, CasePresence.until > func.now())
        .order_by(CasePresence.officer_name)
    )
    return tuple(rows.scalars())


async def _undo(unit: Unit, case: Case) -> int | None:
    held_until = cast(CaseEvent.detail["held_until"].astext, TIMESTAMP(timezone=True))
    row = await unit.session.execute(
        select(CaseEvent.version)
        .join(Outgoing, Outgoing.key == CaseEvent.detail["mail"].astext)
        .where(
            CaseEvent.case_id == case.id,
            CaseEvent.kind.in_(SENDS),
            held_until > func.now(),
            Outgoing.state == OutgoingState.READY,
        )
        .order_by(CaseEvent.version.desc())
        .limit(1)
    )
    return row.scalar_one_or_none()


async def _copies(unit: Unit, case_id: int) -> tuple[str, ...]:
    row = await unit.session.execute(
        select(CaseEvent.kind, CaseEvent.detail)
        .where(CaseEvent.case_id == case_id, CaseEvent.kind.in_((*SENDS, Action.UNDO)))
        .order_by(CaseEvent.version.desc())
        .limit(1)
    )
    last = row.one_or_none()
    return tuple(last.detail.get("copies") or ()) if last and last.kind == Action.UNDO else ()
