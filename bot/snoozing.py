"""Snoozed cases come back by the clock: every minute those are woken whose time has come."""

from dataclasses import dataclass
from datetime import datetime

import structlog

from bot.faults import fault
from handlers.planning import AT_ONCE, wake_due
from handlers.unit import Store

EACH_MINUTE = "* * * * *"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Waking:
    """Wakes what is due."""

    store: Store

    async def minute(self, now: datetime) -> None:
        """Wake all that is due; a fault is logged, and the next minute tries again."""
        del now
        try:
            woken = AT_ONCE
            while woken == AT_ONCE:
                async with self.store.unit() as unit:
                    woken = await wake_due(unit)
        except Exception as error:  # noqa: BLE001 -- the edge of a job: its log holds no text
            log.warning("snoozed cases were not woken", error=fault(error))
