"""Regular work by the clocks of cases: reminders and escalation, and closing after silence."""

from dataclasses import dataclass
from datetime import datetime

import structlog

from bot.faults import fault
from handlers.desk import Desk
from handlers.reminders import Look, Reminding
from handlers.silence import PAGE, Patience, Silent, follow, silent_cases
from handlers.unit import Store

CLOCKS_AT = "*/5 * * * *"
"""When clocks are looked at: every five minutes."""
SILENCE_AT = "20 * * * *"
"""When silence is looked for: every hour, and acted on while the service is open."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ClockWatch:
    """Reminds officers of what is due soon, and tells leads what is late."""

    store: Store
    desk: Desk
    how: Reminding

    async def look(self, now: datetime) -> None:
        """Look at every case that is not resolved, some at a time.

        After a fault the next look tries again.
        """
        look, notes = Look(self.desk.clocks, self.how, now), 0
        last: int | None = 0
        while last is not None:
            try:
                async with self.store.unit() as unit:
                    last, written = await look.remind(unit, after=last)
            except Exception as error:  # noqa: BLE001 -- the edge of a job: its log holds no text
                log.warning("clocks failed", error=fault(error))
                return
            notes += written
        if notes:
            log.info("clocks told", notes=notes)


@dataclass(frozen=True, slots=True)
class SilenceWatch:
    """Warns enquirers who are silent, and closes their cases."""

    store: Store
    desk: Desk
    patience: Patience

    async def look(self, now: datetime) -> None:
        """Follow up each case that waits, in a transaction of its own."""
        last, done = 0, 0
        while True:
            async with self.store.unit() as unit:
                found = await silent_cases(unit, after=last)
            for silent in found:
                done += await self._follow(silent, now)
            if len(found) < PAGE:
                break
            last = found[-1].case_id
        if done:
            log.info("silence followed up", cases=done)

    async def _follow(self, silent: Silent, now: datetime) -> bool:
        """Whether something was done; one case's fault does not keep the others back."""
        try:
            async with self.store.unit() as unit:
                return await follow(unit, silent, self.patience, self.desk, now) is not None
        except Exception as error:  # noqa: BLE001 -- as above
            log.warning("silence failed", case=silent.case_id, error=fault(error))
            return False
