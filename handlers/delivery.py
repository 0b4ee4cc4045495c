"""Handing outgoing effects over, and what their result means for them.

A transport (mail, Slack) knows how to do an effect; this knows what follows: sent, tried again,
given up with a case officer told, or held because nobody can say whether it left.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, Protocol, get_args

from handlers.enquiries import case_of
from handlers.errors import StoreUnavailableError
from handlers.freshness import decided_since
from handlers.letters import Letter, Template
from handlers.notices import note_delivery
from handlers.outbox import (
    RETRY_SECONDS,
    move,
    postpone,
    read,
    refuse,
    sent,
    take,
    take_over,
    wait,
)
from handlers.tables import Outgoing, OutgoingState
from handlers.unit import Job, Store, Unit

FRESH = timedelta(minutes=1)
"""An answer as young as this is sent as it was checked when it was written."""
KEEP_AGAIN_SECONDS = (0.5, 1, 2, 4, 8, 15, 30)
"""Waits between tries to keep a result while the database is away, a minute in all."""


@dataclass(frozen=True, slots=True)
class Sent:
    """The other side has it, and said this."""

    receipt: str
    copy: bytes | None = None
    """A mail as it was handed over, byte for byte."""


@dataclass(frozen=True, slots=True)
class Later:
    """It certainly did not happen, and may work later; the wait is the other side's wish."""

    why: str
    after_seconds: float | None = None
    counts: bool = True
    """False where the effect is not to blame, so that this uses up none of its tries."""
    at_least: float = 0
    """Seconds below which no wait makes sense; the usual waits grow beyond it."""


@dataclass(frozen=True, slots=True)
class Refused:
    """It certainly did not happen, and never will."""

    why: str


@dataclass(frozen=True, slots=True)
class InDoubt:
    """It may have happened: the other side went silent after the point of no return."""

    why: str


@dataclass(frozen=True, slots=True)
class AlreadyTaken:
    """Another worker is doing it, or has done it."""


Result = Sent | Later | Refused | InDoubt | AlreadyTaken
Take = Callable[[], Awaitable[bool]]
"""Called just before the point of no return; False means that another worker has it."""


class Transport(Protocol):
    """A way out into the world."""

    async def deliver(self, outgoing: Outgoing, take_it: Take) -> Result:
        """Do the effect. Raises nothing that the other side can cause."""
        ...

    async def find(self, outgoing: Outgoing) -> Sent | Later | InDoubt:
        """What became of an effect in doubt: it happened, it did not, or it cannot be asked."""
        ...


