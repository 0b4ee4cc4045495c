"""Mails shortly after one another from one person: one enquiry, one answer."""

from datetime import timedelta

from sqlalchemy import func, select, update

from handlers.receive import receive
from handlers.tables import Case, Enquiry, Outgoing, StoredMessage
from triage.decision import Route

ASKED = "A question"


async def take(store, desk, arrival, judged):
    async with store.unit() as unit:
        return (await receive(unit, arrival, judged, desk)).what


async def number_of(store, table) -> int:
    async with store.unit() as unit:
        row = await unit.session.execute(select(func.count()).select_from(table))
    return row.scalar_one()


async def answers(store) -> int:
    async with store.unit() as unit:
        rows = await unit.session.execute(select(Outgoing.id).where(Outgoing.kind == "answer"))
    return len(list(rows))


async def an_hour_passes(store) -> None:
    async with store.unit() as unit:
        await unit.session.execute(
            update(StoredMessage).values(at=StoredMessage.at - timedelta(hours=1))
        )


async def test_the_same_text_sent_twice_is_one_enquiry_with_one_answer(store, desk, arrive, judged):
    first = await take(store, desk, await arrive(subject=ASKED), judged(Route.ANSWER))
    second = await take(store, desk, await arrive(subject=ASKED), judged(Route.ANSWER))
    assert (first, second) == ("answered", "duplicate")
    assert await answers(store) == 1
    assert (await number_of(store, Enquiry), await number_of(store, StoredMessage)) == (1, 3)


async def test_the_same_text_an_hour_later_is_a_person_asking_again(store, desk, arrive, judged):
    await take(store, desk, await arrive(subject=ASKED), judged(Route.ANSWER))
    await an_hour_passes(store)
    assert await take(store, desk, await arrive(subject=ASKED), judged(Route.ESCALATE)) == "case"


async def test_an_afterthought_goes_to_the_enquiry_and_gets_no_second_answer(
    store, desk, arrive, judged
):
    await take(store, desk, await arrive(subject=ASKED), judged(Route.ANSWER))
    for text in ("PS: it is for a trial.", "And by when?"):
        again = await arrive(text, subject=f"RE: {ASKED}")
        await take(store, desk, again, judged(Route.ANSWER))
    assert await number_of(store, Enquiry) == 1
    assert await answers(store) == 1
    assert await number_of(store, Case) == 1


async def test_another_subject_is_another_enquiry(store, desk, arrive, judged):
    await take(store, desk, await arrive(subject=ASKED), judged(Route.ESCALATE))
    other = await arrive("May I use HES in Wales?", subject="HES in Wales")
    await take(store, desk, other, judged(Route.ESCALATE))
    assert await number_of(store, Enquiry) == 2


async def test_another_person_with_the_same_subject_is_another_enquiry(store, desk, arrive, judged):
    await take(store, desk, await arrive(subject=ASKED), judged(Route.ESCALATE))
    other = await arrive("Me too.", sender="other@uni.example", subject=ASKED)
    await take(store, desk, other, judged(Route.ESCALATE))
    assert await number_of(store, Enquiry) == 2


async def test_a_machine_has_no_afterthoughts(store, desk, arrive, judged):
    await take(store, desk, await arrive(subject=ASKED), judged(Route.ESCALATE))
    away = await arrive("I am away.", automatic_reason="auto-replied")
    await take(store, desk, away, judged(Route.IGNORE))
    assert await number_of(store, Enquiry) == 2
