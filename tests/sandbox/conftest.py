"""The usual pretend Slack of these tests."""

from collections.abc import AsyncIterator

import pytest
from sandbox.slack_desk import Desk, served

from bot.sandbox.slack import PretendSlack, Workspace


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    """The usual desk: short waits, no rate limits."""
    slack = PretendSlack(Workspace(), ack_seconds=1, retry_after=(0, 0.05))
    async with served(slack) as made:
        yield made
