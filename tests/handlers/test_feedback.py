"""What an enquirer says of an answer: counted once, and a person reads it unless it helped."""

import asyncio
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from handlers.cases import Officer, Press, resolve
from handlers.enquiries import case_of
from handlers.feedback import hear
from handlers.feedback_figures import Answers, answers, working_days_before
from handlers.feedback_links import FeedbackLinks, outgoing_of, token_of
from handlers.knowledge_tables import Feedback, Said
from handlers.periods import LONDON, latest
from handlers.receive import receive
from handlers.references import new_reference
from handlers.tables import Case, CaseEvent, Outgoing, OutgoingState
from triage.decision import Route

KEY = "a key of this test"
ASHA = Officer("U1", "Asha Verma", may_act=True)


@pytest.fixture
async def answered(store, desk, arrive, judged) -> int:
    """An enquiry that was answered; the answer's id."""
    async with store.unit() as unit:
        await receive(unit, await arrive(), judged(Route.ANSWER), desk)
    async with store.unit() as unit:
        row = await unit.session.execute(select(Outgoing.id).where(Outgoing.kind == "answer"))
        return row.scalar_one()


async def say(store, desk, answer, said) -> bool:
    async with store.unit() as unit:
        return await hear(unit, answer, said, desk)


async def kinds(store) -> list[str]:
    async with store.unit() as unit:
        rows = await unit.session.execute(select(Outgoing.kind).order_by(Outgoing.id))
        return list(rows.scalars())


async def only_case(store) -> Case:
    async with store.unit() as unit:
        return (await unit.session.execute(select(Case))).scalar_one()


async def counted(store) -> list[str]:
    async with store.unit() as unit:
        return list((await unit.session.execute(select(Feedback.said))).scalars())


async def figures(store, days=5) -> Answers:
    async with store.unit() as unit:
        return await answers(unit, latest(30), assumed_days=days)


async def have_sent(store, days_ago=0) -> None:
    async with store.unit() as unit:
        when = func.now() - func.make_interval(0, 0, 0, days_ago)
        await unit.session.execute(
            update(Outgoing)
            .where(Outgoing.kind == "answer")
            .values(state=OutgoingState.SENT, sent_at=when)
        )


async def test_a_yes_is_counted_and_nothing_else_happens(store, desk, answered):
    assert await say(store, desk, answered, Said.YES)
    assert await counted(store) == ["yes"]
    assert await kinds(store) == ["answer"]


@pytest.mark.parametrize(
    ("said", "reason"), [(Said.NO, "did not help"), (Said.PERSON, "asked for a person")]
)
async def test_a_no_or_a_wish_for_a_person_opens_a_case_as_a_reply_would(
    store, desk, answered, said, reason
):
    await say(store, desk, answered, said)
    case = await only_case(store)
    assert case.state == "new"
    assert reason in case.reasons[0]["text"]
    assert case.summary == "What does it cost?"
    assert case.answer is None
    assert await kinds(store) == ["answer", "card", "acknowledgement"]


async def test_pressing_again_changes_nothing(store, desk, answered):
    for _ in range(3):
        assert await say(store, desk, answered, Said.NO)
    assert await counted(store) == ["no"]
    assert (await only_case(store)).version == 1
    assert await kinds(store) == ["answer", "card", "acknowledgement"]


async def test_a_press_and_a_reply_by_mail_at_once_make_one_case(
    store, desk, answered, arrive, judged
):
    later = await arrive("That is not what I asked.", references=("<1@uni.example>",))

    async def write() -> None:
        async with store.unit() as unit:
            await receive(unit, later, judged(Route.ESCALATE), desk)

    await asyncio.gather(
        say(store, desk, answered, Said.NO), write(), say(store, desk, answered, Said.PERSON)
    )
    assert (await only_case(store)).state == "new"
    assert (await kinds(store)).count("acknowledgement") == 1


