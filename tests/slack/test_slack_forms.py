"""What officers do by the card's menu and its forms: over Socket Mode and over HTTP."""

import json
import time
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from slack_world import eventually, words
from sqlalchemy import select, update

from bot.slack import names
from handlers.letters import Letter
from handlers.planning import wake_due
from handlers.tables import Case, CaseEvent, CaseState, Enquiry, OutgoingState


async def choose(world, who, card, action):
    """Choose an action in the card's menu, and get its form."""
    seen = await menu_value(world, card, action)
    await who.press(world.cases, card.ts, names.MORE, chosen=seen)
    return await top_modal(world, who)


async def top_modal(world, who):
    ident = "UANA" if who is world.ana else "UBEN"
    return await world.modal_of(ident)


async def menu_value(world, card, action):
    [menu] = [e for b in card.blocks for e in b.get("elements", []) if e["type"] == "overflow"]
    found = [o["value"] for o in menu["options"] if json.loads(o["value"])["do"] == action]
    return found[0]


async def choose_of_all(world, who, card, action):
    """The same by the list of all actions."""
    modal = await choose(world, who, card, names.ALL_FORMS)
    assert await who.submit(modal.id, {"field": {"field": action}}) == {}
    return await top_modal(world, who)


async def cases_by_reference(world):
    async with world.store.unit() as unit:
        rows = await unit.session.execute(
            select(Enquiry.reference, Case).join(Case, Case.enquiry_id == Enquiry.id)
        )
        return dict(tuple(row) for row in rows)


async def events(world, kind):
    async with world.store.unit() as unit:
        rows = await unit.session.execute(
            select(CaseEvent).where(CaseEvent.kind == kind).order_by(CaseEvent.id)
        )
        return list(rows.scalars())


async def two_cases(world):
    """Two cards by mail, and the references of their enquiries."""
    first = await world.mail("What will our extract cost?")
    second = await world.mail("And how long will it take?")
    await world.deliver()
    return world.cards, first.reference, second.reference


async def test_a_case_is_handed_over_with_a_note_that_its_new_owner_is_told_of(world):
    card = await world.case_card()
    await world.ana.press(world.cases, card.ts, names.HAND_OVER)
    modal = await world.modal_of("UANA")
    given = {"person": {"field": "UBEN"}, "field": {"field": "The fee is <!channel> agreed."}}
    assert await world.ana.submit(modal.id, given) == {}
    case = await world.case()
    assert (case.officer, case.state) == ("UBEN", CaseState.OPEN)
    await world.deliver()
    [note] = world.thread_of(card)
    assert "<@UBEN>" in words(note)
    assert "&lt;!channel&gt; agreed" in words(note)
    assert "*Owner*\nBen Osei" in words(world.card)
    assert [one.kind for one in await world.outgoing("mail")] == ["acknowledgement"]


async def test_a_case_is_not_given_to_somebody_who_is_no_officer(world):
    card = await world.case_card()
    modal = await choose_of_all(world, world.ana, card, "assign")
    errors = await world.ana.submit(modal.id, {"person": {"field": "UCARLA"}})
    assert "Carla Nwosu is no case officer" in errors["person"]
    assert await world.ana.submit(modal.id, {"person": {"field": "UBEN"}}) == {}
    assert (await world.case()).officer == "UBEN"


async def test_a_colleague_is_asked_in_the_thread_and_nothing_is_mailed(world):
    card = await world.case_card()
    modal = await choose(world, world.ana, card, "ask")
    given = {"person": {"field": "UCARLA"}, "field": {"field": "Is this on the list?"}}
    assert await world.ana.submit(modal.id, given) == {}
    await world.deliver()
    [note] = world.thread_of(card)
    assert "<@UCARLA>" in words(note)
    assert "Ana Whitlock asks" in words(note)
    assert [one.kind for one in await world.outgoing("mail")] == ["acknowledgement"]
    [event] = await events(world, "ask")
    assert event.detail["note"] == "Is this on the list?"


async def test_an_internal_note_can_be_added_to_a_resolved_case_and_leaves_it_so(world):
    card = await world.case_card()
    await world.ana.press(world.cases, card.ts, names.RESOLVE)
    modal = await world.modal_of("UANA")
    await world.ana.submit(modal.id, {"field": {"field": "answered"}})
    await world.deliver()
    modal = await choose(world, world.ben, world.card, "note")
    assert await world.ben.submit(modal.id, {"field": {"field": "They rang to thank us."}}) == {}
    await world.deliver()
    assert "They rang to thank us." in words(world.thread_of(card)[0])
    assert (await world.case()).state == CaseState.RESOLVED


