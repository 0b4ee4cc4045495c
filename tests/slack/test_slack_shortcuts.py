"""Enquiries that officers bring, and links to cases: the app's entries in Slack's menus."""

import pytest
from slack_world import app_of, decision, eventually, over_socket, words
from sqlalchemy import func, select

from bot.slack import names
from bot.slack.shortcuts import ADDRESS, CALLER, SUBJECT
from handlers.tables import Case, Enquiry, Inbound, Outgoing
from triage.decision import Route

CALL = {
    CALLER: {names.FIELD: "Priya Raman"},
    ADDRESS: {names.FIELD: "priya@trust.example"},
    SUBJECT: {names.FIELD: "Linkage to mortality"},
    names.FIELD: {names.FIELD: "She wants to know whether deaths abroad are held."},
}


async def number(world, table) -> int:
    async with world.store.unit() as unit:
        return (await unit.session.execute(select(func.count()).select_from(table))).scalar_one()


async def kept(world) -> bool:
    return await number(world, Inbound) > 0


async def a_call(world, acting, who: str) -> list[str]:
    """Fill in the form; what is said against it."""
    await acting.shortcut(names.PHONE_CALL)
    modal = await world.modal_of(who)
    errors = await acting.submit(modal.id, CALL)
    return [str(one) for one in (errors or {}).values()]


async def test_a_phone_call_becomes_a_case_whatever_triage_would_answer(world):
    assert await a_call(world, world.ana, "UANA") == []
    await eventually(lambda: kept(world))
    await world.triage(lambda _: decision(Route.IGNORE))
    await world.deliver()
    told = words(world.card)
    assert "Priya Raman" in told
    assert "deaths abroad" in told
    assert "Ana Whitlock took it on the phone" in told
    assert "Came by phone" in told
    async with world.store.unit() as unit:
        enquiry = (await unit.session.execute(select(Enquiry))).scalar_one()
        mails = select(Outgoing.recipient).where(Outgoing.transport == "mail")
        recipients = (await unit.session.execute(mails)).scalars().all()
    assert enquiry.requester == "priya@trust.example"
    assert set(recipients) <= {"priya@trust.example"}


@pytest.mark.parametrize(
    ("address", "why"),
    [("priya@trust", "no mail address"), ("DARS@triagebot.example", "our own address")],
)
async def test_a_call_needs_an_address_that_a_reply_can_go_to(world, address, why):
    await world.ana.shortcut(names.PHONE_CALL)
    modal = await world.modal_of("UANA")
    errors = await world.ana.submit(modal.id, {**CALL, ADDRESS: {names.FIELD: address}})
    assert why in errors[ADDRESS]
    assert await number(world, Inbound) == 0


async def test_who_is_no_officer_opens_no_enquiry_of_a_call(world):
    told = await a_call(world, world.carla, "UCARLA")
    assert told == ["Only case officers can do this."]
    assert await number(world, Inbound) == 0


async def test_an_officer_makes_a_message_an_enquiry_once(world):
    elsewhere = world.slack.workspace.add_channel("corridor", ["UANA", "UCARLA"])
    elsewhere.members.add(world.slack.app.user_id)
    said = world.carla.say(elsewhere.id, "Does anybody know what the data would cost us")
    await world.slack.delivery.settled()
    assert await number(world, Inbound) == 0
    for told in ("It is an enquiry now", "It is an enquiry already"):
        await world.ana.message_shortcut(names.MAKE_ENQUIRY, elsewhere.id, said.ts)
        await eventually(lambda told=told: told in "".join(world.seen_by("UANA", elsewhere.id)))
    await world.triage()
    assert await number(world, Case) == 1
    async with world.store.unit() as unit:
        enquiry = (await unit.session.execute(select(Enquiry))).scalar_one()
    assert enquiry.requester == "UCARLA"


@pytest.mark.parametrize("who", ["UCARLA"])
async def test_who_is_no_officer_makes_no_message_an_enquiry(world, who):
    said = world.ana.say(world.questions, "Lunch is in room four today")
    await world.slack.delivery.settled()
    await world.carla.message_shortcut(names.MAKE_ENQUIRY, world.questions, said.ts)
    await eventually(lambda: "Only case officers" in "".join(world.seen_by(who, world.questions)))
    assert await number(world, Inbound) == 0


async def test_a_link_to_a_case_shows_it_in_the_cases_channel_and_nowhere_else(quiet_world):
    world = quiet_world
    world.settings = world.settings.model_copy(
        update={"web_public_url": "https://desk.example/pages"}
    )
    world.slack.configure(unfurl_domains=frozenset({"desk.example"}))
    await world.case_card()
    async with world.store.unit() as unit:
        reference = (await unit.session.execute(select(Enquiry.reference))).scalar_one()
    link = f"https://desk.example/pages/cases/{reference}"
    async with over_socket(app_of(world), world):
        open_to_all = world.ben.say(world.questions, f"please look: {link}")
        among_officers = world.ben.say(world.cases, f"please look: {link}")
        shown = await eventually(
            lambda: world.slack.workspace.message(world.cases, among_officers.ts).attachments
        )
        await world.slack.delivery.settled()
    assert reference in str(shown)
    assert "Our cancer data" in str(shown)
    assert not world.slack.workspace.message(world.questions, open_to_all.ts).attachments
