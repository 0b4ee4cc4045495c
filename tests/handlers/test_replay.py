"""Replay reads every message as it was, tells what would change, and changes nothing."""

from datetime import timedelta

from sqlalchemy import func, select

from bot.brain import Brain
from bot.replaying import replay
from handlers import replay as replayed
from handlers.periods import Period, latest
from handlers.receive import receive
from handlers.replay import past_decisions
from handlers.tables import Outgoing, StoredDecision
from triage.decision import Route
from triage.reading_all import silent


async def take(store, desk, arrive, judged, routes) -> None:
    for number, route in enumerate(routes):
        async with store.unit() as unit:
            arrival = await arrive(f"Question {number}", sender=f"{number}@uni.example")
            await receive(unit, arrival, judged(route), desk)


async def number_of(store, table) -> int:
    async with store.unit() as unit:
        return (await unit.session.execute(select(func.count()).select_from(table))).scalar_one()


async def test_what_would_change_is_told_and_nothing_is_sent(store, desk, library, arrive, judged):
    await take(store, desk, arrive, judged, [Route.ANSWER, Route.ESCALATE])
    before = [await number_of(store, table) for table in (Outgoing, StoredDecision)]
    brain = Brain(None, None, library, ())
    report = await replay(store, brain, latest(1), silent)
    assert report.summary["messages"] == 2
    assert report.summary["routes"] == {"answer to escalate": 1, "escalate to escalate": 1}
    changed = report.summary["changed"]
    assert [one["decided_by"] for one in changed] == ["example", "example"]
    assert all(one["now"]["types"] == ("other",) for one in changed)
    assert [await number_of(store, table) for table in (Outgoing, StoredDecision)] == before


async def test_every_message_of_a_period_is_read_once(store, desk, arrive, judged):
    many = replayed.BATCH + 2
    await take(store, desk, arrive, judged, [Route.IGNORE] * many)
    found = [past async for batch in past_decisions(store, latest(1)) for past in batch]
    assert len({past.id for past in found}) == len(found) == many
    assert found[3].message.new_text == "Question 3"


async def test_another_period_holds_none_of_them(store, desk, arrive, judged):
    await take(store, desk, arrive, judged, [Route.IGNORE])
    before = latest(1).first - timedelta(days=1)
    period = Period(before, before)
    assert [one async for one in past_decisions(store, period)] == []
