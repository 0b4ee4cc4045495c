"""The life of a case: who may do what, when, and what follows."""

import pytest
from sqlalchemy import select

from handlers.case_life import RESOLUTIONS, TRANSITIONS, Action
from handlers.cases import Officer, Press, claim, reclassify, reopen, resolve
from handlers.errors import NotAllowed, StaleCase, UnknownCase
from handlers.letters import Letter
from handlers.receive import receive
from handlers.replies import reply
from handlers.tables import Case, CaseEvent, CaseState, Outgoing
from triage.decision import EnquiryType, Route

ASHA = Officer("U1", "Asha Verma", may_act=True)
TOM = Officer("U2", "Tom Ellery", may_act=True)
CALLUM = Officer("U9", "Callum Reid", may_act=False)


@pytest.fixture
async def case(store, desk, arrive, judged) -> Case:
    async with store.unit() as unit:
        await receive(unit, await arrive(), judged(Route.ESCALATE), desk)
    return await only_case(store)


async def only_case(store) -> Case:
    async with store.unit() as unit:
        return (await unit.session.execute(select(Case))).scalar_one()


async def act(store, action, case, officer, *more: object):
    async with store.unit() as unit:
        return await action(unit, Press(case.id, case.version, officer), *more)


async def test_claiming_makes_the_officer_its_owner_and_has_the_card_drawn(store, case):
    after = await act(store, claim, case, ASHA)
    assert (after.state, after.officer_name, after.version) == ("open", "Asha Verma", 2)
    async with store.unit() as unit:
        keys = (await unit.session.execute(select(Outgoing.key))).scalars().all()
    assert f"case:{case.id}:card:2" in keys


async def test_a_press_on_an_old_card_is_refused_with_what_changed(store, case):
    await act(store, claim, case, TOM)
    with pytest.raises(StaleCase, match="Tom Ellery claimed it"):
        await act(store, claim, case, ASHA)


async def test_who_is_no_officer_can_do_nothing(store, case):
    with pytest.raises(NotAllowed, match="Only case officers"):
        await act(store, claim, case, CALLUM)


async def test_a_case_that_does_not_exist_is_said_not_to(store):
    async with store.unit() as unit:
        with pytest.raises(UnknownCase, match="no case with the number 404"):
            await claim(unit, Press(404, 1, ASHA))


async def test_an_officers_reply_is_queued_in_the_thread_and_makes_the_case_theirs(
    store, desk, case
):
    after = await act(store, reply, case, ASHA, "  It is being looked at.  ", desk)
    assert (after.state, after.officer_name) == ("waiting", "Asha Verma")
    assert after.first_reply_at is not None
    async with store.unit() as unit:
        row = (
            await unit.session.execute(select(Outgoing).where(Outgoing.kind == "officer"))
        ).scalar_one()
    letter = Letter.model_validate(row.payload)
    assert letter.body == "It is being looked at."
    assert letter.in_reply_to == "<1@uni.example>"
    assert letter.message_id not in letter.references
    assert not letter.automatic


@pytest.mark.parametrize("words", ["", "   \n"])
async def test_an_empty_reply_is_refused(store, desk, case, words):
    with pytest.raises(NotAllowed, match="empty"):
        await act(store, reply, case, ASHA, words, desk)


async def test_reclassifying_keeps_what_the_types_were(store, case):
    await act(store, reclassify, case, ASHA, [EnquiryType.COPI_EXIT])
    async with store.unit() as unit:
        event = (
            await unit.session.execute(select(CaseEvent).where(CaseEvent.kind == "reclassify"))
        ).scalar_one()
    assert event.detail == {"from": ["ndrs", "charges"], "to": ["copi_exit"]}


async def test_a_resolved_case_can_only_be_reopened(store, desk, case):
    resolved = await act(store, resolve, case, ASHA, "answered")
    assert resolved.resolved_at is not None
    for action, more in (
        (claim, ()),
        (reply, ("Hello", desk)),
        (reclassify, ([EnquiryType.NDRS],)),
        (resolve, ("spam",)),
    ):
        with pytest.raises(NotAllowed, match="resolved"):
            await act(store, action, resolved, TOM, *more)
    again = await act(store, reopen, resolved, TOM)
    assert (again.state, again.resolution, again.resolved_at) == ("open", None, None)


async def test_a_reason_that_is_not_listed_is_refused(store, case):
    assert "bored" not in RESOLUTIONS
    with pytest.raises(NotAllowed, match="listed reasons"):
        await act(store, resolve, case, ASHA, "bored")


async def test_the_enquirers_word_reopens_a_resolved_case(store, desk, case, arrive, judged):
    await act(store, resolve, case, ASHA, "answered")
    later = await arrive("It is not.", references=("<1@uni.example>",))
    async with store.unit() as unit:
        await receive(unit, later, judged(Route.ESCALATE), desk)
    assert (await only_case(store)).state == "open"


async def test_a_bounce_is_shown_in_the_case_but_does_not_reopen_it(
    store, desk, case, arrive, judged
):
    await act(store, resolve, case, ASHA, "answered")
    bounce = await arrive(
        "undeliverable",
        references=("<1@uni.example>",),
        automatic_reason="delivery-report",
        is_bounce=True,
    )
    async with store.unit() as unit:
        await receive(unit, bounce, judged(Route.IGNORE), desk)
        kinds = (await unit.session.execute(select(Outgoing.kind))).scalars().all()
    assert (await only_case(store)).state == "resolved"
    assert "message_note" in kinds


def test_every_state_can_be_written_to_again_and_only_a_resolved_one_reopened():
    for state in CaseState:
        assert (state, Action.WRITE_AGAIN) in TRANSITIONS
    assert [state for state, action in TRANSITIONS if action is Action.REOPEN] == ["resolved"]
