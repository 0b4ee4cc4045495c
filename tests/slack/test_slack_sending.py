"""Posting to Slack: once, whatever Slack answers, and with no try used up while it is away."""

import asyncio
from datetime import timedelta

import pytest
from slack_world import World, words
from sqlalchemy import update

from bot.slack.names import METADATA
from bot.slack.send import IN_DOUBT
from handlers.delivery import Delivery, Later, Sent
from handlers.outbox import take
from handlers.tables import Case, Outgoing, OutgoingState


async def first_card(world: World) -> Outgoing:
    await world.mail("What will it cost?")
    [card] = await world.outgoing("slack")
    return card


async def waiting_seconds(world: World, outgoing: Outgoing) -> list[float]:
    """How long the jobs wait that are put off for an effect."""
    async with world.store.engine.connect() as connection:
        rows = await connection.exec_driver_sql(
            "SELECT extract(epoch FROM scheduled_at - now())::float FROM procrastinate_jobs"
            " WHERE task_name = 'deliver' AND scheduled_at IS NOT NULL"
            " AND (args->>'subject')::bigint = %(id)s",
            {"id": outgoing.id},
        )
        return [row[0] for row in rows]


async def take_it(world: World, outgoing: Outgoing) -> bool:
    async with world.store.unit() as unit:
        return await take(unit, outgoing.id)


async def test_without_a_token_effects_wait_and_use_up_no_tries(quiet_world):
    world = quiet_world
    world.settings = world.settings.model_copy(update={"slack_bot_token": None})
    card = await first_card(world)
    for _ in range(15):
        await world.deliver()
    [card] = await world.outgoing("slack")
    assert (card.state, card.attempts) == (OutgoingState.READY, 0)
    assert card.error == "Slack is not configured"


async def test_only_one_job_waits_however_often_an_effect_is_put_off(quiet_world):
    world = quiet_world
    card = await first_card(world)
    async with world.store.engine.begin() as connection:
        await connection.exec_driver_sql("DELETE FROM procrastinate_jobs")
    for _ in range(3):
        world.slack.fail_next("chat.postMessage", "ratelimited", status=429, retry_after=7)
        await world.deliver()
    [seconds] = await waiting_seconds(world, card)
    assert 5 < seconds <= 7


@pytest.mark.parametrize(
    ("error", "status"),
    [
        ("token_revoked", 200),
        ("channel_not_found", 200),
        ("service_unavailable", 503),
        ("ratelimited", 429),
    ],
)
async def test_what_a_person_or_time_sets_right_is_posted_afterwards(quiet_world, error, status):
    world = quiet_world
    await first_card(world)
    for _ in range(12):
        world.slack.fail_next("chat.postMessage", error, status=status, retry_after=1)
        await world.deliver()
    [card] = await world.outgoing("slack")
    assert (card.state, card.attempts) == (OutgoingState.READY, 0)
    await world.deliver()
    assert len(world.cards) == 1


async def test_an_outage_loses_nothing_and_doubles_nothing(quiet_world):
    world = quiet_world
    for number in range(3):
        await world.mail(f"Question {number}", subject=f"Subject {number}")
    await world.slack.start_outage()
    for _ in range(4):
        await world.deliver()
    assert world.cards == []
    world.slack.end_outage()
    await world.deliver()
    assert len(world.cards) == 3


async def test_a_post_whose_answer_was_lost_is_looked_for_before_it_is_made_again(quiet_world):
    world = quiet_world
    card = await first_card(world)
    await world.slack_has_posted(card)
    async with world.store.unit() as unit:
        await unit.session.execute(update(Outgoing).values(error=f"{IN_DOUBT}TimeoutError"))
    await world.deliver()
    assert len(world.cards) == 1
    [card] = await world.outgoing("slack")
    assert (card.state, card.receipt) == (OutgoingState.SENT, world.card.ts)
    assert (await world.case()).slack_ts == world.card.ts


async def test_a_server_error_leaves_doubt_and_is_asked_about(quiet_world):
    world = quiet_world
    await first_card(world)
    world.slack.fail_next("chat.postMessage", "internal_error", status=500)
    await world.deliver()
    [card] = await world.outgoing("slack")
    assert (card.state, card.attempts) == (OutgoingState.READY, 1)
    assert card.error == f"{IN_DOUBT}internal_error"
    world.slack.fail_next("conversations.history", "service_unavailable", status=503)
    await world.deliver()
    [card] = await world.outgoing("slack")
    assert card.error.startswith(IN_DOUBT)
    await world.deliver()
    assert len(world.cards) == 1


