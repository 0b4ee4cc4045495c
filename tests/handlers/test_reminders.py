"""Officers are reminded before a clock runs out, and leads hear of it after: once each."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, insert, select, update
from structlog.testing import capture_logs

from bot.clocks import ClockWatch
from handlers.absences import go_away
from handlers.cases import Officer, Press, claim, resolve
from handlers.clock_reading import clocks_of, clocks_of_case
from handlers.clocks import ClockName
from handlers.errors import UnknownCase
from handlers.receive import receive
from handlers.reminders import Reminding
from handlers.replies import reply
from handlers.tables import Case, CaseEvent, Enquiry, Outgoing
from triage.decision import Flag, Reason, Route

LONDON = ZoneInfo("Europe/London")
ASHA = Officer("UASHA", "Asha Verma", may_act=True)
HOW = Reminding(leads=("CLEADS", "UMORAG"))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


@pytest.fixture
async def case(store, desk, arrive, judged) -> Case:
    """A case that was opened on Monday at nine; its first reply is due on Tuesday at five."""
    async with store.unit() as unit:
        await receive(unit, await arrive(), judged(Route.ESCALATE), desk)
    return await opened(store, "2026-03-02 09:00")


async def opened(store, when: str) -> Case:
    async with store.unit() as unit:
        await unit.session.execute(update(CaseEvent).values(at=at(when)))
        await unit.session.execute(update(Case).values(opened_at=at(when)))
        return (await unit.session.execute(select(Case))).scalar_one()


async def act(store, action, *more: object) -> Case:
    async with store.unit() as unit:
        case = (await unit.session.execute(select(Case))).scalar_one()
        return await action(unit, Press(case.id, case.version, ASHA), *more)


async def notes(store) -> list[tuple[str, str, str]]:
    async with store.unit() as unit:
        rows = await unit.session.execute(
            select(Outgoing.payload).where(Outgoing.kind == "clock_note").order_by(Outgoing.id)
        )
        return [(one["clock"], one["stage"], one["place"]) for one in rows.scalars()]


async def look(store, desk, when: str, how: Reminding = HOW) -> None:
    with capture_logs() as logs:
        await ClockWatch(store, desk, how).look(at(when))
    assert [one for one in logs if one["log_level"] == "warning"] == []


async def test_nothing_is_said_while_there_is_time(store, desk, case):
    await look(store, desk, "2026-03-03 12:59")
    assert await notes(store) == []


async def test_the_officer_is_reminded_once_three_quarters_have_passed(store, desk, case):
    await act(store, claim)
    for when in ("2026-03-03 13:00", "2026-03-03 13:05", "2026-03-03 17:00"):
        await look(store, desk, when)
    assert await notes(store) == [("first_reply", "soon", "thread")]


async def test_what_is_due_soon_and_nobodys_is_told_to_the_leads_too(store, desk, case):
    await look(store, desk, "2026-03-03 13:00")
    assert await notes(store) == [
        ("first_reply", "soon", "thread"),
        ("first_reply", "soon", "CLEADS"),
        ("first_reply", "soon", "UMORAG"),
    ]


async def test_what_is_due_soon_of_an_officer_who_is_away_is_told_to_the_leads_too(
    store, desk, case
):
    await act(store, claim)
    async with store.unit() as unit:
        await go_away(unit, ASHA, (await unit.now()).date() + timedelta(days=1), ASHA)
    await look(store, desk, "2026-03-03 13:00")
    assert [place for _, _, place in await notes(store)] == ["thread", "CLEADS", "UMORAG"]


async def test_what_is_late_is_told_to_the_officer_and_the_leads_once(store, desk, case):
    await act(store, claim)
    for when in ("2026-03-03 17:01", "2026-03-04 09:01", "2026-03-04 12:00"):
        await look(store, desk, when)
    assert await notes(store) == [
        ("first_reply", "late", "thread"),
        ("first_reply", "late", "CLEADS"),
        ("first_reply", "late", "UMORAG"),
    ]


async def test_where_no_leads_are_set_the_cases_channel_is_told(store, desk, case):
    await act(store, claim)
    await look(store, desk, "2026-03-04 09:01", Reminding())
    assert [place for _, _, place in await notes(store)] == ["thread", "cases"]


async def test_two_looks_at_once_tell_it_once(store, desk, case):
    await act(store, claim)
    await asyncio.gather(*(look(store, desk, "2026-03-04 09:01") for _ in range(3)))
    assert len(await notes(store)) == 3


async def test_nothing_is_said_of_a_resolved_case(store, desk, case):
    await act(store, resolve, "answered")
    await look(store, desk, "2026-03-20 12:00")
    assert await notes(store) == []


async def test_a_case_that_waits_for_its_enquirer_is_not_pressed(store, desk, case):
    await act(store, reply, "Which years do you need?", desk)
    async with store.unit() as unit:
        await unit.session.execute(
            update(CaseEvent).where(CaseEvent.kind == "reply").values(at=at("2026-03-02 11:00"))
        )
        await unit.session.execute(update(Case).values(first_reply_at=at("2026-03-02 11:00")))
    await look(store, desk, "2026-04-20 12:00")
    assert await notes(store) == []


async def test_what_was_late_for_long_when_it_is_first_looked_at_does_not_flood_the_channel(
    store, desk, case
):
    await look(store, desk, "2026-03-10 17:00")
    assert [clock for clock, _, _ in await notes(store)] == ["first_reply"] * 3
    async with store.unit() as unit:
        await unit.session.execute(update(Outgoing).values(key=func.md5(Outgoing.key)))
        await unit.session.execute(
            update(Outgoing).where(Outgoing.kind == "clock_note").values(kind="forgotten")
        )
    await look(store, desk, "2026-03-11 09:01", Reminding(at_percent=99))
    assert await notes(store) == []


async def test_a_statutory_clock_is_spoken_of_some_working_days_before_its_end(
    store, desk, arrive, judged
):
    decided = judged(Route.ESCALATE, (Flag.STATUTORY,))
    why = (Reason(rule="foi_request", text="Asks under freedom of information law."),)
    decided = type(decided)(decided.decision.model_copy(update={"reasons": why}), 1)
    async with store.unit() as unit:
        await receive(unit, await arrive(), decided, desk)
    await opened(store, "2026-03-02 09:00")
    await act(store, claim)
    await look(store, desk, "2026-03-20 16:00")
    told = {clock for clock, _, _ in await notes(store)}
    assert ClockName.FOI not in told
    await look(store, desk, "2026-03-23 09:00")
    assert ("foi", "soon", "thread") in await notes(store)
    await look(store, desk, "2026-03-31 09:00")
    assert ("foi", "late", "CLEADS") in await notes(store)


async def test_a_case_that_nobody_knows_has_no_clocks(store, desk, case):
    async with store.unit() as unit:
        assert [one.name for one in await clocks_of_case(unit, case.id, desk.clocks)] == [
            ClockName.FIRST_REPLY,
            ClockName.RESOLUTION,
        ]
        with pytest.raises(UnknownCase):
            await clocks_of_case(unit, 404, desk.clocks)


@pytest.mark.alone
async def test_ten_thousand_open_cases_are_looked_at_in_seconds_and_a_page_of_them_in_a_moment(
    store, desk, case
):
    await with_cases(store, 10_000)
    start = time.perf_counter()
    await look(store, desk, "2026-03-02 10:00")
    whole = time.perf_counter() - start
    async with store.unit() as unit:
        ids = list((await unit.session.execute(select(Case.id).limit(50))).scalars())
        start = time.perf_counter()
        found = await clocks_of(unit, ids, desk.clocks)
    page = time.perf_counter() - start
    assert len(found) == 50
    assert whole < 10
    assert page < 0.1


async def with_cases(store, number: int) -> None:
    """More open cases beside the one that is there, each with three events."""
    when = at("2026-03-02 09:00")
    enquiry = {"channel": "email", "requester": "a@b.example", "requester_name": "", "subject": ""}
    case = {"state": "open", "types": ["charges"], "flags": [], "reasons": [], "summary": ""}
    async with store.unit() as unit:
        rows = await unit.session.execute(
            insert(Enquiry).returning(Enquiry.id),
            [{**enquiry, "reference": f"ENQ-{one}"} for one in range(number)],
        )
        cases = await unit.session.execute(
            insert(Case).returning(Case.id),
            [
                {**case, "draft": "", "enquiry_id": one, "opened_at": when, "version": 3}
                for one in rows.scalars()
            ],
        )
        events = [
            {"case_id": ident, "version": version, "kind": kind, "actor": "U", "actor_name": "A"}
            | {"detail": {}, "at": when + timedelta(minutes=version)}
            for ident in cases.scalars()
            for version, kind in enumerate(("opened", "claim", "reclassify"), start=1)
        ]
        await unit.session.execute(insert(CaseEvent), events)
