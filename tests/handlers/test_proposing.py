"""An officer proposes an article: their reply stands as a draft among the gaps, naming nobody."""

import pytest
from sqlalchemy import select

from handlers.cases import Officer, Press, claim, resolve
from handlers.errors import NotAllowed
from handlers.gaps import keep_gaps, today_of
from handlers.knowledge_tables import Gap, GapState
from handlers.proposing import propose_article
from handlers.receive import receive
from handlers.replies import reply
from handlers.tables import Case, CaseEvent
from handlers.weeks import Week
from triage.decision import Route

ASHA = Officer("asha", "Asha Verma", may_act=True)
QUESTION = "May a data controller change while an extract is being made for 999 000 0018?"
ANSWER = (
    "Dear Robin,\n\nA controller can change while an extract is made. It needs an amendment, and"
    " the extract waits for it.\n\nKind regards\nAsha"
)


@pytest.fixture
async def answered(store, desk, arrive, judged) -> Case:
    """A case to which an officer replied."""
    async with store.unit() as unit:
        await receive(unit, await arrive(QUESTION), judged(Route.ESCALATE), desk)
    async with store.unit() as unit:
        case = (await unit.session.execute(select(Case))).scalar_one()
        await claim(unit, Press(case.id, 1, ASHA))
        return await reply(unit, Press(case.id, 2, ASHA), ANSWER, desk)


async def gaps(store) -> list[Gap]:
    async with store.unit() as unit:
        return list((await unit.session.execute(select(Gap))).scalars())


async def test_what_was_replied_is_a_draft_for_the_knowledge_owner(store, answered):
    async with store.unit() as unit:
        press = Press(answered.id, answered.version, ASHA)
        await propose_article(unit, press, "A change of controller", "Three asked this week.")
    [gap] = await gaps(store)
    assert gap.words == ["A change of controller"]
    assert gap.state == GapState.DRAFTED
    assert "It needs an amendment, and the extract waits for it." in gap.draft
    assert "status: draft" in gap.draft
    assert gap.detail == {"proposed_by": "Asha Verma", "proposal": "Three asked this week."}
    for text in (gap.draft, *gap.examples):
        assert "Robin" not in text
        assert "999 000 0018" not in text
    async with store.unit() as unit:
        kinds = select(CaseEvent.kind).order_by(CaseEvent.id.desc()).limit(1)
        assert (await unit.session.execute(kinds)).scalar_one() == "propose_article"


async def test_the_mornings_look_for_gaps_leaves_it(store, answered):
    async with store.unit() as unit:
        await propose_article(unit, Press(answered.id, answered.version, ASHA), "A change", "")
    async with store.unit() as unit:
        await keep_gaps(unit, Week.of(await today_of(unit)), [])
    assert len(await gaps(store)) == 1


async def test_a_resolved_case_can_be_proposed_but_none_twice(store, answered):
    async with store.unit() as unit:
        case = await resolve(unit, Press(answered.id, answered.version, ASHA), "answered")
        case = await propose_article(unit, Press(case.id, case.version, ASHA), "A change", "")
        with pytest.raises(NotAllowed, match="proposed already"):
            await propose_article(unit, Press(case.id, case.version, ASHA), "A change", "")
    assert len(await gaps(store)) == 1


@pytest.mark.parametrize(
    ("title", "note", "why"),
    [("  ", "", "in up to 100"), ("x" * 101, "", "in up to 100"), ("A", "x" * 1001, "1,000")],
)
async def test_a_title_that_says_nothing_or_too_much_is_refused(store, answered, title, note, why):
    async with store.unit() as unit:
        with pytest.raises(NotAllowed, match=why):
            await propose_article(unit, Press(answered.id, answered.version, ASHA), title, note)
    assert await gaps(store) == []
