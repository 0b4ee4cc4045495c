"""The real app on a real database, beside a pretend Slack; over a socket and over HTTP."""

from collections.abc import AsyncIterator

import pytest
from slack_world import MODES, World, app_of, workspace

from bot.jobs import EngineQueue, engine
from bot.sandbox.slack import Acting, PretendSlack, running
from bot.settings import Settings
from handlers.compose import Composer
from handlers.desk import Desk
from handlers.guard import Caution
from handlers.unit import Store
from knowledge.library import Library

CONTACTS = {
    "organisation": "NHS England",
    "telephone": "0300 303 5678",
    "contact_dars": "dars@triagebot.example",
    "contact_ndrs": "ndrs@triagebot.example",
}


@pytest.fixture(scope="session")
def library() -> Library:
    return Library.load(None, CONTACTS)


@pytest.fixture
def desk(library: Library) -> Desk:
    return Desk(
        signing_key="a key of this test",
        mail_domain="triagebot.example",
        caution=Caution(frozenset({"dars@triagebot.example"}), per_sender_per_day=50),
        answers_enabled=True,
        composer=Composer(library, CONTACTS),
    )


@pytest.fixture
async def store(database: str) -> AsyncIterator[Store]:
    app = engine(database, pool_size=2)
    async with app.open_async():
        store = Store(database, EngineQueue(app), pool_size=4)
        yield store
        await store.close()


@pytest.fixture
async def quiet_world(store: Store, desk: Desk) -> AsyncIterator[World]:
    """The pretend Slack and the database, without the app."""
    content, cases, questions = workspace()
    slack = PretendSlack(content, ack_seconds=3, retry_after=(0, 0.1))
    for channel in (cases, questions):
        content.channels[channel].members.add(slack.app.user_id)
    async with running(slack):
        settings = Settings(
            slack_api_url=slack.api_url,
            slack_bot_token=slack.bot_token,
            slack_app_token=slack.app_token,
            slack_signing_secret=slack.app.signing_secret,
            slack_cases_channel=cases,
            slack_enquiry_channels=(questions,),
            slack_officers_group="dars-officers",
        )
        people = [Acting(slack, one) for one in ("UANA", "UBEN", "UCARLA")]
        yield World(slack, settings, store, desk, cases, questions, *people)


@pytest.fixture(params=sorted(MODES))
async def world(request: pytest.FixtureRequest, quiet_world: World) -> AsyncIterator[World]:
    """The same with the app, by both ways in turn."""
    async with MODES[request.param](app_of(quiet_world), quiet_world):
        yield quiet_world