@dataclass(frozen=True, slots=True)
class Delivery:
    """Hands effects over through the transport that each names."""

    store: Store
    transports: dict[str, Transport]
    in_doubt: Literal["hold", "resend"]
    patience: timedelta
    """How long a hand-over may take before its worker is taken for dead."""

    async def deliver(self, outgoing_id: int) -> None:
        """Do one effect, if nobody did; keep the result."""
        async with self.store.statement() as unit:
            outgoing = await read(unit, outgoing_id)
        if outgoing is None:
            return
        if outgoing.state == OutgoingState.READY:
            await self._hand_over(outgoing)
        elif outgoing.state == OutgoingState.SENDING and await self._taken_over(outgoing):
            await self._settle_doubt(outgoing)

    async def _taken_over(self, outgoing: Outgoing) -> bool:
        """Whether its worker is gone and the doubt is ours to settle; else look at it later."""
        async with self.store.unit() as unit:
            ours = await self._is_stale(unit, outgoing) and await take_over(unit, outgoing)
            if not ours:
                self._look_again(unit, outgoing)
        return ours

    async def _hand_over(self, outgoing: Outgoing) -> None:
        state = OutgoingState.READY

        async def take_it() -> bool:
            nonlocal state
            async with self.store.statement() as unit:
                taken = await take(unit, outgoing.id)
            if taken:
                state = OutgoingState.SENDING
            return taken

        if why := await self._lapsed(outgoing):
            await self._kept(outgoing, Refused(why), state)
            return
        result = await self.transports[outgoing.transport].deliver(outgoing, take_it)
        for seconds in KEEP_AGAIN_SECONDS:
            try:
                await self._kept(outgoing, result, state)
            except StoreUnavailableError:
                # Nobody else knows the result: forgotten, it would leave the effect in doubt.
                await asyncio.sleep(seconds)
            else:
                return
        await self._kept(outgoing, result, state)

    async def _lapsed(self, outgoing: Outgoing) -> str | None:
        """Why an answer that waited may not leave any more: its guidance was retired meanwhile."""
        # By this host's clock: asking the database's would cost each answer a round trip.
        if outgoing.kind != "answer" or datetime.now(UTC) - outgoing.created_at < FRESH:
            return None
        content = Letter.model_validate(outgoing.payload).content
        async with self.store.unit() as unit:
            why = await decided_since(unit, content)
        return why and f"It waited, and meanwhile {why}"

    async def _kept(self, outgoing: Outgoing, result: Result, before: OutgoingState) -> None:
        if isinstance(result, Sent):
            async with self.store.statement() as unit:
                await sent(unit, outgoing.id, result.receipt, result.copy)
            return
        async with self.store.unit() as unit:
            await self._keep(unit, outgoing, result, before)

    async def _keep(
        self, unit: Unit, outgoing: Outgoing, result: Result, before: OutgoingState
    ) -> None:
        """What follows where it was not sent; `before` is how our own hand-over left it."""
        match result:
            case Later(why, after_seconds, counts=False):
                seconds = after_seconds or RETRY_SECONDS[0]
                await wait(unit, outgoing, why, before=before, seconds=seconds)
            case Later(why, after_seconds, at_least=least):
                if not await postpone(
                    unit, outgoing, why, before=before, after_seconds=after_seconds, at_least=least
                ):
                    await tell_officers(unit, outgoing)
            case Refused(why):
                if await refuse(unit, outgoing, why, before=before):
                    await tell_officers(unit, outgoing)
            case InDoubt(why) if self.in_doubt == "resend":
                await self._keep(unit, outgoing, Later(why, after_seconds=1), before)
            case InDoubt(why):
                await self._hold(unit, outgoing, why)
            case Sent() | AlreadyTaken():
                pass

    async def fault(self, outgoing_id: int, why: str) -> None:
        """It failed for a reason of our own, which uses up a try, so that officers hear of it.

        What was in hand then is in doubt, and looked at again when its time is over.
        """
        async with self.store.unit() as unit:
            outgoing = await read(unit, outgoing_id)
            if outgoing is None:
                return
            if outgoing.state == OutgoingState.READY:
                # A transport may have kept in the error what it knows of an earlier try.
                later = Later(outgoing.error or why)
                await self._keep(unit, outgoing, later, OutgoingState.READY)
            elif outgoing.state == OutgoingState.SENDING:
                self._look_again(unit, outgoing)

    def _look_again(self, unit: Unit, outgoing: Outgoing) -> None:
        wait = self.patience.total_seconds()
        unit.defer(Job("deliver", outgoing.id, delay_seconds=wait))

    async def _settle_doubt(self, outgoing: Outgoing) -> None:
        """Ask the other side where that is possible; else hold it, or send it again, as set."""
        found = await self.transports[outgoing.transport].find(outgoing)
        await self._kept(outgoing, found, OutgoingState.SENDING)

    async def _hold(self, unit: Unit, outgoing: Outgoing, why: str) -> None:
        if await move(
            unit,
            outgoing.id,
            before=OutgoingState.SENDING,
            after=OutgoingState.HELD,
            error=why[:500],
        ):
            await tell_officers(unit, outgoing)

    async def _is_stale(self, unit: Unit, outgoing: Outgoing) -> bool:
        now = await unit.now()
        return outgoing.sending_at is not None and outgoing.sending_at < now - self.patience


async def tell_officers(unit: Unit, outgoing: Outgoing) -> None:
    """Have officers told in Slack that a letter failed for good, or is held for them to judge."""
    if outgoing.kind in get_args(Template):
        case = await case_of(unit, outgoing.enquiry_id)
        await note_delivery(unit, outgoing, None if case is None else case.id)
