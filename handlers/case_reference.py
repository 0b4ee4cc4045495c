"""What a reference that somebody typed or linked stands for."""

import re
from dataclasses import dataclass

from sqlalchemy import select

from handlers.references import PATTERN
from handlers.tables import Case, Enquiry
from handlers.unit import Unit

_IN_PATH = re.compile(r"/cases/([A-Z0-9-]{5,40})/?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Named:
    """An enquiry by its reference; without a case it was answered or recorded by itself."""

    reference: str
    case_id: int | None


async def named(unit: Unit, reference: str) -> Named | None:
    """What this reference names; None where nothing has it."""
    row = await unit.session.execute(
        select(Enquiry.reference, Case.id)
        .outerjoin(Case, Case.enquiry_id == Enquiry.id)
        .where(Enquiry.reference == reference)
    )
    found = row.one_or_none()
    return None if found is None else Named(*found)


def reference_in(text: str) -> str | None:
    """The first reference in a text, as it is kept; None where there is none."""
    found = PATTERN.search(text)
    return found[0].upper() if found else None


def reference_of_path(path: str) -> str | None:
    """The reference in the address of a case's page."""
    found = _IN_PATH.search(path)
    return reference_in(found[1]) if found else None
