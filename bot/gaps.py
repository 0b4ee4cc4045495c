"""The weekly look for gaps in what is known, and for what closing one did; done every morning.

Gaps are of whole weeks, so new ones appear on Mondays. On other mornings officers have replied to
more of them, and drafts that nobody has touched grow.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime

import structlog

from bot.brain import Brain
from bot.faults import fault
from handlers.gap_effects import keep_effect, measure, watched
from handlers.gaps import find_gaps, keep_gaps, today_of, untouched_enquiries
from handlers.knowledge_tables import Gap
from handlers.unit import Store
from handlers.weeks import Week
from triage.model import Thresholds

GAPS_AT = "15 5 * * *"
"""When they are looked for: each morning at a quarter past five, when little else is done."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class GapSearch:
    """Looks for gaps with what decides. The brain's own library says what is covered."""

    store: Store
    brain: Brain

    async def morning(self, now: datetime) -> None:
        """Make the gaps of the last whole week, and measure what was closed lately.

        A fault is logged without what people wrote; the next morning tries again.
        """
        week = Week.last_whole(now)
        try:
            gaps, effects = await self.make(week), await self.measure_effects()
        except Exception as error:  # noqa: BLE001 -- the edge of a job: its log holds no text
            log.warning("gaps failed", week=week.name, error=fault(error))
            return
        log.info("gaps made", week=week.name, gaps=len(gaps), effects=effects)

    async def make(self, week: Week) -> list[Gap]:
        """The gaps of a week, made or brought up to date; what a person touched stays as it is."""
        async with self.store.unit() as unit:
            enquiries, today = await untouched_enquiries(unit, week), await today_of(unit)
        found = await asyncio.to_thread(
            find_gaps,
            enquiries,
            self.brain.library,
            self.brain.encoder,
            floor=self._floor(),
            today=today,
        )
        async with self.store.unit() as unit:
            return await keep_gaps(unit, week, found)

    async def measure_effects(self) -> int:
        """Measure each gap that was closed lately; how many there were."""
        async with self.store.unit() as unit:
            closed = await watched(unit)
        for gap in closed:
            effect = await asyncio.to_thread(measure, gap, self.brain.encoder)
            async with self.store.unit() as unit:
                await keep_effect(unit, gap.id, effect)
        return len(closed)

    def _floor(self) -> float:
        """The score of a passage that carries an answer, as decisions use it."""
        model, library = self.brain.model, self.brain.library
        thresholds = model.card.thresholds if model else Thresholds()
        return thresholds.passage_by_words if library.by_words_alone else thresholds.passage
