"""What else an officer does on the page of a case: colleagues, time, other cases, other teams."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from handlers.case_tables import LinkKind, Priority
from handlers.case_view import CaseView, case_view
from handlers.corrections import corrections
from handlers.tables import CaseState, Outgoing


async def now(store, case: CaseView) -> CaseView:
    async with store.unit() as unit:
        return await case_view(unit, case.id)


async def page(asha, case: CaseView) -> str:
    return (await asha.get(f"/cases/{case.reference}")).text


async def test_a_case_is_handed_over_with_a_word_that_its_page_shows(asha, store, make):
    case = await make()
    answer = await asha.press(case.reference, "hand_over", to="UTOM", note="Two years are <left>.")
    assert answer.status == 200
    assert "It is handed over." in answer.text
    assert (await now(store, case)).officer_name == "Tom Ellery"
    assert "Asha Verma handed it over" in answer.text
    assert "Two years are &lt;left&gt;." in answer.text


async def test_a_note_is_kept_among_colleagues_and_nothing_is_mailed(asha, store, make):
    case = await make()
    before = await mails(store)
    answer = await asha.press(case.reference, "note", note="Spoke to 999 000 0018 today.")
    assert "Spoke to" in answer.text
    assert "999 000 0018" not in answer.text
    assert await mails(store) == before


async def test_a_long_history_says_that_its_beginning_is_left_out(asha, make):
    case = await make()
    answer = await asha.press(case.reference, "note", note="First.")
    assert "The latest 10 are shown." not in answer.text
    for number in range(10):
        answer = await asha.press(case.reference, "note", note=f"Number {number}.")
    assert answer.text.count("The latest 10 are shown.") == 1
    assert "First." not in answer.text


async def mails(store) -> int:
    async with store.unit() as unit:
        rows = await unit.session.execute(select(Outgoing).where(Outgoing.transport == "mail"))
        return len(rows.scalars().all())


async def test_priority_and_clocks_stand_on_the_page(asha, store, make):
    case = await make()
    assert "10 working days" in await page(asha, case)
    answer = await asha.press(case.reference, "set_priority", priority="urgent")
    assert (await now(store, case)).now.priority is Priority.URGENT
    assert "<dd>Urgent</dd>" in answer.text
    assert "2 working days" in answer.text


async def test_a_snoozed_case_says_until_when_by_the_clock_of_the_service(asha, store, make):
    case = await make()
    day = datetime.now(UTC).date() + timedelta(days=40)
    answer = await asha.press(case.reference, "snooze", until=f"{day}T09:30")
    assert "Snoozed until" in answer.text
    assert "09:30" in answer.text
    until = (await now(store, case)).now.snoozed_until
    assert until is not None
    assert until.date() == day
    assert "Snoozed until" in (await asha.get("/cases?show=all")).text
    assert "End the snooze" in answer.text
    answer = await asha.press(case.reference, "wake")
    assert "It is back before its time." in answer.text
    assert "Snoozed until" not in answer.text
    assert "End the snooze" not in answer.text


@pytest.mark.parametrize(
    ("press", "told"),
    [
        (("hand_over", {"to": "UNOBODY", "note": "x"}), "Please choose somebody."),
        (("snooze", {"until": "soon"}), "Please choose a day and a time."),
        (("snooze", {"until": "2020-01-01T09:00"}), "That time is over"),
        (("set_priority", {"priority": "<b>"}), "Please choose a priority."),
        (("link", {"other": "ENQ-000000-0000"}), "ENQ-000000-0000"),
        (("split", {"message": "999999"}), ""),
        (("mark_spam", {}), "Please tick that it is spam"),
        (("send_to_team", {"team": "nobody"}), ""),
        (("undo", {}), ""),
    ],
)
async def test_what_makes_no_sense_is_refused_in_words_and_changes_nothing(
    asha, store, make, press, told
):
    action, fields = press
    case = await make()
    answer = await asha.press(case.reference, action, **fields)
    assert answer.status == 422
    assert "Nothing was done" in answer.text
    assert told in answer.text
    assert (await now(store, case)).version == case.version


async def test_a_link_stands_on_both_pages(asha, store, make):
    one, other = await make(), await make("And a second one", subject="Second")
    await asha.press(one.reference, "link", other=other.reference)
    assert other.reference in await page(asha, one)
    assert one.reference in await page(asha, other)
    await asha.press(one.reference, "mark_duplicate", other=other.reference)
    assert "a duplicate of <a" in await page(asha, one)
    assert "has a duplicate, <a" in await page(asha, other)
    link, _ = (await now(store, one)).now.links
    assert link.kind == LinkKind.RELATED


async def test_a_merged_case_leads_to_the_one_that_holds_it_and_takes_no_more(asha, store, make):
    one, other = await make(), await make("And a second one", subject="Second")
    answer = await asha.press(one.reference, "merge", other=other.reference)
    assert f'href="/cases/{other.reference}"' in answer.text
    assert re.findall(rf'action="/cases/{one.reference}/(\w+)"', answer.text) == []
    assert f"/cases/{one.reference}/why" not in answer.text
    assert (await asha.press(one.reference, "whole")).status == 404
    assert (await now(store, one)).state is CaseState.RESOLVED


async def test_a_reply_has_copies_which_stay_proposed_where_it_is_taken_back(
    asha, store, make, desk
):
    desk.undo_seconds = 60
    case = await make()
    answer = await asha.press(case.reference, "reply", text="Yes.", copies="no address")
    assert "is no mail address" in answer.text
    await asha.press(case.reference, "reply", text="Yes.", copies="lead@uni.example")
    async with store.unit() as unit:
        rows = await unit.session.execute(select(Outgoing).where(Outgoing.kind == "officer"))
        assert rows.scalar_one().payload["cc"] == ["lead@uni.example"]
    answer = await asha.press(case.reference, "undo")
    assert 'value="lead@uni.example"' in answer.text


async def test_a_reply_can_be_taken_back_while_it_waits(asha, store, make, desk):
    desk.undo_seconds = 60
    case = await make()
    answer = await asha.press(case.reference, "reply", text="Which years do you need?")
    assert "Undo: take the mail back" in answer.text
    answer = await asha.press(case.reference, "undo")
    assert "The mail was taken back" in answer.text
    assert (await now(store, case)).state is CaseState.OPEN


async def test_a_reply_can_be_taken_back_though_something_else_was_done_since(
    asha, store, make, desk
):
    desk.undo_seconds = 60
    case = await make()
    await asha.press(case.reference, "reply", text="Which years do you need?")
    await asha.press(case.reference, "note", note="They rang as well.")
    answer = await asha.press(case.reference, "undo")
    assert "The mail was taken back" in answer.text
    assert (await now(store, case)).state is CaseState.OPEN


async def test_spam_ends_the_case_and_nobody_is_written_to(asha, store, make):
    case = await make()
    before = await mails(store)
    await asha.press(case.reference, "mark_spam", sure="yes")
    shown = await now(store, case)
    assert (shown.state, shown.resolution) == (CaseState.RESOLVED, "spam")
    assert await mails(store) == before


async def test_a_proposed_article_stands_among_the_gaps(asha, make):
    case = await make("May a controller change meanwhile?")
    answer = await asha.press(
        case.reference, "propose_article", title="A change of <b>controller</b>", note="Often."
    )
    assert "for the knowledge owner" in answer.text
    page = (await asha.get("/gaps")).text
    assert "1 enquiry: A change of &lt;b&gt;controller&lt;/b&gt;" in page
    assert "Proposed by Asha Verma: “Often.”" in page


async def test_a_correction_on_the_page_says_which_way_and_which_guidance(asha, store, make):
    case = await make()
    fields = {"types.charges": "yes", "route": "answer", "topic": "ndrs-total-cost"}
    await asha.press(case.reference, "reclassify", **fields)
    async with store.unit() as unit:
        [one] = await corrections(unit)
    assert (one.route, one.topics) == ("answer", ("ndrs-total-cost",))
    answer = await asha.press(case.reference, "reclassify", **{**fields, "route": "<b>"})
    assert answer.status == 422


async def test_the_page_shows_what_the_enquirer_is_told_apart_from_our_own_words(asha, make):
    case = await make()
    assert "<dt>They are told</dt><dd>It waits for a case officer</dd>" in await page(asha, case)
    await asha.press(case.reference, "claim")
    assert "<dt>They are told</dt><dd>A case officer has it</dd>" in await page(asha, case)