async def test_after_a_crash_slack_is_asked_for_the_key(quiet_world):
    world = quiet_world
    card = await first_card(world)
    await take_it(world, card)
    transport = world.transport
    assert isinstance(await transport.find(card), Later)
    await world.slack_has_posted(card)
    assert await transport.find(card) == Sent(world.card.ts)
    assert (await world.case()).slack_ts == world.card.ts
    await world.slack.start_outage()
    asked = await transport.find(card)
    assert isinstance(asked, Later)
    assert asked.why.startswith(IN_DOUBT)


async def test_a_message_in_the_thread_is_found_there_after_a_crash(quiet_world):
    world = quiet_world
    await world.case_card()
    await world.mail("One more thing.", references=("<1@uni.example>",))
    await world.deliver()
    [note] = [one for one in await world.outgoing("slack") if one.kind == "message_note"]
    transport = world.transport
    assert await transport.find(note) == Sent(world.thread_of(world.card)[0].ts)


async def test_of_two_workers_one_posts(quiet_world):
    world = quiet_world
    await first_card(world)
    await asyncio.gather(*(world.deliver() for _ in range(4)))
    assert len(world.cards) == 1


async def test_of_two_drawings_of_a_new_card_the_later_waits_and_redraws(quiet_world):
    world = quiet_world
    await world.mail("What will it cost?")
    await world.mail("Please hurry.", references=("<1@uni.example>",))
    transport = world.transport
    drawings = [one for one in await world.outgoing("slack") if one.kind == "card"]

    async def never() -> bool:
        raise AssertionError("the later drawing must not begin")

    assert await transport.deliver(drawings[1], never) == Later(
        "the card is being posted", 1.0, counts=False
    )
    await world.deliver()
    await world.deliver()
    assert len(world.cards) == 1
    assert {one.state for one in await world.outgoing("slack")} == {OutgoingState.SENT}


async def test_a_card_that_somebody_deleted_is_posted_anew(quiet_world):
    world = quiet_world
    card = await world.case_card()
    world.slack.remove(card)
    await world.mail("Please hurry.", references=("<1@uni.example>",))
    for _ in range(3):
        await world.deliver()
    assert world.card.ts != card.ts
    assert (await world.case()).slack_ts == world.card.ts


async def test_a_refused_post_is_given_up_and_kept_with_its_reason(quiet_world):
    world = quiet_world
    await first_card(world)
    world.slack.fail_next("chat.postMessage", "invalid_blocks")
    await world.deliver()
    [card] = await world.outgoing("slack")
    assert (card.state, card.error) == (OutgoingState.FAILED, "invalid_blocks")


async def test_a_slack_that_is_not_there_is_waited_for(quiet_world):
    world = quiet_world
    world.settings = world.settings.model_copy(update={"slack_api_url": "http://127.0.0.1:9/api"})
    await first_card(world)
    await world.deliver()
    [card] = await world.outgoing("slack")
    assert (card.state, card.attempts) == (OutgoingState.READY, 0)
    assert card.error.startswith("Slack is away")


async def test_a_case_that_changes_while_its_card_is_drawn_is_drawn_again(quiet_world):
    world = quiet_world
    await world.case_card()
    async with world.store.unit() as unit:
        await unit.session.execute(update(Case).values(version=9, officer_name="Ben Osei"))
    await world.mail("Please hurry.", references=("<1@uni.example>",))
    await world.deliver()
    assert "Ben Osei" in words(world.card)


async def test_every_post_carries_its_key(quiet_world):
    world = quiet_world
    card = await world.case_card()
    [effect] = await world.outgoing("slack")
    assert card.metadata == {"event_type": METADATA, "event_payload": {"key": effect.key}}


async def test_a_held_over_effect_is_settled_by_asking(quiet_world):
    """The whole way: a worker died while posting, and another settles it."""
    world = quiet_world
    card = await first_card(world)
    await take_it(world, card)
    await world.slack_has_posted(card)
    transport = world.transport
    await Delivery(world.store, {"slack": transport}, "hold", timedelta(0)).deliver(card.id)
    assert len(world.cards) == 1
    [card] = await world.outgoing("slack")
    assert card.state == OutgoingState.SENT
