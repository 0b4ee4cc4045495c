"""New cases given out by themselves: in turn or by load, by type and language, to who is there."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest
from sqlalchemy import select

from handlers.absences import absences, come_back, go_away
from handlers.assigning import hand_over_all
from handlers.cases import Officer, Press, claim, resolve
from handlers.consulting import assign, hand_over
from handlers.errors import NotAllowed
from handlers.feedback import hear
from handlers.knowledge_tables import Said
from handlers.receive import receive
from handlers.roster import Assigning, Roster, RosterOfficer
from handlers.tables import Case, CaseEvent, CaseState, Outgoing
from triage.decision import EnquiryType, Reason, Route

ASHA, BO, CAI = (Officer(one, one.capitalize(), may_act=True) for one in ("asha", "bo", "cai"))
LEAD = Officer("lead", "Lead", may_act=True, leads=True)


def roster(how: Assigning, **special: dict[str, object]) -> Roster:
    return Roster(
        how=how,
        officers=tuple(
            RosterOfficer.model_validate(
                {"id": one.id, "name": one.name, **special.get(one.id, {})}
            )
            for one in (ASHA, BO, CAI)
        ),
    )


@pytest.fixture
def opened(store, desk, arrive, judged):
    """Open a case for a roster; gives the case."""
    number = iter(range(100))

    async def open_one(of: Roster, **decided: object) -> Case:
        at = replace(desk, roster=of)
        mail = await arrive(f"Question {next(number)}", sender=f"asker{next(number)}@uni.example")
        async with store.unit() as unit:
            made = judged(Route.ESCALATE)
            made = replace(made, decision=made.decision.model_copy(update=decided))
            await receive(unit, mail, made, at)
            row = await unit.session.execute(select(Case).order_by(Case.id.desc()).limit(1))
            return row.scalar_one()

    return open_one


async def until(store, days: int) -> date:
    async with store.unit() as unit:
        return (await unit.now()).date() + timedelta(days=days)


async def test_off_nobody_is_given_anything(opened):
    assert (await opened(roster(Assigning.OFF))).officer is None


async def test_in_turn_each_gets_one_before_anybody_gets_a_second(opened):
    owners = [(await opened(roster(Assigning.ROUND_ROBIN))).officer for _ in range(6)]
    assert owners[:3] == ["asha", "bo", "cai"]
    assert owners[3:] == owners[:3]


async def test_by_load_whoever_has_least_to_do_is_next(store, opened):
    cases = [await opened(roster(Assigning.LOAD)) for _ in range(3)]
    async with store.unit() as unit:
        await resolve(unit, Press(cases[1].id, cases[1].version, BO), "answered")
    assert (await opened(roster(Assigning.LOAD))).officer == "bo"


async def test_a_given_case_is_open_and_its_officer_is_told(store, opened):
    case = await opened(roster(Assigning.ROUND_ROBIN))
    assert (case.state, case.officer_name) == (CaseState.OPEN, "Asha")
    async with store.unit() as unit:
        rows = await unit.session.execute(select(CaseEvent.kind).order_by(CaseEvent.id))
        notes = select(Outgoing.payload).where(Outgoing.kind == "case_note")
        [note] = (await unit.session.execute(notes)).scalars()
    assert list(rows.scalars()) == ["opened", "assign"]
    assert (note["said"], note["to"]) == ("assign", "asha")


async def test_types_and_languages_narrow_who_may_have_a_case(opened):
    special = {
        "asha": {"types": [EnquiryType.CHARGES]},
        "bo": {"types": [EnquiryType.NDRS]},
        "cai": {"types": [EnquiryType.NDRS], "other_languages": True},
    }
    of = roster(Assigning.ROUND_ROBIN, **special)
    charges = await opened(of, types=(EnquiryType.CHARGES,))
    assert charges.officer == "asha"
    foreign = Reason(rule="other_language", text="Not in English.")
    french = await opened(of, types=(EnquiryType.NDRS,), reasons=(foreign,))
    assert french.officer == "cai"
    nobody = await opened(of, types=(EnquiryType.COPI_EXIT,))
    assert nobody.officer is None
    assert nobody.state == CaseState.NEW


async def test_who_is_away_is_given_nothing_until_they_are_back(store, opened):
    async with store.unit() as unit:
        await go_away(unit, ASHA, (await unit.now()).date() + timedelta(days=9), ASHA)
    assert {(await opened(roster(Assigning.ROUND_ROBIN))).officer for _ in range(4)} == {
        "bo",
        "cai",
    }
    async with store.unit() as unit:
        assert [one.name for one in await absences(unit)] == ["Asha"]
        assert await come_back(unit, ASHA)
    assert (await opened(roster(Assigning.ROUND_ROBIN))).officer == "asha"


async def test_going_on_leave_hands_over_what_is_to_be_done(store, opened):
    of = roster(Assigning.LOAD)
    cases = [await opened(of) for _ in range(6)]
    async with store.unit() as unit:
        await go_away(unit, ASHA, (await unit.now()).date(), LEAD)
        assert await hand_over_all(unit, "asha", of) == (2, 0)
    async with store.unit() as unit:
        rows = await unit.session.execute(
            select(Case.officer).where(Case.id.in_([one.id for one in cases]))
        )
        owners = sorted(rows.scalars())
    assert owners == ["bo"] * 3 + ["cai"] * 3


async def test_without_a_roster_cases_stay_and_that_is_counted(store, opened):
    case = await opened(roster(Assigning.OFF))
    async with store.unit() as unit:
        await claim(unit, Press(case.id, case.version, ASHA))
        assert await hand_over_all(unit, "asha", roster(Assigning.OFF)) == (0, 1)


async def test_an_enquirer_who_writes_while_the_owner_is_away_is_read_by_another(
    store, desk, opened, arrive, judged
):
    of = roster(Assigning.ROUND_ROBIN)
    case = await opened(of)
    async with store.unit() as unit:
        await go_away(unit, ASHA, (await unit.now()).date(), ASHA)
    again = await arrive("Any news?", sender="asker1@uni.example", references=("<1@uni.example>",))
    async with store.unit() as unit:
        outcome = await receive(unit, again, judged(Route.ESCALATE), replace(desk, roster=of))
        assert outcome.what == "joined"
        row = await unit.session.execute(select(Case.officer).where(Case.id == case.id))
        assert row.scalar_one() == "bo"


@pytest.mark.parametrize("give", [assign, partial(hand_over, note="I am off at noon.")])
async def test_a_case_is_not_given_to_somebody_who_is_away(store, opened, give):
    case = await opened(roster(Assigning.OFF))
    last = await until(store, 5)
    async with store.unit() as unit:
        await go_away(unit, BO, last, BO)
        with pytest.raises(NotAllowed, match=f"Bo is away up to {last:%d %b %Y}"):
            await give(unit, Press(case.id, case.version, ASHA), BO)
        after = await give(unit, Press(case.id, case.version, ASHA), CAI)
    assert after.officer == "cai"


async def test_who_asks_for_a_person_while_the_owner_is_away_is_read_by_another(
    store, desk, opened, arrive, judged
):
    of = roster(Assigning.ROUND_ROBIN)
    at = replace(desk, roster=of)
    asked = await arrive("What does it cost?", sender="robin@uni.example")
    async with store.unit() as unit:
        assert (await receive(unit, asked, judged(Route.ANSWER), at)).what == "answered"
        row = await unit.session.execute(select(Outgoing.id).where(Outgoing.kind == "answer"))
        answer = row.scalar_one()
        await hear(unit, answer, Said.NO, at)
    async with store.unit() as unit:
        await go_away(unit, ASHA, (await unit.now()).date(), ASHA)
        await hear(unit, answer, Said.PERSON, at)
        row = await unit.session.execute(select(Case.officer))
        assert row.scalar_one() == "bo"


@pytest.mark.parametrize(
    ("officer", "days", "by", "why"),
    [
        (ASHA, -1, ASHA, "That day is over"),
        (ASHA, 500, ASHA, "at most 400 days"),
        (ASHA, 3, BO, "Only a lead"),
        (Officer("x", "X", may_act=False), 3, LEAD, "Only case officers"),
    ],
)
async def test_an_absence_that_makes_no_sense_is_refused(store, officer, days, by, why):
    last = await until(store, days)
    async with store.unit() as unit:
        with pytest.raises(NotAllowed, match=why):
            await go_away(unit, officer, last, by)


async def test_cases_at_once_do_not_have_the_same_turn(store, opened):
    of = roster(Assigning.ROUND_ROBIN)
    await asyncio.gather(*(opened(of) for _ in range(6)))
    async with store.unit() as unit:
        owners = (await unit.session.execute(select(Case.officer))).scalars().all()
    assert sorted(map(str, owners)) == sorted(["asha", "bo", "cai"] * 2)
