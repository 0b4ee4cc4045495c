"""App Home: an officer's lists, filters and pages; for leads the desk, figures and switches."""

import json
from datetime import timedelta
from typing import Any

import pytest
from slack_world import app_of, decision, eventually, over_socket, words
from sqlalchemy import select

from bot.slack import home_lead, home_views, names, switching
from bot.slack.home import turned
from bot.slack.home_look import Look, look_in
from bot.slack.home_reading import HomeReading
from bot.slack.home_views import MOST_LINES
from handlers.case_queue import Queue
from handlers.case_tables import Priority
from handlers.cases import Officer, Press, claim
from handlers.planning import set_priority, snooze
from handlers.switches import ALL, Mode, set_mode, switches
from handlers.tables import Case
from handlers.targets import ClockRules
from triage.decision import EnquiryType, PassageHit, Route


async def home_of(world, who: str, holds: str) -> str:
    """The tab as JSON, once it holds these words."""

    def look():
        view = world.slack.views.home(who)
        return view and holds in json.dumps(view.content, ensure_ascii=False)

    await eventually(look)
    return json.dumps(world.slack.views.home(who).content, ensure_ascii=False)


async def press(world, acting, who: str, action_id: str, **more: Any) -> None:
    await acting.press_in_view(world.slack.views.home(who).id, action_id, **more)


async def test_each_case_is_in_the_list_of_whoever_has_to_act(world):
    mine = await world.case_card("Mine")
    await world.ana.press(world.cases, mine.ts, names.CLAIM)
    await world.mail("Nobody's", subject="Second")
    await world.deliver()
    world.ana.open_home()
    shown = await home_of(world, "UANA", "My cases (1)")
    assert "Unclaimed (1)" in shown
    assert "My team's (0)" in shown
    world.ben.open_home()
    shown = await home_of(world, "UBEN", "My team's (1)")
    assert "My cases (0)" in shown
    assert "owned by Ana Whitlock" in shown


async def test_a_case_that_waits_for_its_enquirer_leaves_the_list_of_what_is_to_be_done(world):
    card = await world.case_card()
    await world.ana.press(world.cases, card.ts, names.REPLY)
    modal = await world.modal_of("UANA")
    await world.ana.submit(modal.id, {"field": {"field": "Which years?"}})
    world.ana.open_home()
    shown = await home_of(world, "UANA", "Waiting for enquirers (1)")
    assert "My cases (0)" in shown


async def test_a_long_list_is_turned_page_by_page_and_the_oldest_comes_first(world):
    for number in range(MOST_LINES + 2):
        await world.mail("Same words", subject=f"Number {number:02}")
    world.ana.open_home()
    await home_of(world, "UANA", f"Unclaimed ({MOST_LINES + 2})")
    await press(world, world.ana, "UANA", "home_list:unclaimed", block_id="home_lists")
    shown = await home_of(world, "UANA", f"1 to {MOST_LINES} of {MOST_LINES + 2}")
    assert "Number 00" in shown
    assert "Number 21" not in shown
    await press(world, world.ana, "UANA", "home_page:1")
    shown = await home_of(world, "UANA", f"{MOST_LINES + 1} to {MOST_LINES + 2}")
    assert "Number 21" in shown
    assert "Number 00" not in shown
    assert "Next page" not in shown
    await press(world, world.ana, "UANA", "home_page:0")
    await home_of(world, "UANA", "Next page")


async def test_filters_narrow_every_list_and_are_taken_away_again(world):
    await world.mail("About lung", subject="Lung registrations")
    await world.mail("About bowel", subject="Bowel SACT")
    world.ana.open_home()
    await home_of(world, "UANA", "Unclaimed (2)")
    filled = {home_views.WORDS: {home_views.WORDS: "sact bowel"}}
    await press(*(world, world.ana, "UANA", home_views.WORDS), chosen="sact bowel", filled=filled)
    shown = await home_of(world, "UANA", "Unclaimed (1)")
    assert "Bowel SACT" in shown
    assert "Lung registrations" not in shown
    await press(world, world.ana, "UANA", home_views.KIND, chosen="process")
    await home_of(world, "UANA", "Unclaimed (0)")
    await press(world, world.ana, "UANA", home_views.CLEAR)
    await home_of(world, "UANA", "Unclaimed (2)")


async def test_an_answer_to_approve_is_listed_for_all(world, library):
    passage = next(one for one in library.passages if one.topic == "ndrs-total-cost")
    hit = PassageHit(
        article=passage.article.id, version=passage.article.version, passage=passage.id, score=1
    )
    lead = Officer("ULEAD", "A lead", may_act=True, leads=True)
    async with world.store.unit() as unit:
        await set_mode(unit, ALL, Mode.APPROVE, lead)
    await world.mail("What is Total Cost?", decided=decision(Route.ANSWER, passages=(hit,)))
    world.ana.open_home()
    await home_of(world, "UANA", "Answers to approve (1)")


