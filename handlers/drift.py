"""Watches whether live messages are still like those by which the thresholds were set."""

from sqlalchemy import select

from handlers.tables import IMPORT, StoredDecision
from handlers.unit import Unit
from triage.likeness import drifted

WINDOW = 200
"""Latest messages that are compared with the calibration messages."""


async def drifting(unit: Unit) -> bool:
    """Whether the latest messages are so unlike that no bound was shown for them.

    What was imported is of another time, and says nothing of them.
    """
    rows = await unit.session.execute(
        select(StoredDecision.likeness)
        .where(StoredDecision.channel != IMPORT)
        .order_by(StoredDecision.decided_at.desc())
        .limit(WINDOW)
    )
    return drifted([one for one in rows.scalars() if one is not None])
