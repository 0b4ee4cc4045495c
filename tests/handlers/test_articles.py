"""Decisions on articles: what is used follows them, and an answer never outlives one."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest
from shipped import shipped
from sqlalchemy import select, update

from bot.brain import Brain
from bot.following import Following
from handlers.article_decisions import Deciding, Seen, approve, retire, save_draft
from handlers.articles import articles_in_use, history, record
from handlers.compose import Composer
from handlers.delivery import Delivery, Sent
from handlers.errors import DecisionRefusedError, StaleDecisionError
from handlers.knowledge_tables import ArticleEvent
from handlers.letters import Letter
from handlers.receive import receive
from handlers.tables import Case, Outgoing
from knowledge.articles import Passage, read_articles
from knowledge.editing import drafted
from knowledge.library import Library
from triage.decision import Route

ARTICLE = "ndrs-total-cost"
FIRST = shipped(ARTICLE)
NEXT = FIRST + 1
CONTACTS = {"organisation": "NHS England", "telephone": "0300 303 5678"}


async def as_seen(store, note="", author="Ana Whitlock") -> Deciding:
    async with store.unit() as unit:
        one = await record(unit, ARTICLE)
    return Deciding(ARTICLE, Seen.of(one), author, note)


async def decide(store, what, *more: str, deciding=None, note="", author="Ana Whitlock"):
    deciding = deciding or await as_seen(store, note=note, author=author)
    async with store.unit() as unit:
        return await what(unit, deciding, *more)


async def new_text(store) -> str:
    """A draft of the next version, which says something else."""
    async with store.unit() as unit:
        one = await record(unit, ARTICLE)
    return drafted(one.newest, one.next_version).replace("is only an estimate", "is a mere guess")


async def used(store):
    async with store.unit() as unit:
        return (await record(unit, ARTICLE)).used


async def take(store, desk, arrival, judged):
    async with store.unit() as unit:
        return await receive(unit, arrival, judged, desk)


async def cases(store) -> list[Case]:
    async with store.unit() as unit:
        return list((await unit.session.execute(select(Case).order_by(Case.id))).scalars())


async def effects(store, kind) -> list[Outgoing]:
    async with store.unit() as unit:
        rows = await unit.session.execute(select(Outgoing).where(Outgoing.kind == kind))
        return list(rows.scalars())


class TestDeciding:
    """A decision is kept with who made it, and only where its maker saw what is."""

    async def test_a_draft_is_not_used_before_it_is_approved(self, store):
        await decide(store, save_draft, await new_text(store))
        assert (await used(store)).front.version == FIRST
        await decide(store, approve, note="checked against the page")
        now = await used(store)
        assert now.front.version == NEXT
        assert "a mere guess" in now.passages[0].text
        assert now.front.approval.by == "Ana Whitlock"
        assert now.front.approval.page is not None

    async def test_the_history_names_author_note_and_version(self, store):
        await decide(store, save_draft, await new_text(store), author="Ben Osei", note="clearer")
        await decide(store, approve)
        async with store.unit() as unit:
            said = [
                (one.action, one.version, one.author, one.note)
                for one in await history(unit, ARTICLE)
            ]
        assert said == [
            ("approved", NEXT, "Ana Whitlock", ""),
            ("drafted", NEXT, "Ben Osei", "clearer"),
        ]

    async def test_a_decision_on_what_changed_meanwhile_is_refused_and_told_what(self, store):
        seen = await as_seen(store, note="wrong since October")
        await decide(store, save_draft, await new_text(store), author="Ben Osei")
        with pytest.raises(StaleDecisionError, match=f"Ben Osei saved a draft of version {NEXT}"):
            await decide(store, retire, deciding=seen)
        assert (await used(store)).front.status == "approved"

    async def test_of_two_owners_at_once_one_is_refused(self, store):
        seen = await as_seen(store, note="gone")
        results = await asyncio.gather(
            *(decide(store, retire, deciding=seen) for _ in range(3)), return_exceptions=True
        )
        assert sum(isinstance(one, StaleDecisionError) for one in results) == 2

    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            ("topic: ndrs-total-cost", "topic: weather", "topic: Input should be"),
            ("## estimate", "## guess", "estimate, guess"),
            ("owner: ", "owner: [", "line "),
            ("review_by: ", "review_by: 2027-02-30\nx: ", "day is out of range"),
            ("## estimate", "x" * 100_001 + "## estimate", "longer than 100,000"),
            (f"version: {NEXT}", "version: 99", f"version: it is 99, and must be {NEXT}"),
            ("status: draft", "status: approved", "status: it must be 'draft'"),
            ("id: ndrs-total-cost", "id: other", "must stay 'ndrs-total-cost'"),
            (
                "  dated: 2024-02-07\neff",
                "  dated: 2024-02-07\n  by: X\n  at: 2026-01-01\neff",
                "no",
            ),
        ],
    )
    async def test_a_text_that_breaks_the_form_is_refused_in_one_line(self, store, old, new, said):
        text = await new_text(store)
        assert old in text
        with pytest.raises(DecisionRefusedError) as refused:
            await decide(store, save_draft, text.replace(old, new, 1))
        assert said in str(refused.value)
        assert "\n" not in str(refused.value)

    async def test_nothing_is_approved_that_is_past_its_review(self, store):
        text = (await new_text(store)).replace("review_by: 2027-02-28", "review_by: 2024-03-01")
        await decide(store, save_draft, text)
        with pytest.raises(DecisionRefusedError, match="review_by"):
            await decide(store, approve)

    async def test_nobody_approves_without_a_name_and_nothing_is_retired_without_a_note(
        self, store
    ):
        with pytest.raises(DecisionRefusedError, match="name"):
            await decide(store, retire, author=" ", note="gone")
        with pytest.raises(DecisionRefusedError, match="note"):
            await decide(store, retire)

    async def test_what_was_retired_can_be_brought_back_as_a_new_version(self, store):
        await decide(store, retire, note="gone")
        assert (await used(store)).front.status == "retired"
        await decide(store, save_draft, await new_text(store))
        await decide(store, approve)
        assert ((await used(store)).front.status, (await used(store)).front.version) == (
            "approved",
            NEXT,
        )


class TestAnswering:
    """What an answer is made of is what is in use as it is written."""

    async def test_an_answer_decided_with_an_older_library_becomes_a_case(
        self, store, desk, arrive, judged
    ):
        await decide(store, retire, note="gone")
        outcome = await take(store, desk, await arrive(), judged(Route.ANSWER))
        assert outcome.what == "case"
        [case] = await cases(store)
        assert f"article {ARTICLE} is retired" in case.reasons[0]["text"]
        assert case.answer is None

    async def test_so_does_one_whose_passage_was_replaced(self, store, desk, arrive, judged):
        await decide(store, save_draft, await new_text(store))
        assert (await take(store, desk, await arrive(), judged(Route.ANSWER))).what == "answered"
        await decide(store, approve)
        assert (await take(store, desk, await arrive(), judged(Route.ANSWER))).what == "case"
        [case] = await cases(store)
        assert f"was replaced by version {NEXT}" in case.reasons[0]["text"]

    async def test_and_one_decided_before_the_library_was_replaced(
        self, store, desk, arrive, judged
    ):
        brain = Brain(None, None, Library.load(None, CONTACTS), ())

        def replaced(library: Library) -> None:
            desk.composer = Composer(library, CONTACTS)

        following = Following(store, brain, replaced)
        assert not await following.look()
        await decide(store, save_draft, await new_text(store))
        await decide(store, approve)
        old = judged(Route.ANSWER)
        assert await following.look()
        assert (await take(store, desk, await arrive(), old)).what == "case"
        now = old.decision.passages[0].model_copy(update={"version": NEXT})
        decision = old.decision.model_copy(update={"passages": (now,)})
        arrival = await arrive()
        outcome = await take(store, desk, arrival, type(old)(decision, 1.0))
        assert outcome.what == "answered"
        [effect] = await effects(store, "answer")
        [part] = Letter.model_validate(effect.payload).content.parts
        assert part.version == NEXT
        assert not await following.look()

    async def test_a_decision_waits_for_an_answer_that_is_being_written(
        self, store, desk, arrive, judged
    ):
        arrival = await arrive()
        async with store.unit() as unit:
            await receive(unit, arrival, judged(Route.ANSWER), desk)
            waiting = asyncio.create_task(decide(store, retire, note="gone"))
            await asyncio.sleep(0.3)
            assert not waiting.done()
        await waiting
        assert (await used(store)).front.status == "retired"


FAR = date.today() + timedelta(days=400)
PAST = date.today() - timedelta(days=1)
LAPSES = {
    "was due for review by": {"review_by": PAST},
    "is not in force before": {"effective_from": FAR},
    "expired on": {"effective_until": PAST},
    "is retired": {"status": "retired"},
    "no setting for contact_nowhere": {},
}


@pytest.fixture(params=LAPSES)
def lapsed(request, desk, total_cost):
    """A desk whose guidance may not be sent, and why."""
    changes = LAPSES[request.param]
    library = Library.load(None, CONTACTS)
    old = next(
        one
        for one in library.passages
        if (one.article.id, one.id) == (total_cost.article, total_cost.passage)
    )
    text = old.text if changes else old.text + " Write to {contact_nowhere}."
    passage = Passage(old.article.model_copy(update=changes), old.id, text)
    return replace(
        desk, composer=Composer(library.with_passages([passage]), CONTACTS)
    ), request.param


async def test_guidance_that_may_not_be_sent_is_a_case_with_the_reason_and_its_owner_asked_once(
    store, lapsed, arrive, judged
):
    desk, why = lapsed
    for _ in range(2):
        assert (await take(store, desk, await arrive(), judged(Route.ANSWER))).what == "case"
    for case in await cases(store):
        assert why in case.reasons[0]["text"]
    [note] = await effects(store, "article_note")
    assert note.transport == "slack"
    assert note.payload["owner"] == "DARS enquiries lead"
    assert why in note.payload["why"]


async def test_articles_in_use_are_the_files_before_any_decision(store):
    async with store.unit() as unit:
        assert len(await articles_in_use(unit)) == len(read_articles())


class Relay:
    """Takes every mail, and counts them."""

    def __init__(self) -> None:
        self.taken = 0

    async def deliver(self, _outgoing: Outgoing, take_it) -> Sent:
        assert await take_it()
        self.taken += 1
        return Sent("250 taken")

    async def find(self, _outgoing: Outgoing) -> Sent:
        return Sent("250 taken")


@pytest.mark.parametrize(("retired_meanwhile", "state"), [(True, "failed"), (False, "sent")])
async def test_an_answer_that_waited_leaves_only_if_its_guidance_still_stands(
    store, desk, arrive, judged, *, retired_meanwhile, state
):
    await take(store, desk, await arrive(), judged(Route.ANSWER))
    [waiting] = await effects(store, "answer")
    if retired_meanwhile:
        await decide(store, retire, note="gone")
    async with store.unit() as unit:
        past = waiting.created_at - timedelta(minutes=5)
        await unit.session.execute(update(Outgoing).values(created_at=past))
    relay = Relay()
    await Delivery(store, {"mail": relay}, "hold", timedelta(minutes=5)).deliver(waiting.id)
    [after] = await effects(store, "answer")
    assert after.state == state
    assert relay.taken == (0 if retired_meanwhile else 1)
    assert len(await effects(store, "delivery_note")) == (1 if retired_meanwhile else 0)


async def test_a_retirement_holds_though_an_upgrade_brings_a_higher_version(store):
    await decide(store, retire, note="gone")
    async with store.unit() as unit:
        await unit.session.execute(update(ArticleEvent).values(version=0))
    assert (await used(store)).front.status == "retired"


async def test_a_case_made_by_a_retirement_holds_none_of_its_words(store, desk, arrive, judged):
    await decide(store, retire, note="gone")
    await take(store, desk, await arrive(), judged(Route.ANSWER))
    [case] = await cases(store)
    assert "estimate" not in case.draft
