"""Cases in Slack, through real Bolt: over Socket Mode and over HTTP."""

import json

from slack_world import decision, eventually, words
from sqlalchemy import select

from bot.slack import names
from handlers.letters import Letter
from handlers.tables import CaseEvent, CaseState, OutgoingState
from triage.decision import EnquiryType, Flag

NHS_NUMBER = "999 000 0018"


async def test_a_case_appears_as_one_card_with_flags_first(world):
    card = await world.case_card(decided=decision(flags=(Flag.COMPLAINT,)))
    said = words(card)
    assert "COMPLAINT" in said
    assert "Robin Asker" in said
    assert "A fee has to be looked up." in said
    assert "What will our extract cost?" in said
    assert card.blocks[1]["text"]["text"].startswith(":rotating_light:")
    case = await world.case()
    assert (case.slack_channel, case.slack_ts) == (world.cases, card.ts)


async def test_claiming_redraws_the_card_with_its_owner(world):
    card = await world.case_card()
    await world.ana.press(world.cases, card.ts, names.CLAIM)
    await eventually(lambda: is_owned(world, "Ana Whitlock"))
    await world.deliver()
    assert "*Owner*\nAna Whitlock" in words(world.card)
    assert world.card.ts == card.ts


async def is_owned(world, name):
    return (await world.case()).officer_name == name


async def test_a_reply_leaves_as_a_letter_in_the_officers_words(world):
    card = await world.case_card()
    await world.ana.press(world.cases, card.ts, names.REPLY)
    modal = await world.modal_of("UANA")
    assert modal.blocks[0]["element"]["initial_value"] == (await world.case()).draft
    errors = await world.ana.submit(modal.id, {"field": {"field": "It is £0 for you."}})
    assert errors == {}
    letter = [one for one in await world.outgoing("mail") if one.kind == "officer"]
    assert [Letter.model_validate(one.payload).body for one in letter] == ["It is £0 for you."]
    assert Letter.model_validate(letter[0].payload).officer_name == "Ana Whitlock"
    assert (await world.case()).state == CaseState.WAITING


async def test_a_reply_with_a_question_left_open_does_not_leave(world):
    card = await world.case_card()
    await world.ana.press(world.cases, card.ts, names.REPLY)
    modal = await world.modal_of("UANA")
    text = "[From guidance: x, y]\nIt is £0.\n\n[Please answer: “When?”]"
    errors = await world.ana.submit(modal.id, {"field": {"field": text}})
    assert "nothing was sent" in errors["field"]
    assert not [one for one in await world.outgoing("mail") if one.kind == "officer"]
    text = text.replace("[Please answer: “When?”]", "On Monday.")
    assert await world.ana.submit(modal.id, {"field": {"field": text}}) == {}
    [letter] = [one for one in await world.outgoing("mail") if one.kind == "officer"]
    assert Letter.model_validate(letter.payload).body == "It is £0.\n\nOn Monday."


async def test_a_reply_submitted_twice_leaves_once_and_says_so(world):
    card = await world.case_card()
    await world.ana.press(world.cases, card.ts, names.REPLY)
    first = await world.modal_of("UANA")
    await world.ben.press(world.cases, card.ts, names.REPLY)
    second = await world.modal_of("UBEN")
    assert await world.ana.submit(first.id, {"field": {"field": "Yes."}}) == {}
    errors = await world.ben.submit(second.id, {"field": {"field": "No."}})
    assert "Ana Whitlock replied" in errors["field"]
    assert [one.kind for one in await world.outgoing("mail")].count("officer") == 1


async def test_a_stale_press_is_refused_with_what_changed(world):
    card = await world.case_card()
    await world.ana.press(world.cases, card.ts, names.CLAIM)
    await eventually(lambda: is_owned(world, "Ana Whitlock"))
    await world.ben.press(world.cases, card.ts, names.RESOLVE)
    [told] = await eventually(lambda: world.seen_by("UBEN", world.cases))
    assert "Ana Whitlock claimed it" in told
    assert world.slack.views.top("UBEN") is None


async def test_someone_who_is_no_officer_may_not_act(world):
    card = await world.case_card()
    world.slack.workspace.channels[world.cases].members.add("UCARLA")
    await world.carla.press(world.cases, card.ts, names.CLAIM)
    [told] = await eventually(lambda: world.seen_by("UCARLA", world.cases))
    assert "Only case officers" in told
    assert (await world.case()).officer is None


async def test_types_are_put_right_and_a_case_is_resolved_and_reopened(world):
    card = await world.case_card()
    await world.ana.press(world.cases, card.ts, names.RECLASSIFY)
    modal = await world.modal_of("UANA")
    await world.ana.submit(modal.id, {"field": {"field": ["process"]}})
    assert (await world.case()).types == ["process"]
    await world.deliver()
    await world.ana.press(world.cases, card.ts, names.RESOLVE)
    modal = await eventually(lambda: world.slack.views.top("UANA"))
    await world.ana.submit(modal.id, {"field": {"field": "passed_on"}})
    await world.deliver()
    assert "Passed to another team, by Ana Whitlock" in words(world.card)
    assert "What will our extract cost?" not in str(world.card.blocks)
    await world.ana.press(world.cases, card.ts, names.REOPEN)
    await eventually(lambda: is_in(world, CaseState.OPEN))


