"""Gaps: what people ask that no article covers, made once a week, and what closing one brings."""

import asyncio
import json
from dataclasses import replace
from datetime import date, timedelta
from itertools import count

import pytest
import yaml
from sqlalchemy import select, update
from uncovered_enquiries import NAMED, REPLIES, SUBJECTS, letter, officers_letter

from bot.brain import Brain
from bot.gaps import GapSearch
from handlers.cases import Officer, Press
from handlers.gap_actions import GapError, StaleGapError, dismiss, publish, save_draft, seen
from handlers.gaps import gaps_of
from handlers.knowledge_tables import Gap, GapState
from handlers.receive import receive
from handlers.replies import reply
from handlers.tables import Case, StoredDecision
from handlers.weeks import Week, WeekError, parse_week
from triage.decision import Flag, Reason, Route

NOT_COVERED = Reason(rule="not_covered", text="No approved passage is close enough")
ASHA = Officer("U1", "Asha Verma", may_act=True)
ARTICLE = "charges-guidance"


@pytest.fixture
def search(store, library) -> GapSearch:
    return GapSearch(store, Brain(None, None, library, ()))


@pytest.fixture
def ask(store, desk, arrive, judged):
    """Have an enquiry come in, sent to a person as not covered unless a test says otherwise."""
    numbers = count(1)

    async def come(text, *, route=Route.ESCALATE, flags=(), reasons=(NOT_COVERED,)) -> int:
        found = judged(route, flags)
        if route is Route.ESCALATE:
            decision = found.decision.model_copy(update={"reasons": reasons, "passages": ()})
            found = replace(found, decision=decision)
        async with store.unit() as unit:
            sender = f"asker{next(numbers)}@uni.example"
            arrival = await arrive(text, subject="", sender=sender)
            outcome = await receive(unit, arrival, found, desk)
        assert outcome.what == ("case" if route is Route.ESCALATE else "answered")
        return await newest_enquiry(store)

    return come


@pytest.fixture
def answer(store, desk):
    """Have an officer reply to an enquiry."""

    async def write(enquiry: int, text: str) -> None:
        async with store.unit() as unit:
            row = await unit.session.execute(select(Case).where(Case.enquiry_id == enquiry))
            case = row.scalar_one()
            await reply(unit, Press(case.id, case.version, ASHA), text, desk)

    return write


@pytest.fixture
async def thirty(ask, answer) -> dict[str, list[int]]:
    """Thirty enquiries of three subjects, mixed; officers have replied to three of each."""
    asked: dict[str, list[int]] = {subject: [] for subject in SUBJECTS}
    for place in range(10):
        for subject, enquiries in asked.items():
            enquiries.append(await ask(letter(subject, place)))
    for subject, enquiries in asked.items():
        for enquiry in enquiries[:3]:
            await answer(enquiry, officers_letter(subject))
    return asked


async def newest_enquiry(store) -> int:
    async with store.unit() as unit:
        row = await unit.session.execute(select(Case.enquiry_id).order_by(Case.id.desc()).limit(1))
        return row.scalar_one_or_none() or 0


def this_week() -> Week:
    return Week.of(date.today())


async def act(store, action, gap, words: str) -> Gap:
    async with store.unit() as unit:
        return await action(unit, gap.id, seen(gap), words)


def contents(gaps) -> list[tuple[object, ...]]:
    return [(gap.id, gap.state, gap.draft, gap.words, gap.examples, gap.enquiries) for gap in gaps]


async def test_thirty_enquiries_of_three_subjects_become_three_gaps(search, thirty):
    gaps = await search.make(this_week())
    found = sorted(sorted(gap.enquiries) for gap in gaps)
    assert found == sorted(sorted(enquiries) for enquiries in thirty.values())
    words = [set(gap.words) for gap in gaps]
    for telling in ("abroad", "thesis", "model"):
        assert sum(telling in one for one in words) == 1


async def test_examples_words_and_drafts_tell_nobody_who_wrote_or_about_whom(search, store, thirty):
    gaps = await search.make(this_week())
    async with store.unit() as unit:
        kept = await gaps_of(unit, this_week())
    shown = json.dumps([[gap.words, gap.examples, gap.draft] for gap in (*gaps, *kept)]).lower()
    assert "verma" not in shown
    assert not [one for one in NAMED if one in shown]
    assert all("[NHS number] of [postcode]" in one for gap in kept for one in gap.examples)


async def test_a_draft_is_officers_words_in_the_form_of_an_article_that_nobody_approved(
    search, thirty
):
    for gap in await search.make(this_week()):
        [subject] = [one for one, ids in thirty.items() if set(ids) == set(gap.enquiries)]
        _, head, body = gap.draft.split("---\n", 2)
        front = yaml.safe_load(head)
        assert (front["status"], front["version"]) == ("draft", 1)
        assert "approval" not in front
        assert [one["sources"] for one in front["passages"].values()] == [[]]
        assert " ".join(body.split()) == f"## reply-1 {REPLIES[subject]}"


