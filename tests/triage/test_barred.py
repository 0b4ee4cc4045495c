"""Guidance that may not be sent: when it keeps an answer back, and when another takes its place."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from knowledge.articles import Passage
from knowledge.library import Library
from knowledge.topics import Topic
from triage.barred import first_barred
from triage.choosing import worth

TODAY = date(2026, 11, 28)
PAST = {"review_by": TODAY - timedelta(days=1)}
RETIRED = {"status": "retired"}
QUESTION = "Is the Total Cost at the top of the page what I will pay?"
FLOOR = 0.1


def barred(library: Library, which: str, changes: Mapping[str, Any], topics: set[Topic]):
    """What stands in the way of an answer once the passages of one article have changed."""
    passages = [
        Passage(one.article.model_copy(update=changes), one.id, one.text)
        if one.article.id == which
        else one
        for one in library.passages
    ]
    return first(library.with_passages(passages), topics)


def first(library: Library, topics: set[Topic]):
    """What stands in the way of an answer to the question."""
    found = library.find(QUESTION)
    fitting = [hit for hit in found.passages(topics, TODAY) if hit.score >= FLOOR]
    worth_it = partial(worth, Topic.NDRS_TOTAL_COST)
    return first_barred(found.barred(topics, TODAY, FLOOR), fitting, TODAY, worth_it)


BOTH = {Topic.NDRS_TOTAL_COST, Topic.CHARGES_GUIDANCE}


def test_nothing_stands_in_the_way_of_what_is_in_force(library: Library) -> None:
    assert barred(library, "ndrs-total-cost", {}, BOTH) is None


@pytest.mark.parametrize("changes", [PAST, RETIRED, {"effective_until": PAST["review_by"]}])
def test_what_fits_best_and_lapsed_is_not_replaced_by_the_second_best(
    library: Library, changes: Mapping[str, Any]
) -> None:
    found = barred(library, "ndrs-total-cost", changes, BOTH)
    assert found is not None
    assert (found.article, found.owner) == ("ndrs-total-cost", "DARS enquiries lead")


def test_what_fits_less_may_lapse_without_keeping_the_answer_back(library: Library) -> None:
    assert barred(library, "charges-guidance", PAST, BOTH) is None


def test_a_draft_that_was_never_sent_keeps_nothing_back(library: Library) -> None:
    assert barred(library, "ndrs-total-cost", {"status": "draft"}, {Topic.NDRS_TOTAL_COST}) is None


def test_what_was_retired_gives_way_to_another_article_on_its_topic(library: Library) -> None:
    [old] = [
        one
        for one in library.passages
        if (one.article.id, one.id) == ("ndrs-total-cost", "estimate")
    ]
    retired = Passage(old.article.model_copy(update=RETIRED), old.id, old.text)
    renamed = old.article.model_copy(update={"id": "total-cost-anew"})
    # The new one is asked for in fewer ways and says more, so that the retired one scores higher.
    longer = f"{old.text} {' '.join(f'word{number}' for number in range(300))}"
    entry = renamed.passages[old.id].model_copy(update={"questions": ("What do I pay?",)})
    fewer = renamed.model_copy(update={"passages": {old.id: entry}})
    rest = [one for one in library.passages if one.topic is not Topic.NDRS_TOTAL_COST]
    topics = {Topic.NDRS_TOTAL_COST}
    new = Passage(fewer, old.id, longer)
    assert first(library.with_passages([*rest, retired, new]), topics) is None
    lapsed = Passage(old.article.model_copy(update=PAST), old.id, old.text)
    assert first(library.with_passages([*rest, lapsed, new]), topics) is not None
