"""The summary: shares, times, and how things stand now."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from web.ledger import Ledger

from handlers.metrics import Row
from handlers.periods import latest
from handlers.standing import AGES, Standing, standing
from handlers.summary import Summary, percentile, summary
from handlers.tables import CaseState, InboundState, OutgoingState
from handlers.unit import Store

DAY = timedelta(days=1)


async def _summary(store: Store) -> Summary:
    async with store.unit() as unit:
        return await summary(unit, latest(30))


async def _standing(store: Store) -> Standing:
    async with store.unit() as unit:
        return await standing(unit)


async def test_an_empty_database_has_no_shares_and_no_times(store: Store) -> None:
    found = await _summary(store)
    assert found.total == Row(())
    assert found.share(0) is None
    assert (found.median_ms, found.p95_ms, found.first_reply) == (None, None, None)
    assert found.standing.open_total == 0
    assert not found.standing.needs_a_person


async def test_shares_are_of_all_messages(store: Store, ledger: Ledger) -> None:
    for outcome in ("answered", "case", "joined", "ignored"):
        await ledger.decided(outcome=outcome)
    found = await _summary(store)
    assert found.total == Row((), messages=4, answered=1, case=1, joined=1, ignored=1)
    assert found.total.share_answered == 0.25
    assert found.share(found.total.ignored) == 0.25


async def test_times_are_of_decisions_that_triage_made(store: Store, ledger: Ledger) -> None:
    for milliseconds in (10.0, 20.06, 900.0):
        await ledger.decided(milliseconds=milliseconds)
    await ledger.decided(outcome="set_aside", milliseconds=0)
    found = await _summary(store)
    assert (found.median_ms, found.p95_ms) == (20.0, 900.0)


async def test_the_first_reply_is_the_median_of_cases_opened_in_the_period(
    store: Store, ledger: Ledger
) -> None:
    for hours in (1, 2, 30):
        await ledger.case(3 * DAY, replied_after=timedelta(hours=hours))
    await ledger.case(DAY)
    await ledger.case(40 * DAY, replied_after=timedelta(minutes=1))
    found = await _summary(store)
    assert found.first_reply == timedelta(hours=2)
    assert (found.cases_opened, found.cases_replied) == (4, 3)


async def test_open_cases_are_counted_by_age_in_whole_days_and_by_state(
    store: Store, ledger: Ledger
) -> None:
    almost = timedelta(hours=23)
    for days, age in ((0, 0), (1, 1), (2, 1), (3, 2), (5, 2), (6, 3), (10, 3), (11, 4)):
        await ledger.case(days * DAY + almost, state=CaseState.OPEN)
        assert (await _standing(store)).open_cases[AGES[age], CaseState.OPEN] > 0
    await ledger.case(state=CaseState.WAITING)
    await ledger.case(state=CaseState.RESOLVED)
    found = (await _standing(store)).open_cases
    assert [found[age, CaseState.OPEN] for age in AGES] == [1, 2, 2, 2, 1]
    assert found[AGES[0], CaseState.WAITING] == 1
    assert sum(found.values()) == 9


async def test_what_has_not_left_is_counted_by_state_and_what_was_sent_is_not(
    store: Store, ledger: Ledger
) -> None:
    await ledger.effect(OutgoingState.READY, ago=timedelta(minutes=2))
    await ledger.effect(OutgoingState.READY)
    await ledger.effect(OutgoingState.SENT)
    found = await _standing(store)
    assert found.unsent == {
        OutgoingState.READY: 2,
        OutgoingState.SENDING: 0,
        OutgoingState.HELD: 0,
        OutgoingState.FAILED: 0,
    }
    assert found.oldest_ready is not None
    assert found.oldest_ready >= timedelta(minutes=2)
    assert not found.needs_a_person


async def test_a_held_or_failed_mail_or_a_message_set_aside_needs_a_person(
    store: Store, ledger: Ledger
) -> None:
    await ledger.accepted(InboundState.DONE)
    await ledger.accepted(InboundState.NEW, ago=timedelta(seconds=40))
    assert not (await _standing(store)).needs_a_person
    await ledger.effect(OutgoingState.HELD)
    await ledger.accepted(InboundState.SET_ASIDE)
    found = await _standing(store)
    assert (found.unread, found.set_aside, found.unsent[OutgoingState.HELD]) == (1, 1, 1)
    assert found.oldest_unread is not None
    assert found.oldest_unread >= timedelta(seconds=40)
    assert found.needs_a_person


@given(st.lists(st.integers(0, 50), min_size=1), st.floats(0.01, 1))
def test_a_percentile_is_the_least_value_that_the_share_does_not_exceed(
    values: list[int], share: float
) -> None:
    found = percentile([(value, values.count(value)) for value in set(values)], share)
    assert found in values
    assert sum(value <= found for value in values) >= share * len(values) - 1e-9
    assert sum(value < found for value in values) < share * len(values) + 1e-9