async def test_asking_for_information_mails_the_enquirer_and_waits_for_them(world):
    card = await world.case_card()
    modal = await choose(world, world.ana, card, "request_information")
    begun = modal.blocks[0]["element"]["initial_value"]
    assert "Robin Asker" in begun
    errors = await world.ana.submit(modal.id, {"field": {"field": begun}})
    assert "what they are to tell us" in errors["field"]
    text = f"{begun}which years you need"
    assert await world.ana.submit(modal.id, {"field": {"field": text}}) == {}
    [mail] = [one for one in await world.outgoing("mail") if one.kind == "officer"]
    assert "which years you need" in Letter.model_validate(mail.payload).body
    assert (await world.case()).state == CaseState.WAITING
    assert len(await events(world, "request_information")) == 1


async def test_a_form_of_an_old_card_is_refused_with_what_changed(world):
    card = await world.case_card()
    modal = await choose(world, world.ana, card, "note")
    await world.ben.press(world.cases, card.ts, names.CLAIM)
    await eventually(lambda: events(world, "claim"))
    errors = await world.ana.submit(modal.id, {"field": {"field": "Late."}})
    assert "Ben Osei claimed it" in errors["field"]


async def test_someone_who_is_no_officer_gets_no_form(world):
    card = await world.case_card()
    world.slack.workspace.channels[world.cases].members.add("UCARLA")
    value = await menu_value(world, card, "note")
    await world.carla.press(world.cases, card.ts, names.MORE, chosen=value)
    [told] = await eventually(lambda: world.seen_by("UCARLA", world.cases))
    assert "Only case officers" in told
    assert world.slack.views.top("UCARLA") is None


async def test_a_changed_priority_stands_on_the_card(world):
    card = await world.case_card()
    modal = await choose_of_all(world, world.ana, card, "set_priority")
    assert await world.ana.submit(modal.id, {"field": {"field": "urgent"}}) == {}
    await world.deliver()
    assert "Urgent priority" in words(world.card)
    [event] = await events(world, "set_priority")
    assert event.detail == {"from": "normal", "to": "urgent"}


async def test_a_snoozed_case_comes_back_at_its_time_and_its_owner_is_told(world):
    card = await world.case_card()
    await world.ana.press(world.cases, card.ts, names.CLAIM)
    await eventually(lambda: events(world, "claim"))
    await world.deliver()
    modal = await choose(world, world.ana, world.card, "snooze")
    assert modal.blocks[0]["element"]["initial_date_time"] > time.time()
    async with world.store.unit() as unit:
        assert await wake_due(unit) == 0
    until = f"{datetime.now() + timedelta(hours=1):%Y-%m-%dT%H:%M}"  # noqa: DTZ005 -- as a person picks it
    assert await world.ana.submit(modal.id, {"field": {"field": until}}) == {}
    case = await world.case()
    assert f"{case.snoozed_until.astimezone():%Y-%m-%dT%H:%M}" == until
    await world.deliver()
    assert "Snoozed until" in words(world.card)
    async with world.store.unit() as unit:
        await unit.session.execute(update(Case).values(snoozed_until=Case.opened_at))
    async with world.store.unit() as unit:
        assert await wake_due(unit) == 1
    await world.deliver()
    assert "<@UANA>" in words(world.thread_of(card)[-1])
    assert "Snoozed until" not in words(world.card)


async def test_a_snooze_is_ended_before_its_time_by_who_wants_to_go_on(world):
    card = await world.case_card()
    modal = await choose(world, world.ana, card, "snooze")
    assert await world.ana.submit(modal.id, {}) == {}
    await world.deliver()
    modal = await choose_of_all(world, world.ben, world.card, "wake")
    assert await world.ben.submit(modal.id, {}) == {}
    assert (await world.case()).snoozed_until is None
    await world.deliver()
    assert "Ben Osei brought it back" in words(world.card)
    assert "Snoozed until" not in words(world.card)


async def test_a_duplicate_is_resolved_and_both_cards_say_which(world):
    (card, _), first, second = await two_cases(world)
    modal = await choose_of_all(world, world.ana, card, "mark_duplicate")
    errors = await world.ana.submit(modal.id, {"field": {"field": "ENQ-000000-0000"}})
    assert "There is no enquiry" in errors["field"]
    assert await world.ana.submit(modal.id, {"field": {"field": second.lower()}}) == {}
    found = await cases_by_reference(world)
    assert (found[first].state, found[first].resolution) == (CaseState.RESOLVED, "duplicate")
    assert found[second].state == CaseState.NEW
    await world.deliver()
    one, other = world.cards
    assert f"a duplicate of {second}" in words(one)
    assert f"has a duplicate: {first}" in words(other)


