"""Volumes: how many messages, by what, and what was done with them."""

from datetime import UTC, date, datetime
from itertools import permutations

import pytest
from web.ledger import Ledger

from handlers.metrics import By, Row, overview, parse_by, volumes
from handlers.periods import MetricsError, Period, Step
from handlers.unit import Store

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


async def _volumes(store: Store, period: Period, *by: By) -> list[Row]:
    async with store.unit() as unit:
        return await volumes(unit, period, by)


async def test_a_message_counts_on_the_day_that_it_was_in_london(
    store: Store, ledger: Ledger
) -> None:
    await ledger.decided(datetime(2026, 6, 30, 23, 30, tzinfo=UTC))
    period = Period(date(2026, 6, 30), date(2026, 7, 1))
    rows = await _volumes(store, period, By.DAY)
    assert [(row.keys, row.messages) for row in rows] == [
        (("2026-06-30",), 0),
        (("2026-07-01",), 1),
    ]


async def test_a_message_outside_the_period_does_not_count(store: Store, ledger: Ledger) -> None:
    await ledger.decided(datetime(2026, 10, 31, 23, 59, 59, tzinfo=UTC))
    await ledger.decided(datetime(2026, 12, 1, tzinfo=UTC))
    assert await _volumes(store, NOVEMBER, By.ROUTE) == []


async def test_days_without_a_message_are_there_with_noughts(store: Store) -> None:
    rows = await _volumes(store, NOVEMBER, By.DAY)
    assert len(rows) == 30
    assert {row.messages for row in rows} == {0}
    assert rows[0].share_answered is None


async def test_outcomes_stand_beside_each_count(store: Store, ledger: Ledger) -> None:
    await ledger.decided(NOON)
    await ledger.decided(NOON, outcome="case", route="answer")
    await ledger.decided(NOON, outcome="case", route="escalate")
    await ledger.decided(NOON, outcome="joined", route="escalate")
    await ledger.decided(NOON, outcome="ignored", route="ignore")
    await ledger.decided(NOON, outcome="set_aside", route="escalate")
    rows = await _volumes(store, NOVEMBER, By.ROUTE)
    assert rows == [
        Row(("escalate",), messages=3, case=1, joined=1, set_aside=1),
        Row(("answer",), messages=2, answered=1, case=1),
        Row(("ignore",), messages=1, ignored=1),
    ]
    assert rows[1].share_answered == 0.5


async def test_a_message_counts_under_each_of_its_types(store: Store, ledger: Ledger) -> None:
    await ledger.decided(NOON, types=("ndrs", "charges"))
    await ledger.decided(NOON, types=("charges",))
    rows = await _volumes(store, NOVEMBER, By.TYPE)
    assert [(row.keys, row.messages) for row in rows] == [(("charges",), 2), (("ndrs",), 1)]


async def test_a_message_without_a_flag_counts_under_none(store: Store, ledger: Ledger) -> None:
    await ledger.decided(NOON)
    await ledger.decided(NOON, flags=("complaint", "media"), outcome="case", route="escalate")
    rows = await _volumes(store, NOVEMBER, By.FLAG)
    assert {row.keys: row.messages for row in rows} == {
        ("none",): 1,
        ("complaint",): 1,
        ("media",): 1,
    }


async def test_two_keys_come_in_the_order_asked_for_and_rows_in_order_of_time(
    store: Store, ledger: Ledger
) -> None:
    await ledger.decided(datetime(2026, 11, 20, tzinfo=UTC), types=("ndrs",))
    await ledger.decided(NOON, types=("ndrs", "charges"))
    rows = await _volumes(store, NOVEMBER, By.TYPE, By.WEEK)
    assert [row.keys for row in rows if row.keys[0] == "ndrs"] == [
        ("ndrs", "2026-11-02"),
        ("ndrs", "2026-11-16"),
    ]


async def test_any_two_different_keys_but_two_of_time_can_be_counted_by(
    store: Store, ledger: Ledger
) -> None:
    await ledger.decided(NOON)
    of_time = {By.DAY, By.WEEK, By.MONTH}
    for one, other in permutations(By, 2):
        if {one, other} <= of_time:
            with pytest.raises(MetricsError, match="one of day, week and month"):
                parse_by(f"{one},{other}")
        else:
            rows = await _volumes(store, NOVEMBER, *parse_by(f"{one},{other}"))
            assert [row.messages for row in rows] == [1], (one, other)


async def test_the_overview_says_what_the_three_volumes_say(store: Store, ledger: Ledger) -> None:
    await ledger.decided(NOON, types=("ndrs", "charges"))
    await ledger.decided(NOON, types=("charges",), outcome="case", route="escalate")
    await ledger.decided(datetime(2026, 11, 20, tzinfo=UTC), types=("charges",))
    await ledger.decided(NOON, types=(), outcome="ignored", route="ignore")
    async with store.unit() as unit:
        found = await overview(unit, NOVEMBER, Step.WEEK)
    assert found.over_time == await _volumes(store, NOVEMBER, By.WEEK)
    by_type, by_route = [await _volumes(store, NOVEMBER, by) for by in (By.TYPE, By.ROUTE)]
    assert sorted(found.types, key=lambda row: row.keys) == sorted(
        by_type, key=lambda row: row.keys
    )
    assert sorted(found.routes, key=lambda row: row.keys) == sorted(
        by_route, key=lambda row: row.keys
    )


@pytest.mark.parametrize("text", ["", "colour", "day,week", "type,type", "day,type,route"])
def test_what_cannot_be_counted_by_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(MetricsError) as refusal:
        parse_by(text)
    assert "\n" not in str(refusal.value)
