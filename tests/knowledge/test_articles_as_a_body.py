"""What holds for every article that we ship: it can be found, read and traced."""

import re
from difflib import SequenceMatcher
from itertools import combinations
from statistics import mean

import pytest
from reading_grade import grade

from knowledge.articles import Passage, read_articles

PASSAGES = [passage for article in read_articles() for passage in article.passages]
CONTACTS = {"organisation": "NHS England", "telephone": "0300 000 0000"}
VAGUE = {"here", "this page", "link", "click here", "more", "read more", "website", "page"}

each = pytest.mark.parametrize("passage", PASSAGES, ids=lambda one: f"{one.article.id}-{one.id}")


def words_of(passage: Passage) -> str:
    """The passage as it is sent, with a short word for each mailbox."""
    return passage.filled(dict.fromkeys(passage.placeholders, "us") | CONTACTS)


@each
def test_a_passage_is_asked_for_in_at_least_eight_ways(passage: Passage) -> None:
    asked = [" ".join(re.findall(r"[a-z0-9]+", one.lower())) for one in passage.questions]
    assert len(asked) >= 8
    alike = [
        (one, other)
        for one, other in combinations(asked, 2)
        if SequenceMatcher(None, one, other).ratio() > 0.9
    ]
    assert not alike


@each
def test_a_passage_is_neither_a_fragment_nor_a_page(passage: Passage) -> None:
    assert 35 <= len(passage.text.split()) <= 80


@each
def test_a_passage_answers_one_question_that_its_heading_asks(passage: Passage) -> None:
    assert passage.heading.endswith("?")
    assert passage.heading.count("?") == 1


@each
def test_a_passage_can_be_read_by_somebody_of_about_14(passage: Passage) -> None:
    assert grade(words_of(passage)) <= 10


def test_passages_are_read_by_somebody_of_about_12() -> None:
    assert mean(grade(words_of(passage)) for passage in PASSAGES) <= 7.5


@each
def test_the_words_of_a_link_say_where_it_goes(passage: Passage) -> None:
    for link in passage.links:
        assert link.text.strip().lower() not in VAGUE
        assert len(link.text) >= 10
        assert "://" not in link.text
        assert str(link.url).startswith("https://")
    assert len({link.text for link in passage.links}) == len(passage.links)
