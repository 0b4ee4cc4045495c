"""What a letter says of a series: checked facts, and nothing for NHS staff only."""

import re
from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from handlers.compose import Composer
from handlers.letters import Series as Stated
from knowledge import catalogue
from knowledge.articles import read_articles
from knowledge.library import Library
from knowledge.topics import Topic
from triage.chain import RULES_ONLY, decide
from triage.decision import Decision, EnquiryType, Route
from triage.message import Message
from triage.model import Model

TODAY = date(2026, 11, 28)
ENTRIES = {one.id: one for one in catalogue.read_catalogue()}
CLOSED = [one for one in ENTRIES.values() if not one.is_public]
PASSAGES = read_articles()[0].passages
TOLD = {
    "geography": "geography",
    "from": "first",
    "to": "last",
    "frequency": "frequency",
    "does_not_hold": "without",
}
"""Fields of the catalogue, and where a letter holds them."""


def stated(entry: catalogue.Series) -> Stated:
    """What a letter that names an entry says of it."""
    library = Library(PASSAGES, [entry], encoder=None, contacts={})
    decision = Decision(
        types=(EnquiryType.PUBLISHED_DATA,),
        type_scores={},
        route=Route.ANSWER,
        topics=("published-data",),
        flags=(),
        confidence=1.0,
        reasons=(),
        passages=(),
        series=(entry.id,),
        model=RULES_ONLY,
        thresholds={},
    )
    content, _ = Composer(library, {}).content(decision, TODAY)
    return content.series[0]


def unchecked(entry: catalogue.Series) -> set[str]:
    """Fields that the entry itself says rest on general knowledge, read by another way."""
    marked = re.findall(r"general knowledge, verify:([^;]*)", entry.provenance)
    words = set(re.findall(r"[a-z_]+", " ".join(marked)))
    return set(TOLD) if {"all", "fields"} <= words else words & set(TOLD)


def values(said: Stated) -> Mapping[str, object]:
    return {field: getattr(said, name) for field, name in TOLD.items()}


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES)
def test_nothing_that_rests_on_general_knowledge_is_stated(entry: catalogue.Series) -> None:
    said = values(stated(entry))
    assert not any(said[field] for field in unchecked(entry))


@given(some.sampled_from(sorted(ENTRIES)), some.sets(some.sampled_from(sorted(TOLD)), min_size=1))
def test_a_field_that_is_marked_as_unchecked_is_no_longer_stated(
    ident: str, marked: set[str]
) -> None:
    entry = ENTRIES[ident]
    note = f"{entry.provenance}; general knowledge, verify: {', '.join(sorted(marked))}"
    before, after = (
        values(stated(entry)),
        values(stated(entry.model_copy(update={"provenance": note}))),
    )
    assert not any(after[field] for field in marked)
    assert all(after[field] == before[field] for field in set(TOLD) - marked)


def test_some_entries_have_unchecked_fields_and_some_have_none() -> None:
    assert any(unchecked(one) for one in ENTRIES.values())
    assert any(not unchecked(one) for one in ENTRIES.values())


@pytest.mark.parametrize("sender", ["jo@charity.example", "jo@gmail.com", "jo@nhs.net", ""])
@pytest.mark.parametrize("entry", CLOSED, ids=lambda one: one.id)
def test_what_only_nhs_staff_can_open_is_named_to_nobody(
    model: Model, library: Library, entry: catalogue.Series, sender: str
) -> None:
    asked = (
        entry.title,
        f"Where can I find the {entry.title}?",
        f"I work in the NHS. Please send a link to {entry.title}, by trust.",
        *(f"Are there published figures: {answer}?" for answer in entry.answers),
        *(f"Is there published data on {topic} by trust?" for topic in entry.topics),
    )
    composer = Composer(library, library.contacts)
    for text in asked:
        message = Message(text=text, new_text=text, sender=sender)
        decision = decide(message, model, library, today=TODAY)
        assert entry.id not in decision.series
        content, _ = composer.content(decision, TODAY)
        assert str(entry.url) not in content.model_dump_json()
        assert str(entry.url) not in composer.draft(content, "")


@pytest.mark.parametrize(
    "question",
    [
        "Can I get a login for CancerStats2?",
        "CancerStats2 will not open on my computer at home, why?",
        "Could you send me the CancerStats2 figures for Leeds?",
    ],
)
def test_the_guidance_found_for_a_tool_of_nhs_staff_says_that_it_is_one(
    library: Library, question: str
) -> None:
    best = library.passages_for(question, {Topic.PUBLISHED_DATA}, TODAY)[0].passage
    assert (best.article.id, best.id) == ("unpublished-figures", "nhs-only-tools")
