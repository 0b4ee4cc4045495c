"""Answers that wait for a person: when they are offered, and what it takes to send them."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from handlers.approval import approve
from handlers.cases import Officer, Press
from handlers.drift import drifting
from handlers.errors import NotAllowed, StaleCase
from handlers.letters import Letter
from handlers.receive import Judged, receive
from handlers.replies import reply
from handlers.switches import Mode
from handlers.tables import Case, Outgoing, StoredDecision
from triage.decision import Explanation, Route
from triage.likeness import LEAST_MESSAGES

ASHA = Officer("U1", "Asha Verma", may_act=True)
CALLUM = Officer("U9", "Callum Reid", may_act=False)


@pytest.fixture
def doubted(judged) -> Judged:
    """A message that would be answered, but that nothing shows it safe."""
    why = Explanation(ground="approval", routes={}, words=(), sentences=(), nearest=())
    one = judged(Route.ESCALATE)
    return replace(one, decision=one.decision.model_copy(update={"explanation": why}))


async def take(store, desk, arrival, judged) -> Case:
    async with store.unit() as unit:
        await receive(unit, arrival, judged, desk)
    async with store.unit() as unit:
        cases = await unit.session.execute(select(Case).order_by(Case.id.desc()).limit(1))
        return cases.scalar_one()


async def press(store, desk, case, officer=ASHA) -> Case:
    async with store.unit() as unit:
        return await approve(unit, Press(case.id, case.version, officer), desk)


async def letters(store, kind) -> list[Letter]:
    async with store.unit() as unit:
        rows = await unit.session.execute(select(Outgoing).where(Outgoing.kind == kind))
        return [Letter.model_validate(one.payload) for one in rows.scalars()]


async def test_an_approved_answer_leaves_in_the_officers_name_and_ends_the_case(
    store, desk, arrive, doubted, total_cost
):
    case = await take(store, desk, await arrive(), doubted)
    after = await press(store, desk, case)
    assert (after.state, after.resolution, after.officer_name) == (
        "resolved",
        "answered",
        "Asha Verma",
    )
    assert after.first_reply_at is not None
    [letter] = await letters(store, "answer")
    assert [part.passage for part in letter.content.parts] == [total_cost.passage]
    assert (letter.officer_name, letter.automatic) == ("Asha Verma", False)


async def test_nothing_waits_where_a_person_is_needed(store, desk, arrive, judged):
    case = await take(store, desk, await arrive(), judged(Route.ESCALATE))
    assert case.answer is None
    with pytest.raises(NotAllowed, match="No answer waits"):
        await press(store, desk, case)


async def test_an_answer_is_offered_when_answers_are_switched_off(store, desk, arrive, judged):
    off = replace(desk, usual_mode=Mode.APPROVE)
    case = await take(store, off, await arrive(), judged(Route.ANSWER))
    await press(store, off, case)
    assert len(await letters(store, "answer")) == 1


async def test_an_answer_is_sent_once(store, desk, arrive, doubted):
    case = await take(store, desk, await arrive(), doubted)
    await press(store, desk, case)
    with pytest.raises(StaleCase):
        await press(store, desk, case)
    assert len(await letters(store, "answer")) == 1


async def test_only_an_officer_can_approve(store, desk, arrive, doubted):
    case = await take(store, desk, await arrive(), doubted)
    with pytest.raises(NotAllowed, match="Only case officers"):
        await press(store, desk, case, CALLUM)


async def test_after_a_reply_no_answer_waits(store, desk, arrive, doubted):
    case = await take(store, desk, await arrive(), doubted)
    async with store.unit() as unit:
        after = await reply(unit, Press(case.id, case.version, ASHA), "I looked it up.", desk)
    assert after.answer is None


async def test_when_the_enquirer_writes_again_the_old_answer_no_longer_waits(
    store, desk, arrive, doubted, judged
):
    await take(store, desk, await arrive(), doubted)
    [told] = await letters(store, "acknowledgement")
    again = await arrive("One more thing.", references=(told.message_id,))
    case = await take(store, desk, again, judged(Route.ESCALATE))
    assert (case.answer, case.version) == (None, 2)


async def test_an_answer_whose_guidance_has_changed_is_not_sent(
    store, desk, arrive, doubted, total_cost
):
    case = await take(store, desk, await arrive(), doubted)
    async with store.unit() as unit:
        stored = await unit.session.get_one(Case, case.id)
        part = {**stored.answer["parts"][0], "text": "What it said last year."}
        stored.answer = {**stored.answer, "parts": [part]}
    with pytest.raises(NotAllowed, match="its guidance has changed"):
        await press(store, desk, case)
    assert await letters(store, "answer") == []


async def test_while_messages_drift_an_answer_waits_for_approval(store, desk, arrive, judged):
    answer = judged(Route.ANSWER)
    odd = replace(answer, decision=answer.decision.model_copy(update={"likeness": 0.004}))
    for number in range(LEAST_MESSAGES):
        async with store.unit() as unit:
            arrival = await arrive(f"Question {number}", sender=f"{number}@uni.example")
            await receive(unit, arrival, odd, desk)
    assert len(await letters(store, "answer")) == LEAST_MESSAGES
    case = await take(store, desk, await arrive(sender="late@uni.example"), odd)
    assert next(one["rule"] for one in case.reasons) == "drifting"
    assert case.answer is not None


async def test_usual_messages_are_no_drift(store, desk, arrive, judged):
    answer = judged(Route.ANSWER)
    for number in range(LEAST_MESSAGES + 1):
        like = (number + 0.5) / (LEAST_MESSAGES + 1)
        one = replace(answer, decision=answer.decision.model_copy(update={"likeness": like}))
        async with store.unit() as unit:
            await receive(unit, await arrive(sender=f"{number}@uni.example"), one, desk)
    async with store.unit() as unit:
        kept = await unit.session.execute(select(StoredDecision.likeness))
        assert len(kept.scalars().all()) == LEAST_MESSAGES + 1
        assert not await drifting(unit)
