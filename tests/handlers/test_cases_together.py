"""Cases that belong together: what merging and duplicates must not lose."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from handlers.case_life import Action
from handlers.case_message import decision_of
from handlers.case_view import case_view
from handlers.cases import Officer, Press, reopen
from handlers.clock_reading import clocks_of_case
from handlers.clocks import ClockName
from handlers.errors import NotAllowed
from handlers.merging import merge
from handlers.receive import receive
from handlers.related import mark_duplicate
from handlers.tables import Case, CaseEvent, CaseState, Enquiry, StoredDecision
from handlers.targets import ClockRules
from triage.decision import Flag, Route

ASHA = Officer("U1", "Asha Verma", may_act=True)


@pytest.fixture
def opened(store, desk, arrive, judged):
    """Open a case; gives it and its reference."""

    async def open_one(text: str, sender: str, *flags: Flag) -> tuple[Case, str]:
        async with store.unit() as unit:
            mail = await arrive(text, sender=sender)
            outcome = await receive(unit, mail, judged(Route.ESCALATE, flags), desk)
        async with store.unit() as unit:
            row = await unit.session.execute(
                select(Case).join(Enquiry).where(Enquiry.reference == outcome.reference)
            )
            return row.scalar_one(), outcome.reference

    return open_one


async def act(store, action, case, *more: object):
    """Do something to a case as it now is."""
    async with store.unit() as unit:
        now = await unit.session.get_one(Case, case.id)
        return await action(unit, Press(now.id, now.version, ASHA), *more)


async def test_a_request_under_a_statute_keeps_its_day_where_it_is_merged(store, opened):
    request, _ = await opened("Under the FOI Act, please.", "pat@uni.example", Flag.STATUTORY)
    later, reference = await opened("And what does it cost?", "jo@uni.example")
    async with store.unit() as unit:
        came = later.opened_at - timedelta(days=12)
        reasons = [{"rule": "foi_request", "text": "Asks under freedom of information law."}]
        change = update(Case).where(Case.id == request.id)
        await unit.session.execute(change.values(opened_at=came, reasons=reasons))
        [*_, before] = await clocks_of_case(unit, request.id, ClockRules())
    await act(store, merge, request, reference)
    async with store.unit() as unit:
        clocks = await clocks_of_case(unit, later.id, ClockRules())
    [after] = [one for one in clocks if one.is_statutory]
    assert (after.name, after.due) == (ClockName.FOI, before.due)


async def test_a_case_that_no_law_dates_keeps_its_own_day_where_another_comes_in(store, opened):
    earlier, _ = await opened("What does it cost?", "pat@uni.example")
    later, reference = await opened("And how long?", "jo@uni.example")
    async with store.unit() as unit:
        came = later.opened_at - timedelta(days=12)
        await unit.session.execute(update(Case).where(Case.id == earlier.id).values(opened_at=came))
    await act(store, merge, earlier, reference)
    async with store.unit() as unit:
        assert (await unit.session.get_one(Case, later.id)).opened_at == later.opened_at


async def test_a_duplicate_that_was_reopened_can_be_marked_once_more(store, opened):
    case, _ = await opened("What does it cost?", "pat@uni.example")
    _, reference = await opened("What does it cost, please?", "jo@uni.example")
    await act(store, mark_duplicate, case, reference)
    await act(store, reopen, case)
    after = await act(store, mark_duplicate, case, reference)
    assert (after.state, after.resolution) == (CaseState.RESOLVED, "duplicate")


async def test_two_cases_are_not_each_others_duplicate_so_that_nobody_answers(store, opened):
    one, first = await opened("What does it cost?", "pat@uni.example")
    other, second = await opened("What does it cost, please?", "jo@uni.example")
    await act(store, mark_duplicate, one, second)
    with pytest.raises(NotAllowed, match=f"{first} is a duplicate itself"):
        await act(store, mark_duplicate, other, first)
    async with store.unit() as unit:
        marked = select(CaseEvent.case_id).where(CaseEvent.kind == Action.MARK_DUPLICATE)
        assert (await unit.session.execute(marked)).scalars().all() == [one.id]


async def test_why_and_guidance_of_a_case_stay_its_own_where_an_older_one_is_merged_into_it(
    store, opened
):
    older, _ = await opened("What does it cost?", "pat@uni.example", Flag.COMPLAINT)
    case, reference = await opened("And how long does it take?", "jo@uni.example")
    async with store.unit() as unit:
        passages = (await case_view(unit, case.id)).passages
        bare = update(StoredDecision).where(StoredDecision.flags.contains(["complaint"]))
        record = StoredDecision.record.concat({"passages": []})
        await unit.session.execute(bare.values(record=record))
    await act(store, merge, older, reference)
    async with store.unit() as unit:
        decision, message = await decision_of(unit, case.id)
        assert (await case_view(unit, case.id)).passages == passages
    assert (message.text, decision.flags) == ("And how long does it take?", ())
