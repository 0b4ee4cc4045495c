"""What officers reclassify comes back as labelled messages, in the form that training reads."""

import pytest
from sqlalchemy import select

from handlers.cases import Officer, Press, reclassify
from handlers.corrections import corrections
from handlers.receive import receive
from handlers.tables import Case
from knowledge.topics import Topic
from triage import labelled
from triage.decision import EnquiryType, Route

ASHA = Officer("asha", "Asha Verma", may_act=True)
TEXT = "Is Total Cost what we pay? My NHS number is 999 000 0018."


@pytest.fixture
async def case(store, desk, arrive, judged) -> Case:
    async with store.unit() as unit:
        await receive(
            unit, await arrive(TEXT, sender="jo@uni.example"), judged(Route.ESCALATE), desk
        )
        return (await unit.session.execute(select(Case))).scalar_one()


async def put_right(store, case: Case, version: int, **more: object) -> None:
    async with store.unit() as unit:
        await reclassify(unit, Press(case.id, version, ASHA), [EnquiryType.CHARGES], **more)


async def corrected(store) -> list[labelled.Labelled]:
    async with store.unit() as unit:
        return await corrections(unit)


async def test_nothing_was_put_right_yet(store, case):
    del case
    assert await corrected(store) == []


async def test_the_latest_correction_is_a_labelled_message_that_training_reads(
    store, case, tmp_path
):
    await put_right(store, case, 1)
    await put_right(store, case, 2, route=Route.ANSWER, topics=[Topic.NDRS_TOTAL_COST])
    [one] = await corrected(store)
    assert (one.types, one.route) == ((EnquiryType.CHARGES,), Route.ANSWER)
    assert one.topics == (Topic.NDRS_TOTAL_COST,)
    assert "Asha Verma" in one.why
    file = tmp_path / "ours.jsonl"
    file.write_text(one.model_dump_json(by_alias=True))
    assert labelled.read([tmp_path]) == [one]


async def test_it_holds_no_identifier_and_no_address(store, case):
    await put_right(store, case, 1)
    [one] = await corrected(store)
    assert "999 000 0018" not in one.model_dump_json()
    assert "Is Total Cost what we pay?" in one.body
    assert one.sender == "enquirer@uni.example"


async def test_where_an_officer_said_no_route_that_of_triage_stands(store, case):
    await put_right(store, case, 1)
    [one] = await corrected(store)
    assert one.route is Route.ESCALATE