async def test_where_a_case_is_there_the_press_stands_in_it_and_takes_it_up_again(
    store, desk, answered
):
    await say(store, desk, answered, Said.NO)
    case = await only_case(store)
    async with store.unit() as unit:
        await resolve(unit, Press(case.id, case.version, ASHA), "answered")
    await say(store, desk, answered, Said.PERSON)
    after = await only_case(store)
    assert (after.state, after.resolution, after.resolved_at) == ("open", None, None)
    async with store.unit() as unit:
        latest_event = await unit.session.execute(
            select(CaseEvent).order_by(CaseEvent.id.desc()).limit(1)
        )
        event = latest_event.scalar_one()
    assert (event.kind, event.actor_name, event.detail["said"]) == (
        "ask_for_person",
        "Robin Asker",
        "person",
    )
    assert "feedback_note" in await kinds(store)


async def test_what_is_no_answer_cannot_be_spoken_of(store, desk, answered):
    await say(store, desk, answered, Said.NO)
    async with store.unit() as unit:
        card = await unit.session.execute(select(Outgoing.id).where(Outgoing.kind == "card"))
        number = card.scalar_one()
    assert not await say(store, desk, number, Said.NO)
    assert not await say(store, desk, 987_654, Said.YES)
    assert await counted(store) == ["no"]


async def test_an_answer_is_confirmed_by_a_yes_until_it_is_taken_back(store, desk, answered):
    await have_sent(store)
    assert await figures(store) == Answers(sent=1)
    assert (await figures(store)).waiting == 1
    await say(store, desk, answered, Said.YES)
    assert await figures(store) == Answers(sent=1, confirmed=1)
    await say(store, desk, answered, Said.NO)
    assert await figures(store) == Answers(sent=1, taken_back=1)


async def test_silence_is_assumed_to_be_well_only_after_some_days(store, answered):
    await have_sent(store, days_ago=20)
    assert await figures(store) == Answers(sent=1, assumed=1)
    assert await figures(store, days=40) == Answers(sent=1)


async def test_a_reply_by_mail_takes_an_answer_back(store, desk, answered, arrive, judged):
    await have_sent(store, days_ago=20)
    later = await arrive("But what of linkage?", references=("<1@uni.example>",))
    async with store.unit() as unit:
        await receive(unit, later, judged(Route.ESCALATE), desk)
    assert await figures(store) == Answers(sent=1, taken_back=1)


async def test_a_machines_reply_takes_nothing_back(store, desk, answered, arrive, judged):
    await have_sent(store)
    away = await arrive("Away", references=("<1@uni.example>",), automatic_reason="auto-submitted")
    async with store.unit() as unit:
        await receive(unit, away, judged(Route.IGNORE), desk)
        assert await case_of(unit, 1) is None
    assert await figures(store) == Answers(sent=1)


@pytest.mark.parametrize(
    ("now", "days", "then"),
    [
        ("2026-11-27 10:00", 1, "2026-11-26 10:00"),
        ("2026-11-30 10:00", 1, "2026-11-27 10:00"),
        ("2026-11-28 10:00", 1, "2026-11-27 00:00"),
        ("2026-11-29 23:00", 1, "2026-11-27 00:00"),
        ("2026-11-25 10:00", 5, "2026-11-18 10:00"),
    ],
)
def test_a_working_day_is_one_from_monday_to_friday(now, days, then):
    here = [datetime.fromisoformat(one).replace(tzinfo=LONDON) for one in (now, then)]
    assert working_days_before(here[0], days) == here[1]


@given(st.integers(1, 10**17))
def test_a_token_names_its_answer_to_whoever_has_the_key(number):
    token = token_of(number, KEY)
    assert outgoing_of(token, KEY) == number
    assert outgoing_of(token, KEY + ".") is None


@given(st.integers(1, 10**9), st.data())
def test_a_changed_token_names_nothing(number, data):
    token = token_of(number, KEY)
    place = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(
        st.sampled_from("0123456789abcdefABC-/ é٣").filter(lambda c: c != token[place])
    )
    assert outgoing_of(token[:place] + other + token[place + 1 :], KEY) is None


@given(st.text(max_size=60))
def test_whatever_else_is_tried_names_nothing(text):
    assert outgoing_of(text, KEY) is None
    assert outgoing_of(new_reference(KEY), KEY) is None


def test_the_links_are_below_the_address_that_people_use():
    [yes, no, person] = FeedbackLinks("https://answers.example/triage/", KEY).below(7)
    assert yes.url == f"https://answers.example/triage/feedback/yes/{token_of(7, KEY)}"
    assert "/no/" in no.url
    assert "/person/" in person.url
