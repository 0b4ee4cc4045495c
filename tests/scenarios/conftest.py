"""Services, relays and desks for whole journeys."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from scenarios.service import Service

from bot.sandbox.mailbox import Mailbox
from bot.sandbox.slack import (
    CASES_CHANNEL,
    ENQUIRY_CHANNEL,
    OFFICERS_GROUP,
    PretendSlack,
    running,
    sandbox_workspace,
)


@pytest.fixture
async def service(data_dir: Path) -> AsyncIterator[Callable[..., Service]]:
    """Make a service on a fresh data folder; it is stopped at the end."""
    made: list[Service] = []

    def make(*arguments: str, **settings: str) -> Service:
        one = Service(data_dir, settings, arguments or ("serve",))
        made.append(one)
        return one

    yield make
    for one in made:
        await one.stop()


@pytest.fixture
async def relay() -> AsyncIterator[tuple[Mailbox, dict[str, str]]]:
    """Where outgoing mail lands, and the settings that name it."""
    mailbox = Mailbox(most=100_000)
    async with mailbox.listening() as port:
        yield mailbox, {"RELAY_HOST": "127.0.0.1", "RELAY_PORT": str(port)}


@pytest.fixture
async def slack() -> AsyncIterator[tuple[PretendSlack, dict[str, str]]]:
    """The sandbox's workspace with no rate limits, and the settings that name it."""
    pretend = sandbox_workspace()
    pretend.faults.limits = {}
    channels = {one.name: one.id for one in pretend.workspace.channels.values()}
    async with running(pretend):
        yield (
            pretend,
            {
                "SLACK_API_URL": pretend.api_url,
                "SLACK_BOT_TOKEN": pretend.bot_token,
                "SLACK_APP_TOKEN": pretend.app_token,
                "SLACK_CASES_CHANNEL": channels[CASES_CHANNEL],
                "SLACK_ENQUIRY_CHANNELS": f'["{channels[ENQUIRY_CHANNEL]}"]',
                "SLACK_OFFICERS_GROUP": OFFICERS_GROUP,
            },
        )
