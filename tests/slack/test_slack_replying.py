"""Writing to an enquirer: taken back in time, previewed, with copies; and who else is writing."""

from dataclasses import replace

import pytest
from slack_world import decision, eventually, words
from sqlalchemy import select, update

from bot.slack import names
from bot.slack.card_actions import TAKE_BACK
from handlers.cases import Officer, Press
from handlers.letters import Letter
from handlers.outbox import take
from handlers.tables import (
    Case,
    CaseEvent,
    CaseState,
    Enquiry,
    OutgoingState,
    Participant,
    StoredMessage,
)
from handlers.undo import undo
from knowledge.snippets import snippets


@pytest.fixture
def desk(desk):
    """A desk whose officers may take a mail back."""
    return replace(desk, undo_seconds=20)


async def replied(world, text="It is £0 for you.", copies=""):
    """A case that Ana replied to, its card drawn."""
    card = await world.case_card()
    await world.ana.press(world.cases, card.ts, names.REPLY)
    modal = await world.modal_of("UANA")
    given = {"field": {"field": text}, "copies": {"field": copies}}
    assert await world.ana.submit(modal.id, given) == {}
    await world.deliver()
    return world.card


async def officers_mail(world):
    [mail] = [one for one in await world.outgoing("mail") if one.kind == "officer"]
    return mail


async def kinds(world):
    async with world.store.unit() as unit:
        rows = await unit.session.execute(select(CaseEvent.kind).order_by(CaseEvent.id))
        return list(rows.scalars())


async def is_open(world):
    return (await world.case()).state == CaseState.OPEN


async def test_a_mail_taken_back_in_time_does_not_leave_and_its_words_are_the_draft(world):
    card = await replied(world)
    assert TAKE_BACK in words(card)
    await world.ana.press(world.cases, card.ts, names.UNDO)
    await eventually(lambda: is_open(world))
    mail = await officers_mail(world)
    assert mail.state == OutgoingState.CANCELLED
    async with world.store.unit() as unit:
        assert not await take(unit, mail.id)
        out = await unit.session.execute(
            select(StoredMessage).where(StoredMessage.message_id == mail.payload["message_id"])
        )
        assert out.scalars().all() == []
    case = await world.case()
    assert (case.draft, case.first_reply_at) == ("It is £0 for you.", None)
    assert await kinds(world) == ["opened", "reply", "undo"]
    await world.deliver()
    assert TAKE_BACK not in words(world.card)


async def test_a_mail_that_left_is_not_taken_back_and_that_is_said(world):
    card = await replied(world)
    async with world.store.unit() as unit:
        assert await take(unit, (await officers_mail(world)).id)
    await world.ana.press(world.cases, card.ts, names.UNDO)
    [told] = await eventually(lambda: world.seen_by("UANA", world.cases))
    assert "left already" in told
    assert (await world.case()).state == CaseState.WAITING


async def test_a_mail_can_be_taken_back_though_the_enquirer_wrote_meanwhile(world):
    card = await replied(world)
    await world.mail("Never mind the first part.", references=("<1@uni.example>",))
    await world.ana.press(world.cases, card.ts, names.UNDO)
    await eventually(lambda: is_cancelled(world))
    assert await is_open(world)


async def is_cancelled(world):
    return (await officers_mail(world)).state == OutgoingState.CANCELLED


async def test_the_job_that_sends_the_mail_waits_for_the_set_time(world):
    await replied(world)
    mail = await officers_mail(world)
    from sqlalchemy import text  # noqa: PLC0415  only this test reads the engine's table

    async with world.store.unit() as unit:
        row = await unit.session.execute(
            text(
                "SELECT extract(epoch FROM scheduled_at - now()) FROM procrastinate_jobs"
                " WHERE task_name = 'deliver' AND (args->>'subject')::bigint = :mail"
            ),
            {"mail": mail.id},
        )
        assert 10 < row.scalar_one() <= 20


async def test_the_button_to_take_it_back_goes_once_its_time_is_over(world):
    card = await replied(world)
    assert TAKE_BACK in words(card)
    async with world.store.unit() as unit:
        await unit.session.execute(
            update(CaseEvent)
            .where(CaseEvent.kind == "reply")
            .values(detail=CaseEvent.detail.concat({"held_until": "2026-01-01T00:00:00+00:00"}))
        )
    await world.ben.press(world.cases, card.ts, names.CLAIM)
    await eventually(lambda: is_bens(world))
    await world.deliver()
    assert TAKE_BACK not in words(world.card)


async def is_bens(world):
    return (await world.case()).officer == "UBEN"


async def test_copies_are_mailed_and_may_write_to_the_case(world):
    await replied(world, copies="lead@uni.example; asker@uni.example")
    letter = Letter.model_validate((await officers_mail(world)).payload)
    assert letter.cc == ("lead@uni.example",)


async def may_write(world, address):
    async with world.store.unit() as unit:
        row = await unit.session.execute(select(Participant).where(Participant.address == address))
        return row.scalar_one_or_none() is not None