async def test_a_merged_case_gives_its_messages_away_and_what_comes_later_follows(world):
    (card, kept), first, second = await two_cases(world)
    modal = await choose_of_all(world, world.ana, card, "merge")
    assert await world.ana.submit(modal.id, {"field": {"field": second}}) == {}
    await world.deliver()
    found = await cases_by_reference(world)
    assert (found[first].state, found[first].resolution) == (CaseState.RESOLVED, "merged")
    assert f"Its messages are in {second}" in words(world.cards[0])
    said = "\n".join(words(one) for one in world.thread_of(kept))
    assert f"merged {first} into this case" in said
    assert "What will our extract cost?" in said
    outcome = await world.mail("One thing more.", subject=f"Re: x [{first}]")
    assert (outcome.what, outcome.reference) == ("joined", second)
    outcome = await world.mail("And this.", references=("<1@uni.example>",))
    assert outcome.reference == second


async def test_two_cases_are_linked_and_a_second_time_it_is_said(world):
    (card, _), first, second = await two_cases(world)
    modal = await choose_of_all(world, world.ana, card, "link")
    assert await world.ana.submit(modal.id, {"field": {"field": second}}) == {}
    await world.deliver()
    assert f"linked to {second}" in words(world.cards[0])
    assert f"linked to {first}" in words(world.cards[1])
    modal = await choose_of_all(world, world.ana, world.cards[0], "link")
    errors = await world.ana.submit(modal.id, {"field": {"field": second}})
    assert "linked already" in errors["field"]


async def test_spam_ends_the_case_without_a_word_to_anybody(world):
    card = await world.case_card()
    before = len(await world.outgoing("mail"))
    modal = await choose_of_all(world, world.ana, card, "mark_spam")
    assert await world.ana.submit(modal.id, {"field": {"field": ["spam"]}}) == {}
    case = await world.case()
    assert (case.state, case.resolution) == (CaseState.RESOLVED, "spam")
    assert len(await world.outgoing("mail")) == before


async def test_a_message_is_split_off_and_becomes_a_case_with_a_card_of_its_own(world):
    await world.mail("What will our extract cost?")
    await world.mail("Another matter: who may apply?", references=("<1@uni.example>",))
    await world.deliver()
    [card] = world.cards
    modal = await choose_of_all(world, world.ana, card, "split")
    [only] = modal.blocks[0]["element"]["options"]
    assert "who may apply" in only["text"]["text"]
    assert await world.ana.submit(modal.id, {"field": {"field": only["value"]}}) == {}
    await world.deliver()
    assert len(world.cards) == 2
    assert "Another matter: who may apply?" in words(world.cards[1])
    assert "An officer made a case of its own" in words(world.cards[1])


@pytest.fixture
def desk(desk):
    """A desk that knows two other teams."""
    return replace(desk, teams={"Press office": "press@nhs.example", "Audit": "C0AUDIT"})


async def test_a_case_is_passed_to_another_team_by_mail_with_what_was_asked(world):
    card = await world.case_card()
    modal = await choose_of_all(world, world.ana, card, "send_to_team")
    given = {"field": {"field": "Press office"}, "note": {"field": "From a newspaper."}}
    assert await world.ana.submit(modal.id, given) == {}
    [mail] = [one for one in await world.outgoing("mail") if one.kind == "officer"]
    assert (mail.recipient, mail.state) == ("press@nhs.example", OutgoingState.READY)
    body = Letter.model_validate(mail.payload).body
    assert "From a newspaper." in body
    assert "What will our extract cost?" in body
    assert (await world.case()).resolution == "passed_on"


async def test_a_team_in_slack_sees_the_masked_summary_in_its_channel(world):
    audit = world.slack.workspace.add_channel("audit", ["UBEN"]).id
    world.slack.workspace.channels[audit].members.add(world.slack.app.user_id)
    world.desk.teams = {"Audit": audit}
    card = await world.case_card("About 999 000 0018, what will it cost?")
    modal = await choose_of_all(world, world.ana, card, "send_to_team")
    assert await world.ana.submit(modal.id, {"field": {"field": "Audit"}}) == {}
    await world.deliver()
    [post] = world.slack.workspace.history(audit)
    assert "[NHS number]" in words(post)
    assert "999 000 0018" not in words(post)
