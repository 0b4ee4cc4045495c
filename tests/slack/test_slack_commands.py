"""`/triage` in Slack: how the bot is switched, who may switch it, and who reads of it."""

import pytest
from slack_world import eventually, words

from handlers.switches import Mode, switches


async def mode(world) -> Mode:
    async with world.store.unit() as unit:
        return (await switches(unit)).modes["*"]


def said(world) -> list[str]:
    return [words(one) for one in world.cards if one.seen_only_by is None]


async def test_a_lead_switches_the_mode_and_the_channel_reads_who_and_why(world):
    await world.ana.command(world.cases, "/triage", "mode approve new guidance today")
    await eventually(lambda: said(world))
    assert await mode(world) is Mode.APPROVE
    assert "switched to *approve*" in said(world)[-1]
    assert "new guidance today" in said(world)[-1]


async def test_how_it_is_switched_is_told_to_who_asks_alone(world):
    await world.ana.command(world.cases, "/triage", "mode")
    await eventually(lambda: world.seen_by("UANA", world.cases))
    assert "answers leave by themselves" in world.seen_by("UANA", world.cases)[-1]
    assert said(world) == []


@pytest.mark.parametrize("typed", ["", "help", "mode sideways", "brake harder", "mode ndrs"])
async def test_words_that_mean_nothing_here_bring_help_and_switch_nothing(world, typed):
    await world.ana.command(world.cases, "/triage", typed)
    await eventually(lambda: world.seen_by("UANA", world.cases))
    assert "/triage brake release" in world.seen_by("UANA", world.cases)[-1]
    assert await mode(world) is Mode.AUTOMATIC


async def test_who_is_no_officer_switches_nothing(world):
    world.slack.workspace.channels[world.cases].members.add("UCARLA")
    await world.carla.command(world.cases, "/triage", "mode off")
    await eventually(lambda: world.seen_by("UCARLA", world.cases))
    assert "Only case officers" in world.seen_by("UCARLA", world.cases)[-1]
    assert await mode(world) is Mode.AUTOMATIC