async def test_a_lead_sees_load_ages_and_today_and_switches_the_mode(world):
    card = await world.case_card()
    await world.ben.press(world.cases, card.ts, names.CLAIM)
    await eventually(lambda: owned(world))
    world.ana.open_home()
    shown = await home_of(world, "UANA", "Open cases by officer")
    assert "Ben Osei: *1* to do" in shown
    assert "under 1 day" in shown
    assert "*1* messages" in shown
    await press(world, world.ana, "UANA", home_lead.SWITCH)
    modal = await world.modal_of("UANA")
    filled = {
        switching.KIND: {switching.KIND: "*"},
        switching.MODE: {switching.MODE: "approve"},
        switching.WHY: {switching.WHY: "new guidance today"},
    }
    assert await world.ana.submit(modal.id, filled) == {}
    async with world.store.unit() as unit:
        assert (await switches(unit)).modes["*"] is Mode.APPROVE
    told = await eventually(lambda: [one for one in world.cards if "switched to" in one.text])
    assert "Ana Whitlock" in words(told[-1])
    assert "new guidance today" in words(told[-1])
    await home_of(world, "UANA", "*approve*")


async def owned(world) -> bool:
    return (await world.case()).officer is not None


async def test_a_lead_stops_automatic_mail_and_lets_it_leave_again(world):
    world.ana.open_home()
    await home_of(world, "UANA", "Stop automatic mail")
    await press(world, world.ana, "UANA", home_lead.STOP)
    await home_of(world, "UANA", "Release the brake")
    async with world.store.unit() as unit:
        assert (await switches(unit)).braked == "stopped by Ana Whitlock"
    await press(world, world.ana, "UANA", home_lead.RELEASE)
    await home_of(world, "UANA", "Stop automatic mail")
    assert [one for one in world.cards if "automatic mail leaves again" in one.text]


async def test_who_does_not_lead_sees_no_switches_and_cannot_use_them(quiet_world):
    world = quiet_world
    world.slack.workspace.add_usergroup("dars-leads", "Leads", ["UBEN"])
    settings = world.settings.model_copy(update={"slack_leads_group": "dars-leads"})
    world.settings = settings
    async with over_socket(app_of(world), world):
        world.ana.open_home()
        shown = await home_of(world, "UANA", "My cases")
        assert "Switch the mode" not in shown
        world.ben.open_home()
        await home_of(world, "UBEN", "Switch the mode")


async def test_who_is_no_officer_sees_no_case(world):
    await world.case_card("A secret of the desk")
    world.carla.open_home()
    shown = await home_of(world, "UCARLA", "case officers")
    assert "Our cancer data" not in shown


@pytest.mark.parametrize("written", ["", "no json", "[]", '{"page":"x"}', '{"queue":"none"}', "7"])
def test_what_a_view_does_not_say_shows_all(written):
    assert look_in(written) == Look()


def test_what_is_looked_at_survives_in_the_view():
    look = Look("mine", 3, str(EnquiryType.CHARGES), "open", "bowel «x»")
    assert look_in(look.dumped()) == look
    assert turned(look, {"action_id": "home_page:x"}).page == 0
    assert turned(look, {"action_id": "home_list:all"}).queue == ""


async def test_a_page_that_was_emptied_meanwhile_shows_the_last_there_is(quiet_world):
    await quiet_world.mail("One case")
    async with quiet_world.store.unit() as unit:
        look = Look(Queue.UNCLAIMED, 9)
        reading = HomeReading(unit, "UANA", look, ClockRules(), await unit.now())
        desk = await reading.desk("")
    assert (desk.look.page, len(desk.lists[Queue.UNCLAIMED])) == (0, 1)


async def test_an_officers_cases_stand_in_the_order_of_their_clocks_and_say_what_is_left(
    quiet_world,
):
    world = quiet_world
    for number in range(3):
        await world.mail("Same words", subject=f"Number {number}")
    async with world.store.unit() as unit:
        rows = await unit.session.execute(select(Case).order_by(Case.id))
        ana = Officer("UANA", "Ana Whitlock", may_act=True)
        for case in rows.scalars():
            await claim(unit, Press(case.id, case.version, ana))
        await set_priority(unit, Press(case.id, case.version, ana), Priority.URGENT)
    async with over_socket(app_of(world), world):
        world.ana.open_home()
        shown = await home_of(world, "UANA", "My cases (3)")
        assert shown.index("Number 2") < shown.index("Number 0") < shown.index("Number 1")
        assert "First reply: " in shown
        assert " left" in shown
        async with world.store.unit() as unit:
            urgent = await unit.session.get_one(Case, case.id)
            press = Press(urgent.id, urgent.version, ana)
            await snooze(unit, press, await unit.now() + timedelta(hours=1))
        world.ana.open_home()
        shown = await home_of(world, "UANA", ":zzz: until")
    assert shown.index("Number 0") < shown.index("Number 1") < shown.index("Number 2")
