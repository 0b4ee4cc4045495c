"""What Slack asks to be left alone is left alone, and nothing that waits for it is lost."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import structlog
from slack_world import World, decision
from sparse_slack import APP_TOKEN, BOT_TOKEN, SECRET, SparseSlack, serving

from bot.settings import Settings
from bot.slack.channels import CaseChannels
from bot.slack.clients import web_client
from bot.slack.pauses import Pauses
from bot.slack.send import SlackTransport
from handlers.delivery import Delivery
from handlers.desk import Desk
from handlers.slack_standing import slack_standing
from handlers.tables import OutgoingState
from handlers.unit import Store
from triage.decision import EnquiryType

CASES, FEES = "C0CASES", "C0FEES"
TOKEN_SECONDS = 2.0


@pytest.fixture
async def desk_here(store: Store, desk: Desk) -> AsyncIterator[World]:
    async with serving(SparseSlack()) as slack:
        settings = Settings(
            slack_api_url=slack.api,
            slack_bot_token=BOT_TOKEN,
            slack_app_token=APP_TOKEN,
            slack_signing_secret=SECRET,
            slack_cases_channel=CASES,
        )
        yield World(slack, settings, store, desk, CASES, "", None, None, None)


def worker(world: World, channels: CaseChannels) -> Delivery:
    """One process: its transport remembers what Slack asked of it."""
    client = web_client(world.settings.slack_api_url, world.settings.slack_bot_token, "asks_once")
    transport = SlackTransport(world.store, client, channels, pauses=Pauses(TOKEN_SECONDS))
    return Delivery(world.store, {"slack": transport}, "hold", timedelta(seconds=20))


async def deliver_all(world: World, delivery: Delivery) -> None:
    for one in await world.outgoing("slack", OutgoingState.READY):
        await delivery.deliver(one.id)


async def test_a_busy_channel_is_left_alone_and_another_is_not(desk_here):
    world, slack = desk_here, desk_here.slack
    slack.busy[CASES] = 2
    delivery = worker(world, CaseChannels(CASES, {"charges": FEES}))
    for number in range(3):
        await world.mail(
            f"Question {number}?",
            decided=decision(types=(EnquiryType.PROCESS,)),
            subject=f"Q{number}",
        )
    await world.mail(
        "What is the fee?", decided=decision(types=(EnquiryType.CHARGES,)), subject="Fee"
    )
    await deliver_all(world, delivery)
    assert slack.asked.count("chat.postMessage") == 2
    assert [one["channel"] for one in slack.posts] == [FEES]
    slack.busy.clear()
    await asyncio.sleep(2)
    await deliver_all(world, delivery)
    assert [one["channel"] for one in slack.posts] == [FEES, CASES, CASES, CASES]


async def test_a_revoked_token_is_said_once_asked_once_and_posts_appear_when_it_is_back(desk_here):
    world, slack = desk_here, desk_here.slack
    delivery = worker(world, CaseChannels(CASES))
    for number in range(4):
        await world.mail(f"Question {number}?", subject=f"Subject {number}")
    slack.refused[BOT_TOKEN] = "token_revoked"
    with structlog.testing.capture_logs() as logs:
        await deliver_all(world, delivery)
        await deliver_all(world, delivery)
    assert slack.asked.count("chat.postMessage") == 1
    assert [one["error"] for one in logs if one["log_level"] == "error"] == ["token_revoked"]
    async with world.store.unit() as unit:
        standing = await slack_standing(unit)
    assert (standing.waiting, standing.refused) == (4, "token_revoked")
    slack.refused.clear()
    await asyncio.sleep(TOKEN_SECONDS)
    await deliver_all(world, delivery)
    assert len(slack.posts) == 4
    async with world.store.unit() as unit:
        standing = await slack_standing(unit)
    assert (standing.waiting, standing.refused) == (0, None)
    assert {one.attempts for one in await world.outgoing("slack")} == {0}
