"""What a person does with a gap: edits its draft, dismisses it, or says which article closed it."""

import hashlib
from typing import Any

from sqlalchemy import select

from handlers.articles import record
from handlers.knowledge_tables import Gap, GapState
from handlers.unit import Unit

LONGEST_DRAFT = 40_000
LONGEST_NOTE = 2_000


class GapError(Exception):
    """What was asked for was not done; the text says why, fit for who asked."""


class UnknownGapError(GapError):
    """No gap has this number."""

    def __init__(self, gap_id: int) -> None:
        super().__init__(f"There is no gap with the number {gap_id}; it may have been made anew.")


class StaleGapError(GapError):
    """The gap changed since the page was drawn."""

    def __init__(self) -> None:
        super().__init__(
            "This gap changed in the meantime, so nothing was done. "
            "Please look at it as it is now, then decide again."
        )


def seen(gap: Gap) -> str:
    """What the gap looked like when a page was drawn, to tell whether it changed since."""
    drawn = "\n".join([gap.state, gap.draft, gap.article or "", *map(str, gap.enquiries)])
    return hashlib.sha256(drawn.encode()).hexdigest()[:16]


async def save_draft(unit: Unit, gap_id: int, as_seen: str, text: str) -> Gap:
    """Keep a person's draft; from now on the gap is theirs. Raises GapError."""
    gap = await _begin(unit, gap_id, as_seen)
    words = text.replace("\r\n", "\n").strip()
    if not words:
        raise GapError("The draft is empty.")
    if len(words) > LONGEST_DRAFT:
        raise GapError(f"The draft is longer than {LONGEST_DRAFT:,} characters.")
    if gap.state == GapState.PUBLISHED:
        raise GapError("This gap is closed by an article; please edit that.")
    gap.draft, gap.state = f"{words}\n", GapState.DRAFTED
    return gap


async def dismiss(unit: Unit, gap_id: int, as_seen: str, note: str) -> Gap:
    """Say that no article is to come of it, and why. Raises GapError."""
    gap = await _begin(unit, gap_id, as_seen)
    why = note.strip()
    if not why:
        raise GapError("Please say in a note why no article is needed.")
    if len(why) > LONGEST_NOTE:
        raise GapError(f"The note is longer than {LONGEST_NOTE:,} characters.")
    if gap.state == GapState.PUBLISHED:
        raise GapError("This gap is closed by an article.")
    gap.state = GapState.DISMISSED
    gap.detail = await _noted(unit, gap, note=why)
    return gap


async def publish(unit: Unit, gap_id: int, as_seen: str, article: str) -> Gap:
    """Name the approved article that closed it, and have its effect measured. Raises GapError."""
    gap = await _begin(unit, gap_id, as_seen)
    name = article.strip()
    if not await _is_approved(unit, name):
        raise GapError(f"There is no approved article with the id {name[:80]!r}.")
    gap.state, gap.article = GapState.PUBLISHED, name
    now = (await unit.now()).isoformat()
    gap.detail = {**gap.detail, "published_at": now}
    return gap


async def note_begun(unit: Unit, gap_id: int, article: str) -> None:
    """Keep that an article was begun of a gap's draft, so that it is found from there.

    A gap that is closed or was made anew meanwhile stays as it is: the article needs it no more.
    """
    row = await unit.session.execute(select(Gap).where(Gap.id == gap_id).with_for_update())
    gap = row.scalar_one_or_none()
    if gap is not None and gap.state in {GapState.OPEN, GapState.DRAFTED}:
        gap.state = GapState.DRAFTED
        gap.detail = {**gap.detail, "begun": article}


async def _begin(unit: Unit, gap_id: int, as_seen: str) -> Gap:
    row = await unit.session.execute(select(Gap).where(Gap.id == gap_id).with_for_update())
    gap = row.scalar_one_or_none()
    if gap is None:
        raise UnknownGapError(gap_id)
    if seen(gap) != as_seen:
        raise StaleGapError
    return gap


async def _noted(unit: Unit, gap: Gap, *, note: str) -> dict[str, Any]:
    return {**gap.detail, "note": note, "dismissed_at": (await unit.now()).isoformat()}


async def _is_approved(unit: Unit, name: str) -> bool:
    """Whether an article of this id is in use and approved."""
    one = await record(unit, name)
    return one is not None and one.used is not None and one.used.front.status == "approved"
