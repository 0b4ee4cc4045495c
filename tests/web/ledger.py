"""Writes decisions, cases and effects straight into a database, at the times that a test names."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import count

from psycopg import AsyncConnection
from sqlalchemy import func

from handlers.tables import (
    Case,
    CaseState,
    Enquiry,
    Inbound,
    InboundState,
    Outgoing,
    OutgoingState,
    StoredDecision,
    StoredMessage,
)
from handlers.unit import Job, Store, Unit


class NoJobs:
    """A queue that nothing may be put into: reading figures causes no work."""

    async def defer(self, jobs: Sequence[Job], connection: AsyncConnection[object]) -> None:
        """Refuse."""
        raise AssertionError(f"nothing should be deferred here: {jobs}, {connection}")


class Ledger:
    """What happened, as a test tells it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._numbers = count(1)

    async def decided(
        self,
        at: datetime | None = None,
        *,
        outcome: str = "answered",
        route: str = "answer",
        types: Sequence[str] = ("charges",),
        flags: Sequence[str] = (),
        likeness: float | None = None,
        milliseconds: float = 10,
    ) -> None:
        """One message was decided; now, if no time is given."""
        async with self._store.unit() as unit:
            enquiry = await self._enquiry(unit)
            message = StoredMessage(
                enquiry_id=enquiry.id,
                direction="in",
                author="ann@example.org",
                author_name="Ann Example",
                references=[],
                subject="Cost",
                text="What does it cost?",
                new_text="What does it cost?",
                attachments=[],
                is_bounce=False,
            )
            unit.session.add(message)
            await unit.session.flush()
            unit.session.add(
                StoredDecision(
                    message_id=message.id,
                    channel="email",
                    route=route,
                    outcome=outcome,
                    types=list(types),
                    topics=[],
                    flags=list(flags),
                    confidence=0.9,
                    likeness=likeness,
                    record={},
                    milliseconds=milliseconds,
                    decided_at=at or func.now(),
                )
            )

    async def case(
        self,
        opened_ago: timedelta = timedelta(),
        *,
        state: CaseState = CaseState.NEW,
        replied_after: timedelta | None = None,
    ) -> None:
        """A case was opened so long ago, and perhaps replied to."""
        opened = func.now() - opened_ago
        async with self._store.unit() as unit:
            enquiry = await self._enquiry(unit)
            unit.session.add(
                Case(
                    enquiry_id=enquiry.id,
                    state=state,
                    types=["charges"],
                    flags=[],
                    reasons=[],
                    summary="What does it cost?",
                    draft="",
                    opened_at=opened,
                    first_reply_at=None if replied_after is None else opened + replied_after,
                )
            )

    async def effect(self, state: OutgoingState, *, ago: timedelta = timedelta()) -> None:
        """A mail was queued so long ago and is in this state."""
        async with self._store.unit() as unit:
            enquiry = await self._enquiry(unit)
            unit.session.add(
                Outgoing(
                    key=f"effect:{next(self._numbers)}",
                    transport="mail",
                    kind="answer",
                    enquiry_id=enquiry.id,
                    recipient="ann@example.org",
                    automatic=True,
                    payload={},
                    state=state,
                    created_at=func.now() - ago,
                    sent_at=func.now() if state == OutgoingState.SENT else None,
                )
            )

    async def accepted(self, state: InboundState, *, ago: timedelta = timedelta()) -> None:
        """A message was accepted so long ago and is in this state."""
        async with self._store.unit() as unit:
            unit.session.add(
                Inbound(
                    key=f"inbound:{next(self._numbers)}",
                    channel="email",
                    envelope_from="ann@example.org",
                    envelope_to=["dars@triagebot.example"],
                    peer="127.0.0.1",
                    raw=b"",
                    state=state,
                    received_at=func.now() - ago,
                )
            )

    async def _enquiry(self, unit: Unit) -> Enquiry:
        enquiry = Enquiry(
            reference=f"ENQ-{next(self._numbers)}",
            channel="email",
            requester="ann@example.org",
            requester_name="Ann Example",
            subject="Cost",
        )
        unit.session.add(enquiry)
        await unit.session.flush()
        return enquiry
