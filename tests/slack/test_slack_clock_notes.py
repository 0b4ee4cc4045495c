"""What Slack is told of clocks: the officer in the case's thread, and leads where they are."""

from datetime import time, timedelta

import pytest
from slack_world import World, words
from sqlalchemy import select, update

from bot.clocks import ClockWatch
from bot.slack.clock_notes import leads_note, thread_note
from handlers.cases import Officer, Press, claim, resolve
from handlers.reminders import Reminding, Stage
from handlers.tables import Case, CaseEvent, Enquiry
from handlers.targets import ClockRules
from handlers.working_time import WorkingHours

ANA = Officer("UANA", "Ana Whitlock", may_act=True)
ALWAYS = ClockRules(
    hours=WorkingHours(
        weekdays=frozenset(range(7)), opens=time.min, closes=time.min, keeps_bank_holidays=False
    )
)
"""Whatever day the test is run on, a first reply is due after two days."""
LATE = timedelta(days=5)


async def a_late_case(world: World) -> None:
    """Ana's case, whose card is posted, and whose first reply has been due for a while."""
    world.desk.clocks = ALWAYS
    await world.case_card()
    async with world.store.unit() as unit:
        case = (await unit.session.execute(select(Case))).scalar_one()
        await claim(unit, Press(case.id, case.version, ANA))
        opened = await unit.now() - LATE
        await unit.session.execute(update(Case).values(opened_at=opened))
        await unit.session.execute(update(CaseEvent).values(at=opened))


async def look(world: World, *leads: str) -> None:
    async with world.store.unit() as unit:
        now = await unit.now()
    await ClockWatch(world.store, world.desk, Reminding(leads=leads)).look(now)


async def test_the_officer_is_named_in_the_thread_and_the_leads_hear_of_it_once(
    quiet_world: World,
) -> None:
    leads = quiet_world.slack.workspace.add_channel("dars-leads", ["UBEN"])
    leads.members.add(quiet_world.slack.app.user_id)
    await a_late_case(quiet_world)
    for _ in range(2):
        await look(quiet_world, leads.id, "UBEN")
        await quiet_world.deliver()
    [note] = [one.text for one in quiet_world.thread_of(quiet_world.card)]
    assert "*Late.* <@UANA> First reply was due by" in note
    async with quiet_world.store.unit() as unit:
        reference = (await unit.session.execute(select(Enquiry.reference))).scalar_one()
    [told] = [words(one) for one in quiet_world.slack.workspace.history(leads.id)]
    assert f"*{reference}*: First reply was due by" in told
    assert "It is Ana Whitlock's." in told
    direct = quiet_world.slack.workspace.direct_channel("UBEN", quiet_world.slack.app.user_id)
    assert len(quiet_world.slack.workspace.history(direct.id)) == 1


async def test_the_card_says_what_is_due_and_is_drawn_anew_once_it_is_late(
    quiet_world: World,
) -> None:
    await a_late_case(quiet_world)
    assert "First reply by <!date^" in words(quiet_world.card)
    await look(quiet_world, "UBEN")
    await quiet_world.deliver()
    assert "*First reply late*, was due <!date^" in words(quiet_world.card)


async def test_without_leads_it_is_told_in_the_cases_channel(quiet_world: World) -> None:
    await a_late_case(quiet_world)
    await look(quiet_world)
    await quiet_world.deliver()
    assert ["First reply was due by" in words(one) for one in quiet_world.cards] == [False, True]


async def test_nothing_is_said_where_it_was_done_before_slack_was_told(quiet_world: World) -> None:
    await a_late_case(quiet_world)
    await look(quiet_world)
    async with quiet_world.store.unit() as unit:
        case = (await unit.session.execute(select(Case))).scalar_one()
        await resolve(unit, Press(case.id, case.version, ANA), "answered")
    await quiet_world.deliver()
    assert quiet_world.thread_of(quiet_world.card) == []


@pytest.mark.parametrize("officer", [None, "asha@nhs.example", "<!channel>"])
def test_an_officer_whom_slack_does_not_know_is_not_mentioned(officer: str | None) -> None:
    assert "<" not in thread_note("First reply is due.", Stage.SOON, officer)


def test_a_name_can_neither_mention_nor_link() -> None:
    said = leads_note("Late.", Stage.LATE, "ENQ-1", "<!channel> https://evil.example")
    assert "<!channel>" not in said
    assert "https://" not in said
