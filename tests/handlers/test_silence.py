"""A case whose enquirer is silent is closed: after a warning, never without it."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update
from structlog.testing import capture_logs

from bot.clocks import SilenceWatch
from handlers.cases import Officer, Press, reopen
from handlers.letters import Letter
from handlers.receive import receive
from handlers.replies import reply
from handlers.silence import Patience
from handlers.switches import brake
from handlers.tables import Case, CaseEvent, Outgoing, StoredMessage
from triage.decision import Route

LONDON = ZoneInfo("Europe/London")
ASHA = Officer("UASHA", "Asha Verma", may_act=True)
PATIENCE = Patience(close_after=10, warn_before=3)
"""Replied on Monday 2 March: warned on Wednesday 11 March, closed on Monday 16 March."""


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


@pytest.fixture
async def waiting(store, desk, arrive, judged) -> Case:
    """A case that an officer replied to on Monday 2 March."""
    async with store.unit() as unit:
        await receive(unit, await arrive(), judged(Route.ESCALATE), desk)
    return await replied(store, desk, "2026-03-02 11:00")


async def replied(store, desk, when: str) -> Case:
    async with store.unit() as unit:
        case = (await unit.session.execute(select(Case))).scalar_one()
        await reply(unit, Press(case.id, case.version, ASHA), "Which years do you need?", desk)
        last = select(CaseEvent.id).where(CaseEvent.version == case.version).scalar_subquery()
        await unit.session.execute(
            update(CaseEvent).where(CaseEvent.id == last).values(at=at(when))
        )
        return case


async def only_case(store) -> Case:
    async with store.unit() as unit:
        return (await unit.session.execute(select(Case))).scalar_one()


async def warnings(store) -> list[Outgoing]:
    async with store.unit() as unit:
        rows = await unit.session.execute(
            select(Outgoing).where(Outgoing.kind == "closing").order_by(Outgoing.id)
        )
        return list(rows.scalars())


async def look(store, desk, *moments: str) -> None:
    with capture_logs() as logs:
        for when in moments:
            await SilenceWatch(store, desk, PATIENCE).look(at(when))
    assert [one for one in logs if one["log_level"] == "warning"] == []


async def left(store, when: str) -> None:
    """The warnings have left."""
    async with store.unit() as unit:
        await unit.session.execute(
            update(Outgoing)
            .where(Outgoing.kind == "closing")
            .values(state="sent", sent_at=at(when))
        )


async def test_nothing_happens_while_the_enquirer_has_time(store, desk, waiting):
    await look(store, desk, "2026-03-02 12:00", "2026-03-10 16:59", "2026-03-11 08:00")
    assert await warnings(store) == []


async def test_one_mail_warns_of_the_day_and_keeps_the_thread(store, desk, waiting):
    await look(store, desk, "2026-03-11 09:20", "2026-03-11 10:20", "2026-03-12 09:20")
    [warning] = await warnings(store)
    letter = Letter.model_validate(warning.payload)
    assert str(letter.closes_on) == "2026-03-16"
    assert (letter.to, letter.in_reply_to) == ("asker@uni.example", "<1@uni.example>")
    assert letter.automatic
    assert warning.automatic
    assert (await only_case(store)).state == "waiting"


async def test_it_is_closed_on_that_day_with_the_reason(store, desk, waiting):
    await look(store, desk, "2026-03-11 09:20")
    await left(store, "2026-03-11 09:21")
    await look(store, desk, "2026-03-13 16:20", "2026-03-14 10:20")
    assert (await only_case(store)).state == "waiting"
    await look(store, desk, "2026-03-16 09:20", "2026-03-16 10:20")
    case = await only_case(store)
    assert (case.state, case.resolution) == ("resolved", "silence")
    async with store.unit() as unit:
        events = await unit.session.execute(
            select(CaseEvent.kind, CaseEvent.actor_name).order_by(CaseEvent.version)
        )
    assert list(events)[-1] == ("resolve", "triagebot")
    assert len(await warnings(store)) == 1


async def test_it_is_never_closed_where_the_warning_did_not_leave(store, desk, waiting):
    await look(store, desk, "2026-03-11 09:20", "2026-03-16 09:20", "2026-06-01 09:20")
    assert (await only_case(store)).state == "waiting"


async def test_a_warning_that_left_late_gives_its_days_all_the_same(store, desk, waiting):
    await look(store, desk, "2026-03-11 09:20")
    await left(store, "2026-03-16 08:00")
    await look(store, desk, "2026-03-16 09:20", "2026-03-18 16:20")
    assert (await only_case(store)).state == "waiting"
    await look(store, desk, "2026-03-19 09:20")
    assert (await only_case(store)).state == "resolved"


async def test_where_nobody_looked_for_weeks_the_enquirer_is_warned_first(store, desk, waiting):
    await look(store, desk, "2026-05-11 09:20")
    [warning] = await warnings(store)
    assert str(Letter.model_validate(warning.payload).closes_on) == "2026-05-14"
    assert (await only_case(store)).state == "waiting"


async def test_the_enquirers_word_keeps_it_open_and_begins_anew(
    store, desk, waiting, arrive, judged
):
    await look(store, desk, "2026-03-11 09:20")
    await left(store, "2026-03-11 09:21")
    later = await arrive("2019 to 2021.", references=("<1@uni.example>",))
    async with store.unit() as unit:
        await receive(unit, later, judged(Route.ESCALATE), desk)
    await look(store, desk, "2026-03-16 09:20")
    assert (await only_case(store)).state == "open"
    await replied(store, desk, "2026-03-17 11:00")
    await look(store, desk, "2026-03-18 09:20")
    assert len(await warnings(store)) == 1
    await look(store, desk, "2026-03-26 09:20")
    assert len(await warnings(store)) == 2


async def test_a_reply_after_it_was_closed_takes_it_up_again(store, desk, waiting, arrive, judged):
    await look(store, desk, "2026-03-11 09:20")
    await left(store, "2026-03-11 09:21")
    await look(store, desk, "2026-03-16 09:20")
    later = await arrive("Sorry, I was away.", references=("<1@uni.example>",))
    async with store.unit() as unit:
        await receive(unit, later, judged(Route.ESCALATE), desk)
    case = await only_case(store)
    assert (case.state, case.resolution) == ("open", None)


async def test_an_officer_can_take_it_up_again(store, desk, waiting):
    await look(store, desk, "2026-03-11 09:20")
    await left(store, "2026-03-11 09:21")
    await look(store, desk, "2026-03-16 09:20")
    case = await only_case(store)
    async with store.unit() as unit:
        await reopen(unit, Press(case.id, case.version, ASHA))
    await look(store, desk, "2026-06-01 09:20")
    assert (await only_case(store)).state == "open"


async def test_while_the_brake_is_on_nobody_is_warned_and_nothing_is_closed(store, desk, waiting):
    async with store.unit() as unit:
        await brake(unit, "an example", ASHA)
    await look(store, desk, "2026-03-11 09:20", "2026-03-16 09:20")
    assert await warnings(store) == []
    assert (await only_case(store)).state == "waiting"


@pytest.mark.parametrize(
    "doubt",
    [{"automatic_reason": "auto-submitted"}, {"authentication": {"verdict": "failed"}}],
    ids=["a machine wrote", "the sender is not who they say"],
)
async def test_who_may_not_be_written_to_by_a_machine_is_not_warned(store, desk, waiting, doubt):
    async with store.unit() as unit:
        await unit.session.execute(
            update(StoredMessage).where(StoredMessage.direction == "in").values(**doubt)
        )
    await look(store, desk, "2026-03-11 09:20", "2026-03-16 09:20")
    assert await warnings(store) == []
    assert (await only_case(store)).state == "waiting"
