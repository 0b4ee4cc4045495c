"""The two jobs: a message is read, decided and followed through; an effect is handed over."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog

from bot.faults import fault
from handlers.delivery import Delivery
from handlers.desk import Desk
from handlers.enquiries import Arrival
from handlers.errors import AlreadyDoneError, StoreUnavailableError
from handlers.inbound import Waiting, waiting
from handlers.outbox import unfinished as unfinished_effects
from handlers.receive import Decide, judge, receive
from handlers.set_aside import MOST_FAILURES, note_failure, set_aside
from handlers.set_aside import unfinished as unfinished_messages
from handlers.unit import Job, Store

log = structlog.get_logger(__name__)

MOST_STARTS = 20
"""A message whose worker died this often is taken for the cause, and set aside."""


class MessageFailedError(Exception):
    """A message could not be followed through; the text is what may be logged of it."""


Read = Callable[[Waiting], Arrival]
"""Reads what was accepted; one for each channel."""


@dataclass(frozen=True, slots=True)
class Pipeline:
    """What a worker does with a job."""

    store: Store
    desk: Desk
    decide: Decide
    readers: dict[str, Read]
    delivery: Delivery

    async def triage(self, inbound_id: int, starts: int) -> None:
        """Read, decide and follow through one message; after three failures set it aside."""
        if starts >= MOST_STARTS:
            await self._set_aside(inbound_id)
            return
        try:
            await self._receive(inbound_id)
        except AlreadyDoneError:
            return
        except StoreUnavailableError:
            raise  # not the message's fault: tried again without counting
        except Exception as error:  # noqa: BLE001  the edge of a job: kept with the message
            why = fault(error)
            log.warning("message failed", inbound=inbound_id, error=why)
            async with self.store.unit() as unit:
                failures = await note_failure(unit, inbound_id, why)
            if failures < MOST_FAILURES:
                # The engine logs what it is given, so it is not given the error itself.
                raise MessageFailedError(why) from None
            await self._set_aside(inbound_id)

    async def deliver(self, outgoing_id: int, starts: int) -> None:
        """Hand over one effect; a fault of our own uses up one of its tries.

        So does a worker that died of it again and again.
        """
        if starts >= MOST_STARTS:
            await self.delivery.fault(outgoing_id, "its worker stopped each time")
            return
        try:
            await self.delivery.deliver(outgoing_id)
        except StoreUnavailableError:
            raise
        except Exception as error:  # noqa: BLE001  the edge of a job: kept with the effect
            log.warning("effect failed", outgoing=outgoing_id, error=fault(error))
            await self.delivery.fault(outgoing_id, fault(error))

    async def sweep(self, older_than: timedelta) -> int:
        """Start again what nobody is working on; it should find nothing, and says so if not."""
        async with self.store.unit() as unit:
            messages = await unfinished_messages(unit, older_than=older_than)
            effects = await unfinished_effects(unit, older_than=older_than)
            for inbound_id in messages:
                unit.defer(Job("triage", inbound_id))
            for outgoing_id in effects:
                unit.defer(Job("deliver", outgoing_id))
        if messages or effects:
            log.warning("sweeper started work again", messages=messages, effects=effects)
        return len(messages) + len(effects)

    async def _receive(self, inbound_id: int) -> None:
        async with self.store.statement() as unit:
            found = await waiting(unit, inbound_id)
        if found is None:
            return
        if found.failures >= MOST_FAILURES:  # it was never taken, or we died on setting it aside
            await self._set_aside(inbound_id)
            return
        arrival = await asyncio.to_thread(self.readers[found.channel], found)
        judged = await asyncio.to_thread(judge, self.decide, arrival.message)
        async with self.store.unit() as unit:
            outcome = await receive(unit, arrival, judged, self.desk)
        log.info(
            "message done",
            inbound=inbound_id,
            outcome=outcome.what,
            reference=outcome.reference,
            route=str(judged.decision.route),
            ms=round(judged.milliseconds, 1),
        )

    async def _set_aside(self, inbound_id: int) -> None:
        async with self.store.unit() as unit:
            reference = await set_aside(unit, inbound_id, self.desk)
        log.warning("message set aside", inbound=inbound_id, reference=reference)
