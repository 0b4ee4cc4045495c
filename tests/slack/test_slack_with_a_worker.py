"""The whole way with a real worker and its job queue: asked in Slack, worked in Slack."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta

import pytest
from slack_world import World, decision, eventually, words

from bot.jobs import engine
from bot.pipeline import Pipeline
from bot.sandbox.slack import Acting, RateLimit, User
from bot.slack import names
from bot.slack.incoming import read_inbound
from bot.worker import run_worker
from handlers.delivery import Delivery
from handlers.tables import OutgoingState


@pytest.fixture
async def working(world: World, database: str) -> AsyncIterator[World]:
    """The world with a worker, whose triage sends everything to a person."""
    delivery = Delivery(world.store, {"slack": world.transport}, "hold", timedelta(seconds=20))
    pipeline = Pipeline(
        store=world.store,
        desk=world.desk,
        decide=lambda _: decision(),
        readers={"slack": read_inbound},
        delivery=delivery,
    )
    app = engine(database, pool_size=6)
    async with app.open_async():
        worker = asyncio.create_task(run_worker(app, world.store, pipeline, concurrency=4))
        yield world
        worker.cancel()
        with suppress(asyncio.CancelledError):
            await worker


async def test_a_question_becomes_a_case_that_is_claimed_and_answered(working):
    world = working
    asked = world.carla.say(world.questions, "Where is our application?")
    card = await eventually(lambda: world.cards and world.cards[0])
    await eventually(lambda: world.thread_of(asked))
    await world.ana.press(world.cases, card.ts, names.CLAIM)
    await eventually(lambda: "*Owner*\nAna Whitlock" in words(card))
    await world.ana.press(world.cases, card.ts, names.REPLY)
    modal = await world.modal_of("UANA")
    await world.ana.submit(modal.id, {"field": {"field": "With the panel until Friday."}})
    await eventually(lambda: "With the panel" in words(world.thread_of(asked)[-1]))
    await eventually(lambda: "Waiting for the enquirer" in words(card))
    world.carla.say(world.questions, "Thank you, and then?", asked.ts)
    await eventually(lambda: world.thread_of(card), seconds=10)
    await eventually(lambda: "*State*\nOpen" in words(card))
    assert world.card is card


async def test_more_cases_than_slack_takes_at_once_all_appear(working):
    world = working
    world.slack.faults.limits["chat.postMessage"] = RateLimit(3, 2, per_channel=True)
    for number in range(7):
        # What one person writes shortly after another post is part of the same question.
        asker = world.slack.workspace.add_user(User(f"UASK{number}", f"ask{number}", "Asker"))
        world.slack.workspace.channels[world.questions].members.add(asker.id)
        Acting(world.slack, asker.id).say(world.questions, f"Question {number}?")

    async def all_sent():
        effects = await world.outgoing("slack")
        return len(effects) == 14 and {one.state for one in effects} == {OutgoingState.SENT}

    await eventually(all_sent, seconds=30)
    assert len(world.cards) == 7
    assert {one.attempts for one in await world.outgoing("slack")} == {0}
