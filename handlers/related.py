"""Cases that belong together: found by a reference, linked, or one the duplicate of another."""

from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from handlers.case_life import Action
from handlers.case_tables import CaseLink, LinkKind
from handlers.cases import Press, advance, begin, end
from handlers.errors import NotAllowed
from handlers.notices import draw_card_later
from handlers.references import PATTERN
from handlers.tables import Case, Enquiry
from handlers.unit import Unit


class Pair(NamedTuple):
    """The case that was pressed, and the one that its officer named; both are locked."""

    case: Case
    enquiry: Enquiry
    other: Case
    other_enquiry: Enquiry


async def current(unit: Unit, enquiry: Enquiry) -> Enquiry:
    """The enquiry itself, or the one that it was merged into."""
    if enquiry.merged_into is None:
        return enquiry
    return await unit.session.get_one(Enquiry, enquiry.merged_into)


async def pair(unit: Unit, press: Press, action: Action, named: str) -> Pair:
    """Both cases, if this officer may do this to the first. Raises CaseError."""
    other_enquiry = await _named(unit, named)
    row = await unit.session.execute(select(Case.id).where(Case.enquiry_id == other_enquiry.id))
    other_id = row.scalar_one_or_none()
    if other_id is None:
        raise NotAllowed(f"{other_enquiry.reference} was answered without a case.")
    # In one order, so that two officers who join the same two cases do not wait for each other.
    await unit.session.execute(
        select(Case.id)
        .where(Case.id.in_((press.case_id, other_id)))
        .order_by(Case.id)
        .with_for_update()
    )
    case = await begin(unit, press, action)
    if case.id == other_id:
        raise NotAllowed("That is the reference of this case itself.")
    return Pair(
        case,
        await unit.session.get_one(Enquiry, case.enquiry_id),
        await unit.session.get_one(Case, other_id),
        other_enquiry,
    )


async def link(unit: Unit, press: Press, named: str) -> Case:
    """Have both cards name the other case. Raises CaseError."""
    two = await pair(unit, press, Action.LINK, named)
    await keep_link(unit, two.case, two.other, LinkKind.RELATED)
    detail = {"to": two.other_enquiry.reference}
    await advance(unit, two.case, Action.LINK, press.officer, detail)
    return two.case


async def mark_duplicate(unit: Unit, press: Press, named: str) -> Case:
    """End the case as a duplicate of another, which goes on. Raises CaseError."""
    two = await pair(unit, press, Action.MARK_DUPLICATE, named)
    if two.other.resolution == "duplicate":
        reference = two.other_enquiry.reference
        raise NotAllowed(f"{reference} is a duplicate itself. Please name the case that goes on.")
    await keep_link(unit, two.case, two.other, LinkKind.DUPLICATE)
    await end(unit, two.case, "duplicate")
    detail = {"of": two.other_enquiry.reference, "resolution": "duplicate"}
    await advance(unit, two.case, Action.MARK_DUPLICATE, press.officer, detail)
    return two.case


async def keep_link(unit: Unit, case: Case, other: Case, kind: LinkKind) -> None:
    """Remember how two cases belong together, and have the other's card say so."""
    row = await unit.session.execute(
        insert(CaseLink)
        .values(case_id=case.id, other_id=other.id, kind=kind)
        .on_conflict_do_nothing()
        .returning(CaseLink.id)
    )
    # A duplicate that was reopened may turn out to be one after all.
    if row.scalar_one_or_none() is None and kind is LinkKind.RELATED:
        raise NotAllowed("The two cases are linked already.")
    await draw_card_later(unit, other, 0)


async def _named(unit: Unit, named: str) -> Enquiry:
    found = PATTERN.search(named)
    if found is None:
        raise NotAllowed("Please write a reference, such as ENQ-7K3MQD-4T9P.")
    reference = found.group(0).upper()
    row = await unit.session.execute(select(Enquiry).where(Enquiry.reference == reference))
    enquiry = row.scalar_one_or_none()
    if enquiry is None:
        raise NotAllowed(f"There is no enquiry {reference}.")
    return await current(unit, enquiry)
