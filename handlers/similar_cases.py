"""Past cases like a new one, and how they ended: what an officer would ask a colleague.

Found by words among all cases, in memory, then ordered by sense where there is an encoder. Only
cases that ended are shown, since only they say how such a matter goes.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Row, select

from handlers.case_life import ENDINGS
from handlers.case_view import CaseView, Masked
from handlers.tables import Case, CaseState, Enquiry
from handlers.unit import Unit
from knowledge.growing import GrowingIndex
from knowledge.search import Encode, Vectors

SHOWN = 3
KEPT = 10_000
"""Latest cases that are compared."""
BY_WORDS = 200
"""Cases alike by words of which the database is asked whether they ended."""
BY_SENSE = 12
"""Of those, how many are encoded: each takes milliseconds the first time."""
READ = 300
"""Characters of a summary that are encoded."""
VECTORS = 4000
"""Vectors kept, 6 MB."""
LIKE_BY_SENSE = 0.57
"""Cosine from which four of five cases are of the same type and three of four of the same topic
(among 450 labelled messages that went to a person)."""
LIKE_BY_WORDS = 0.2
"""Share of words held in common, where there is no encoder; then three of five are."""
LATE = 200
"""Cases may be committed out of the order of their numbers: so many are looked at again."""


class SimilarCase(BaseModel):
    """A case that ended, like another."""

    model_config = ConfigDict(frozen=True)

    reference: str
    summary: Masked
    resolution: str | None
    officer_name: str | None
    resolved_at: datetime | None

    @property
    def ended(self) -> str:
        """How it ended, in words."""
        return ENDINGS.get(self.resolution or "", "Resolved")


class PastCases:
    """All cases as far as comparing needs them, kept in memory and brought up to date by use.

    Args:
        encoder: orders what words find by sense; None leaves it at words.
    """

    def __init__(self, encoder: Encode | None = None) -> None:
        self._encoder = encoder
        self._index = GrowingIndex()
        self._latest = 0
        self._vectors: OrderedDict[int, Vectors] = OrderedDict()
        self._alone = asyncio.Lock()

    async def like(self, unit: Unit, case: CaseView) -> tuple[SimilarCase, ...]:
        """The ended cases most like this one, best first; none where none is like it."""
        async with self._alone:
            await self._catch_up(unit)
            found = await asyncio.to_thread(self._index.best, case.summary, BY_WORDS)
            by_words = {number: score for number, score in found if number != case.id}
            ended = await _ended(unit, list(by_words), case.requester)
            ended.sort(key=lambda row: -by_words[row.id])
            if self._encoder is None:
                near = [row for row in ended if by_words[row.id] >= LIKE_BY_WORDS]
            else:
                nearest = ended[:BY_SENSE]
                near = await asyncio.to_thread(self._by_sense, self._encoder, case, nearest)
        return tuple(_similar(row) for row in near[:SHOWN])

    async def _catch_up(self, unit: Unit) -> None:
        if len(self._index) > 2 * KEPT:
            self._index, self._latest = GrowingIndex(), 0
        rows = await unit.session.execute(
            select(Case.id, Case.summary)
            .where(Case.id > self._latest - LATE)
            .order_by(Case.id.desc())
            .limit(KEPT)
        )
        texts = [(number, summary) for number, summary in rows]
        await asyncio.to_thread(self._index.add, texts)
        self._latest = max([self._latest, *(number for number, _ in texts)])

    def _by_sense(
        self, encoder: Encode, case: CaseView, rows: Sequence[Row[Any]]
    ) -> list[Row[Any]]:
        """Those that are like the case in sense, the nearest first. Plain work, for a thread."""
        texts = {case.id: case.summary, **{row.id: row.summary for row in rows}}
        new = [number for number in texts if number not in self._vectors]
        if new:
            made = encoder.encode([texts[number][:READ] for number in new])
            self._vectors.update(zip(new, made, strict=True))
        for number in texts:
            self._vectors.move_to_end(number)
        own = self._vectors[case.id]
        likeness = {row.id: float(self._vectors[row.id] @ own) for row in rows}
        while len(self._vectors) > VECTORS:
            self._vectors.popitem(last=False)
        near = [row for row in rows if likeness[row.id] >= LIKE_BY_SENSE]
        return sorted(near, key=lambda row: -likeness[row.id])


async def _ended(unit: Unit, numbers: list[int], requester: str) -> list[Row[Any]]:
    """Of these cases those that are resolved. The same person's stand in their history."""
    found = await unit.session.execute(
        select(
            Case.id,
            Case.summary,
            Case.resolution,
            Case.officer_name,
            Case.resolved_at,
            Enquiry.reference,
        )
        .join(Enquiry, Enquiry.id == Case.enquiry_id)
        .where(
            Case.id.in_(numbers),
            Case.state == CaseState.RESOLVED,
            Enquiry.requester != requester,
        )
    )
    return [*found]


def _similar(row: Row[Any]) -> SimilarCase:
    return SimilarCase.model_validate(dict(row._mapping))  # noqa: SLF001 -- SQLAlchemy's public name
