"""The record of an answer: as it was sent, whatever changed since, and honest of what was not."""

from dataclasses import replace

import pytest
from sqlalchemy import select, update

from handlers.answer_record import answer_record
from handlers.approval import approve
from handlers.case_message import decision_of
from handlers.case_view import case_view
from handlers.cases import Officer, Press
from handlers.feedback import hear
from handlers.knowledge_tables import Said
from handlers.outbox import read, refuse, sent, take
from handlers.receive import receive
from handlers.replies import reply
from handlers.switches import Mode
from handlers.tables import Case, Outgoing, OutgoingState, StoredDecision
from triage.decision import Route

ASHA = Officer("U1", "Asha Verma", may_act=True)


async def decided(store, desk, arrival, judged) -> str:
    async with store.unit() as unit:
        outcome = await receive(unit, arrival, judged, desk)
    return outcome.reference


async def answer_of(store) -> int:
    async with store.unit() as unit:
        row = await unit.session.execute(select(Outgoing.id).where(Outgoing.kind == "answer"))
        return row.scalar_one()


async def record_of(store, reference):
    async with store.unit() as unit:
        return await answer_record(unit, reference)


async def test_an_answer_is_told_with_its_passages_its_ground_and_what_was_said_of_it(
    store, desk, arrive, judged, total_cost
):
    reference = await decided(store, desk, await arrive(), judged(Route.ANSWER))
    number = await answer_of(store)
    async with store.unit() as unit:
        assert await take(unit, number)
        assert await sent(unit, number, "250 taken", b"the mail")
    async with store.unit() as unit:
        await hear(unit, number, Said.NO, desk)
    record = await record_of(store, reference)
    [answer] = record.answers
    assert (answer.state, answer.receipt, answer.sent_copy) == ("sent", "250 taken", b"the mail")
    assert (answer.to, answer.approved_by) == ("asker@uni.example", None)
    [passage] = answer.passages
    assert (passage.article, passage.version, passage.passage, passage.score) == (
        total_cost.article,
        total_cost.version,
        total_cost.passage,
        1.0,
    )
    assert len(passage.sha256) == 64
    assert (answer.ground.model, answer.ground.confidence) == ("example", 0.95)
    assert [one.said for one in answer.feedback] == ["no"]
    assert record.case.state == "new"


async def test_an_approved_answer_names_who_approved_it_and_an_officers_reply_who_wrote_it(
    store, desk, arrive, judged
):
    off = replace(desk, usual_mode=Mode.APPROVE)
    reference = await decided(store, off, await arrive(), judged(Route.ANSWER))
    async with store.unit() as unit:
        case = (await unit.session.execute(select(Case))).scalar_one()
        approved = await approve(unit, Press(case.id, case.version, ASHA), off)
    await decided(
        store, off, await arrive("And?", references=("<1@uni.example>",)), judged(Route.ESCALATE)
    )
    async with store.unit() as unit:
        again = Press(case.id, approved.version + 1, ASHA)
        await reply(unit, again, "It is £1.", off)
    first, second = (await record_of(store, reference)).answers
    assert (first.kind, first.approved_by, first.ground.model) == (
        "answer",
        "Asha Verma",
        "example",
    )
    assert first.passages[0].score == 1.0
    assert (second.kind, second.approved_by, second.composed) == (
        "officer",
        "Asha Verma",
        "It is £1.",
    )


@pytest.mark.parametrize("state", [OutgoingState.READY, OutgoingState.HELD, OutgoingState.FAILED])
async def test_what_was_not_sent_is_not_said_to_have_been_and_has_no_copy(
    store, desk, arrive, judged, state
):
    reference = await decided(store, desk, await arrive(), judged(Route.ANSWER))
    number = await answer_of(store)
    async with store.unit() as unit:
        outgoing = await read(unit, number)
        if state == OutgoingState.FAILED:
            await refuse(unit, outgoing, "550 no such user", before=OutgoingState.READY)
        else:
            await unit.session.execute(
                update(Outgoing).where(Outgoing.id == number).values(state=state)
            )
        # What was not in hand cannot have been sent, and so nothing is kept of it.
        if state != OutgoingState.HELD:
            assert not await sent(unit, number, "250 taken", b"the mail")
    [answer] = (await record_of(store, reference)).answers
    assert (answer.state, answer.sent_at, answer.sent_copy) == (state, None, None)
    assert answer.composed
    assert ("550" in (answer.error or "")) == (state == OutgoingState.FAILED)


async def test_an_enquiry_without_an_answer_has_an_empty_record_and_an_unknown_one_none(
    store, desk, arrive, judged
):
    reference = await decided(store, desk, await arrive(), judged(Route.ESCALATE))
    assert (await record_of(store, reference)).answers == []
    assert await record_of(store, "ENQ-000000-0000") is None


async def test_a_case_that_an_answer_became_still_shows_the_decision_behind_the_answer(
    store, desk, arrive, judged
):
    await decided(store, desk, await arrive(), judged(Route.ANSWER))
    async with store.unit() as unit:
        await hear(unit, await answer_of(store), Said.NO, desk)
    async with store.unit() as unit:
        case = (await unit.session.execute(select(Case))).scalar_one()
        view = await case_view(unit, case.id)
        decision, message = await decision_of(unit, case.id)
        kept = (await unit.session.execute(select(StoredDecision.outcome))).scalars().all()
    assert [hit.article for hit in view.passages] == ["ndrs-total-cost"]
    assert (decision.model, message.new_text) == ("example", "What does it cost?")
    assert kept == ["answered"], "what was done then is not rewritten"
