"""`/triage away` and `back`: an officer on leave is given nothing, and their cases go to others."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from slack_world import eventually, words

from handlers.roster import Assigning, Roster, RosterOfficer


@pytest.fixture
def desk(desk):
    """A desk that gives new cases to Ana and Ben in turn."""
    people = (("UANA", "Ana Whitlock"), ("UBEN", "Ben Osei"))
    officers = tuple(RosterOfficer(id=ident, name=name) for ident, name in people)
    return replace(desk, roster=Roster(how=Assigning.ROUND_ROBIN, officers=officers))


def day(ahead: int) -> date:
    return datetime.now(UTC).date() + timedelta(days=ahead)


async def told(world, acting, who: str, typed: str) -> str:
    before = len(world.seen_by(who, world.cases))
    await acting.command(world.cases, "/triage", typed)
    await eventually(lambda: len(world.seen_by(who, world.cases)) > before)
    return world.seen_by(who, world.cases)[-1]


async def test_a_new_case_is_given_out_and_its_officer_is_named_in_the_thread(world):
    card = await world.case_card()
    assert "Ana Whitlock" in words(card)
    assert "<@UANA>" in words(world.thread_of(card)[0])


async def test_on_leave_an_officers_cases_go_to_others_until_they_are_back(world):
    card = await world.case_card()
    said = await told(world, world.ana, "UANA", f"away {day(9)}")
    assert "Ana Whitlock is away" in said
    assert "1 of their cases went to others" in said
    await world.deliver()
    assert "Ben Osei" in words(world.card)
    assert "<@UBEN>" in words(world.thread_of(card)[-1])
    assert "Ana Whitlock, up to" in await told(world, world.ben, "UBEN", "away")
    assert "is back" in await told(world, world.ana, "UANA", "back")
    assert "was not away" in await told(world, world.ana, "UANA", "back")
    assert "Nobody is away" in await told(world, world.ben, "UBEN", "away")


async def test_a_lead_says_it_for_somebody_who_is_ill(world):
    await world.case_card()
    said = await told(world, world.ben, "UBEN", f"away <@UANA|ana> {day(2)}")
    assert "Ana Whitlock is away" in said
    assert "is back" in await told(world, world.ben, "UBEN", "back <@UANA|ana>")


@pytest.mark.parametrize("typed", ["away soon", "away 2020-01-01", "away <@UCARLA> 2030-01-01"])
async def test_what_makes_no_sense_is_said_in_a_line_and_changes_nothing(world, typed):
    assert "away up to" not in await told(world, world.ana, "UANA", typed)
    assert "Nobody is away" in await told(world, world.ana, "UANA", "away")