async def test_who_was_in_copy_of_a_mail_that_was_taken_back_is_proposed_and_no_more(world):
    card = await replied(world, copies="Lead@uni.example asker@uni.example")
    assert await may_write(world, "lead@uni.example")
    await world.ana.press(world.cases, card.ts, names.UNDO)
    await eventually(lambda: is_open(world))
    assert not await may_write(world, "lead@uni.example")
    assert await may_write(world, "asker@uni.example")
    await world.deliver()
    await world.ana.press(world.cases, world.card.ts, names.REPLY)
    modal = await world.modal_of("UANA")
    [copies] = [one for one in modal.blocks if one["block_id"] == "copies"]
    assert copies["element"]["initial_value"] == "Lead@uni.example"


async def test_who_is_in_copy_of_another_mail_too_stays_where_one_is_taken_back(world):
    await replied(world, copies="lead@uni.example")
    await world.ana.press(world.cases, world.card.ts, names.REPLY)
    modal = await world.modal_of("UANA")
    given = {"field": {"field": "And thanks."}, "copies": {"field": "lead@uni.example"}}
    case = await world.case()
    assert await world.ana.submit(modal.id, given) == {}
    async with world.store.unit() as unit:
        await undo(unit, Press(case.id, case.version, Officer("UANA", "Ana", may_act=True)))
    assert await may_write(world, "lead@uni.example")


@pytest.mark.parametrize(
    ("copies", "why"), [("no address", "is no mail address"), ("dars@triagebot.example", "our own")]
)
async def test_a_copy_that_cannot_be_is_refused_and_nothing_leaves(world, copies, why):
    card = await world.case_card()
    await world.ana.press(world.cases, card.ts, names.REPLY)
    modal = await world.modal_of("UANA")
    given = {"field": {"field": "Yes."}, "copies": {"field": copies}}
    errors = await world.ana.submit(modal.id, given)
    assert why in errors["field"]
    assert "officer" not in [one.kind for one in await world.outgoing("mail")]


async def test_a_sentence_is_added_and_the_mail_is_seen_before_it_leaves(world):
    card = await world.case_card()
    await world.ana.press(world.cases, card.ts, names.REPLY)
    modal = await world.modal_of("UANA")
    typed = {"field": {"field": "[From guidance: x, y]\nDear Robin, <!here>"}}
    one = snippets()[0]
    await world.ana.press_in_view(modal.id, names.SNIPPET, chosen=one.id, filled=typed)
    text = await eventually(lambda: one.text in str(modal.blocks) and initial(modal))
    assert text.startswith("[From guidance: x, y]\nDear Robin")
    await world.ana.press_in_view(modal.id, names.PREVIEW)
    shown = await eventually(lambda: "As it leaves" in str(modal.blocks) and str(modal.blocks[4:]))
    assert "asker@uni.example" in shown
    assert "&lt;!here&gt;" in shown
    assert "[From guidance" not in shown
    assert await world.ana.submit(modal.id, {}) == {}
    body = Letter.model_validate((await officers_mail(world)).payload).body
    assert body == f"Dear Robin, <!here>\n\n{one.text}"


def initial(modal):
    return modal.blocks[0]["element"]["initial_value"]


async def test_others_see_who_is_writing_until_the_reply_is_closed(world):
    card = await world.case_card()
    await world.ana.press(world.cases, card.ts, names.REPLY)
    modal = await world.modal_of("UANA")
    await world.deliver()
    assert "Ana Whitlock is writing" in words(world.card)
    await world.ben.press(world.cases, card.ts, names.REPLY)
    other = await world.modal_of("UBEN")
    assert "Also writing at this moment: Ana Whitlock" in str(other.blocks)
    await world.ben.close(other.id)
    await world.ana.close(modal.id)
    await eventually(lambda: nobody_writes(world))


async def nobody_writes(world):
    await world.deliver()
    return "writing" not in words(world.card)


async def test_a_reclassified_case_keeps_where_it_should_have_gone(world):
    card = await world.case_card(decided=decision())
    await world.ana.press(world.cases, card.ts, names.RECLASSIFY)
    modal = await world.modal_of("UANA")
    given = {
        "field": {"field": ["process"]},
        "route": {"field": "answer"},
        "topics": {"field": ["who-can-apply"]},
    }
    assert await world.ana.submit(modal.id, given) == {}
    async with world.store.unit() as unit:
        event = await unit.session.execute(
            select(CaseEvent).join(Case).join(Enquiry).where(CaseEvent.kind == "reclassify")
        )
        detail = event.scalar_one().detail
    assert (detail["to"], detail["route"]) == (["process"], "answer")
    assert detail["topics"] == ["who-can-apply"]


async def test_files_of_the_case_can_be_chosen_and_go_with_the_reply(world):
    card = await world.case_card()
    async with world.store.unit() as unit:
        message = (
            await unit.session.execute(select(StoredMessage).where(StoredMessage.direction == "in"))
        ).scalar_one()
        message.attachments = [{"name": "form.pdf", "type": "application/pdf", "size": 84_000}]
        inbound = message.inbound_id
    await world.ana.press(world.cases, card.ts, names.REPLY)
    modal = await world.modal_of("UANA")
    [files] = [one for one in modal.blocks if one["block_id"] == "files"]
    [only] = files["element"]["options"]
    assert only["text"]["text"] == "form.pdf (84 kB)"
    given = {"field": {"field": "Here it is."}, "files": {"field": [only["value"]]}}
    assert await world.ana.submit(modal.id, given) == {}
    [mail] = [one for one in await world.outgoing("mail") if one.kind == "officer"]
    [sent] = Letter.model_validate(mail.payload).files
    assert (sent.inbound_id, sent.number) == (inbound, 0)