async def test_a_second_run_of_a_week_changes_nothing(search, thirty):
    first = contents(await search.make(this_week()))
    assert contents(await search.make(this_week())) == first


async def test_a_later_run_keeps_what_a_person_touched_and_brings_the_rest_up_to_date(
    search, store, thirty, ask, answer
):
    written, dismissed, untouched = await search.make(this_week())
    await act(store, save_draft, written, "My own words.")
    await act(store, dismiss, dismissed, "Charges are under review.")
    before = {gap.id: gap for gap in await search.make(this_week())}
    [subject] = [one for one, ids in thirty.items() if set(ids) == set(untouched.enquiries)]
    new = [await ask(text) for text in SUBJECTS[subject][:2]]
    await answer(new[0], "Dear Robin,\n\nPlease write to us a month ahead.\n\nRegards\nAsha Verma")
    after = {gap.id: gap for gap in await search.make(this_week())}
    assert after.keys() == before.keys()
    assert after[written.id].draft == "My own words.\n"
    assert after[dismissed.id].detail["note"] == "Charges are under review."
    for gap in (written, dismissed):
        assert contents([after[gap.id]]) == contents([before[gap.id]])
    assert set(new) < set(after[untouched.id].enquiries)
    assert "Please write to us a month ahead." in after[untouched.id].draft


async def test_two_runs_at_once_make_each_gap_once(search, thirty):
    await asyncio.gather(*(search.make(this_week()) for _ in range(3)))
    assert len(await search.make(this_week())) == 3


async def test_what_always_needs_a_person_is_no_gap(search, ask):
    for text in SUBJECTS["Abroad"]:
        await ask(text, flags=(Flag.COMPLAINT,))
    assert await search.make(this_week()) == []


async def test_an_officers_reply_that_no_passage_supports_shows_a_gap(search, ask, answer):
    why = (Reason(rule="needs_person", text="Probably needs a person: 70 %"),)
    unsupported = [await ask(text, reasons=why) for text in SUBJECTS["Models"][:4]]
    for enquiry in unsupported[:3]:
        await answer(enquiry, "Dear Robin,\n\nQuokkas browse juniper hedgerows.\n\nRegards\nAsha")
    [gap] = await search.make(this_week())
    assert sorted(gap.enquiries) == unsupported[:3]


async def test_an_officers_reply_of_approved_words_shows_none(search, ask, answer, library):
    why = (Reason(rule="needs_person", text="Probably needs a person: 70 %"),)
    for text in SUBJECTS["Models"][:4]:
        await answer(await ask(text, reasons=why), library.passages[0].text)
    assert await search.make(this_week()) == []


async def test_one_enquiry_like_no_other_is_no_gap(search, ask):
    await ask(SUBJECTS["Abroad"][0])
    await ask(SUBJECTS["Thesis"][0])
    assert await search.make(this_week()) == []


async def test_enquiries_of_another_week_are_not_of_this_one(search, store, thirty):
    async with store.unit() as unit:
        earlier = StoredDecision.decided_at - timedelta(days=7)
        await unit.session.execute(update(StoredDecision).values(decided_at=earlier))
    assert await search.make(this_week()) == []
    last = Week(this_week().monday - timedelta(days=7))
    assert len(await search.make(last)) == 3


async def test_the_effect_of_an_article_is_what_came_before_and_after(search, store, thirty, ask):
    gaps = await search.make(this_week())
    [gap] = [one for one in gaps if "thesis" in one.words]
    await act(store, publish, gap, ARTICLE)
    for text in SUBJECTS["Thesis"][:4]:
        await ask(text, route=Route.ANSWER)
    await ask(SUBJECTS["Thesis"][5])
    await ask(SUBJECTS["Abroad"][4], route=Route.ANSWER)
    assert await search.measure_effects() == 1
    async with store.unit() as unit:
        closed = await unit.session.get_one(Gap, gap.id)
    assert (closed.state, closed.article) == (GapState.PUBLISHED, ARTICLE)
    assert closed.detail["effect"] == {
        "before": {"enquiries": 10, "answered": 0},
        "after": {"enquiries": 5, "answered": 4},
        "days": 0,
    }


async def test_only_an_approved_article_closes_a_gap(search, store, thirty):
    [gap, *_] = await search.make(this_week())
    for name in ("no-such-article", "", "../etc"):
        with pytest.raises(GapError, match="no approved article"):
            await act(store, publish, gap, name)


async def test_a_gap_that_changed_meanwhile_is_not_decided_on(search, store, thirty):
    [gap, *_] = await search.make(this_week())
    await act(store, save_draft, gap, "First.")
    with pytest.raises(StaleGapError):
        await act(store, dismiss, gap, "Not needed.")


def test_weeks_go_by_their_numbers():
    assert Week.of(date(2026, 11, 29)).name == "2026-W48"
    assert parse_week("2026-W48", date(2026, 11, 23)).monday == date(2026, 11, 23)
    for name, why in (("W48", "not a week"), ("2026-W54", "no week"), ("2026-W49", "yet to come")):
        with pytest.raises(WeekError, match=why):
            parse_week(name, date(2026, 11, 28))
