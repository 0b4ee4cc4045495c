"""Who names an enquiry and took no part in it has one of their own, beside the first."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from handlers.case_view import case_view
from handlers.cases import Officer, Press
from handlers.letters import Letter
from handlers.merging import merge
from handlers.receive import receive
from handlers.references import new_reference, references_of_tags, reply_tag
from handlers.tables import Case, CaseState, Enquiry, Outgoing, StoredMessage
from triage.decision import Route

ASHA = Officer("U1", "Asha Verma", may_act=True)
STRANGER = "curious@elsewhere.example"


@pytest.fixture
def follow(store, desk, judged):
    """Have an arrival followed through on a route."""

    async def one(arrival, route=Route.ESCALATE):
        async with store.unit() as unit:
            return await receive(unit, arrival, judged(route), desk)

    return one


@pytest.fixture
async def reference(arrive, follow):
    """The reference of a case."""
    return (await follow(await arrive())).reference


@pytest.fixture
def tagged(arrive, desk):
    """Have a mail arrive at the address in Reply-To, with nothing else that names the enquiry."""

    async def one(reference, **said: str):
        tag = reply_tag(reference, desk.signing_key)
        return replace(await arrive(**said), reply_tags=(tag,))

    return one


async def all_of(store, table):
    async with store.unit() as unit:
        return list((await unit.session.execute(select(table).order_by(table.id))).scalars())


async def letters_to(store, address):
    found = [one for one in await all_of(store, Outgoing) if one.transport == "mail"]
    return [Letter.model_validate(one.payload) for one in found if one.recipient == address]


async def test_the_address_in_reply_to_is_enough_for_one_who_took_part(follow, tagged, reference):
    outcome = await follow(await tagged(reference, text="And by when?"))
    assert (outcome.what, outcome.reference) == ("joined", reference)


@pytest.mark.parametrize("route", [Route.ESCALATE, Route.ANSWER])
async def test_a_stranger_with_a_right_address_gets_a_case_of_their_own_beside_it(
    store, follow, tagged, reference, route
):
    outcome = await follow(await tagged(reference, sender=STRANGER, text="Any news?"), route)
    assert outcome.what == "case"
    assert outcome.reference != reference
    first, second = await all_of(store, Enquiry)
    assert second.continues == first.id
    old, new = await all_of(store, Case)
    assert reference in new.reasons[0]["text"]
    async with store.unit() as unit:
        views = [await case_view(unit, one.id) for one in (old, new)]
    assert [[link.reference for link in view.now.links] for view in views] == [
        [second.reference],
        [reference],
    ]
    assert {one.author for one in await all_of(store, StoredMessage) if one.enquiry_id == 1} == {
        "asker@uni.example",
        "triagebot",
    }


async def test_a_stranger_hears_nothing_of_the_enquiry_that_they_name(
    store, follow, tagged, reference
):
    said = {"sender": STRANGER, "text": "Any news?", "message_id": "<1@elsewhere.example>"}
    await follow(await tagged(reference, **said))
    [letter] = await letters_to(store, STRANGER)
    assert reference not in letter.model_dump_json()
    assert "uni.example" not in letter.model_dump_json()


async def test_a_machine_that_names_an_enquiry_makes_no_work(store, follow, tagged, reference):
    """Such as a delegate's notice of absence."""
    mail = await tagged(reference, sender=STRANGER, automatic_reason="out-of-office")
    assert (await follow(mail, Route.IGNORE)).what == "ignored"
    assert len(await all_of(store, Case)) == 1
    assert not await letters_to(store, STRANGER)


async def test_an_address_that_we_did_not_sign_names_nothing(
    store, desk, arrive, follow, reference
):
    ours = reply_tag(reference, desk.signing_key)
    tags = {
        "by another deployment": reply_tag(reference, "the key of another deployment"),
        "with one letter changed": ours[:-1] + ("0" if ours[-1] != "0" else "1"),
        "with the short signature alone": reference.lower(),
    }
    assert references_of_tags(tags.values(), desk.signing_key) == []
    arrival = replace(await arrive("Any news?"), reply_tags=tuple(tags.values()))
    assert (await follow(arrival)).reference != reference
    assert [one.continues for one in await all_of(store, Enquiry)] == [None, None]


async def test_an_officer_who_merges_the_two_lets_the_stranger_in(
    store, desk, follow, tagged, reference
):
    await follow(await tagged(reference, sender=STRANGER, text="Any news?"))
    [_, new] = await all_of(store, Case)
    async with store.unit() as unit:
        await merge(unit, Press(new.id, new.version, ASHA), reference)
    outcome = await follow(await tagged(reference, sender=STRANGER, text="It is urgent."))
    assert (outcome.what, outcome.reference) == ("joined", reference)
    [old, _] = await all_of(store, Case)
    assert old.state != CaseState.RESOLVED


async def test_what_leaves_by_itself_for_a_joined_mail_goes_to_the_requester_without_its_words(
    store, follow, tagged, arrive
):
    """A sender whom nobody checked may be anybody: nothing is told to whoever wrote last."""
    answered = await follow(await arrive("What does it cost?"), Route.ANSWER)
    before = len(await letters_to(store, "asker@uni.example"))
    outcome = await follow(await tagged(answered.reference, text="The secret word is heron."))
    assert (outcome.what, outcome.reference) == ("case", answered.reference)
    mails = [one for one in await all_of(store, Outgoing) if one.transport == "mail"]
    assert {one.recipient for one in mails} == {"asker@uni.example"}
    later = (await letters_to(store, "asker@uni.example"))[before:]
    assert [one.template for one in later] == ["acknowledgement"]
    assert "heron" not in later[0].model_dump_json()


def test_tags_are_read_in_any_case_and_each_reference_has_its_own():
    key = "a key"
    first, second = new_reference(key), new_reference(key)
    tags = [reply_tag(first, key).upper(), reply_tag(second, key), "news", ""]
    assert references_of_tags(tags, key) == [first, second]
    mixed = f"{first}.{reply_tag(second, key).rpartition('.')[2]}"
    assert references_of_tags([mixed], key) == []
