"""What an enquirer is told of where their enquiry stands, through the life of its case."""

import pytest
from sqlalchemy import select

from handlers.cases import Officer, Press, claim, reopen, resolve
from handlers.feedback import hear
from handlers.knowledge_tables import Said
from handlers.public_status import OF_STATES, PublicStatus, public_status
from handlers.receive import receive
from handlers.replies import reply
from handlers.tables import Case, CaseState, Outgoing
from triage.decision import Route

ASHA = Officer("asha", "Asha Verma", may_act=True)


@pytest.fixture
async def answer(store, desk, arrive, judged) -> int:
    """The answer to an enquiry."""
    async with store.unit() as unit:
        await receive(unit, await arrive(), judged(Route.ANSWER), desk)
        row = await unit.session.execute(select(Outgoing.id).where(Outgoing.kind == "answer"))
        return row.scalar_one()


def test_each_state_of_a_case_has_a_public_one():
    assert set(OF_STATES) == set(CaseState)


async def test_it_follows_the_case_and_names_nobody(store, desk, answer):
    async with store.unit() as unit:
        told = [await public_status(unit, answer)]
        await hear(unit, answer, Said.PERSON, desk)
        told.append(await public_status(unit, answer))
        case = (await unit.session.execute(select(Case))).scalar_one()
        for act in (
            lambda press: claim(unit, press),
            lambda press: reply(unit, press, "Which years?", desk),
            lambda press: resolve(unit, press, "answered"),
            lambda press: reopen(unit, press),
        ):
            await act(Press(case.id, case.version, ASHA))
            told.append(await public_status(unit, answer))
    assert told == [
        *(PublicStatus.ANSWERED, PublicStatus.RECEIVED, PublicStatus.IN_HAND),
        *(PublicStatus.YOUR_TURN, PublicStatus.CLOSED, PublicStatus.IN_HAND),
    ]
    assert "Asha" not in " ".join(told)