async def is_in(world, state):
    return (await world.case()).state == state


async def test_the_whole_message_is_shown_unmasked_to_the_one_who_asks(world):
    card = await world.case_card(f"Is {NHS_NUMBER} on the register? <!channel>")
    assert NHS_NUMBER not in words(card)
    assert "[NHS number]" in words(card)
    await world.ana.press(world.cases, card.ts, names.SHOW_WHOLE)
    [told] = await eventually(lambda: world.seen_by("UANA", world.cases))
    assert NHS_NUMBER in told
    assert "&lt;!channel&gt;" in told
    assert world.seen_by("UBEN", world.cases) == []


async def test_a_later_message_stands_in_the_cards_thread_masked(world):
    card = await world.case_card()
    await world.mail(f"Also {NHS_NUMBER}.", references=("<1@uni.example>",))
    await world.deliver()
    [note] = world.thread_of(card)
    assert "Also [NHS number]." in words(note)
    assert NHS_NUMBER not in words(note)


async def test_a_note_waits_for_its_card_without_using_up_tries(world):
    await world.mail("What will it cost?")
    await world.mail("Please hurry.", references=("<1@uni.example>",))
    world.slack.fail_next("chat.postMessage", "ratelimited", status=429, retry_after=1)
    await world.deliver()
    assert world.cards == []
    await world.deliver()
    assert len(world.cards) == 1
    await world.deliver()
    assert "Please hurry." in words(world.thread_of(world.card)[0])
    assert {one.attempts for one in await world.outgoing("slack")} == {0}


async def test_a_mail_in_doubt_is_decided_in_the_thread(world):
    card = await world.case_card()
    [mail] = await world.outgoing("mail")
    await hold(world, mail.id)
    await world.deliver()
    [note] = world.thread_of(card)
    assert "may or may not have left" in words(note)
    await world.ana.press(world.cases, note.ts, names.IT_ARRIVED)
    await eventually(lambda: "Ana Whitlock said that it arrived" in words(note))
    [mail] = await world.outgoing("mail")
    assert mail.state == OutgoingState.SENT


async def hold(world, outgoing_id):
    from handlers.delivery import tell_officers  # noqa: PLC0415  only this test needs them
    from handlers.tables import Outgoing  # noqa: PLC0415

    async with world.store.unit() as unit:
        mail = await unit.session.get_one(Outgoing, outgoing_id)
        mail.state, mail.error = OutgoingState.HELD, "the relay went silent"
        await tell_officers(unit, mail)


async def test_app_home_lists_ones_own_and_unclaimed_cases_with_links(world):
    card = await world.case_card()
    world.ana.open_home()
    home = await eventually(lambda: world.slack.views.home("UANA"))
    shown = json.dumps(home.content)
    assert "Unclaimed" in shown
    assert f"/archives/{world.cases}/p{card.ts.replace('.', '')}" in shown


SIGNED = (
    "Where does our application for bowel screening records stand?\n\n"
    "Kind regards\nRobin Asker\nData Manager\nNorthmere University Hospitals"
)


async def test_a_card_says_what_is_wanted_by_whom_and_what_came_of_it_before(world):
    sure = {EnquiryType.EXISTING_APPLICATION: 0.91}
    decided = decision(types=(EnquiryType.EXISTING_APPLICATION,), type_scores=sure)
    first = await world.case_card(SIGNED, decided=decided, subject="Our records")
    await world.ana.press(world.cases, first.ts, names.RESOLVE)
    modal = await world.modal_of("UANA")
    await world.ana.submit(modal.id, {"field": {"field": "passed_on"}})
    await world.mail(SIGNED, decided=decided, subject="Our records, once more")
    await world.deliver()
    card = world.cards[-1]
    assert card.blocks[0]["text"]["text"] == (
        "Asks about an application or agreement of theirs: "
        "“Where does our application for bowel screening records stand?”"
    )
    said = words(card)
    assert "Northmere University Hospitals (says their signature)\nknown: 1 earlier" in said
    assert "*About*\nExisting application (very likely)" in said
    assert "Our records → *Passed to another team*" in said
    assert "Data Manager" not in said


async def test_who_read_a_whole_message_is_kept_with_the_case_and_no_press_is_stale(world):
    card = await world.case_card(f"Is {NHS_NUMBER} on the register?")
    await world.ben.press(world.cases, card.ts, names.SHOW_WHOLE)
    await eventually(lambda: world.seen_by("UBEN", world.cases))
    await world.ana.press(world.cases, card.ts, names.CLAIM)
    await eventually(lambda: is_owned(world, "Ana Whitlock"))
    async with world.store.unit() as unit:
        rows = await unit.session.execute(select(CaseEvent).order_by(CaseEvent.id))
        happened = [(one.kind, one.actor_name) for one in rows.scalars()]
    assert happened[1:] == [("read_whole", "Ben Osei"), ("claim", "Ana Whitlock")]
