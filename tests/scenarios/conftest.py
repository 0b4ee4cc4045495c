"""Services, relays and desks for whole journeys."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio
from scenarios.desk import Desk, installed, open_desk, slack_settings
from scenarios.service import Service

from bot.sandbox.mailbox import Mailbox
from bot.sandbox.slack import PretendSlack, running


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
    pretend = installed()
    async with running(pretend):
        yield pretend, slack_settings(pretend)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def desk() -> AsyncIterator[Desk]:
    """A whole service desk, shared by the tests of a module."""
    async with open_desk() as opened:
        yield opened
