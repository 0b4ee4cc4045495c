"""The real app on a real database, beside a pretend Slack; over a socket and over HTTP."""

from collections.abc import AsyncIterator

import pytest
from slack_world import MODES, World, app_of, workspace

from bot.sandbox.slack import Acting, PretendSlack, running
from bot.settings import Settings
from handlers.desk import Desk
from handlers.unit import Store


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
