"""An index by words over texts that keep coming."""

import pytest

from knowledge.growing import GrowingIndex

TEXTS = [
    (1, "Where does our application for bowel screening records stand?"),
    (2, "What does a hospital extract cost?"),
    (3, "Our application for hospital records was returned."),
]


@pytest.fixture
def index() -> GrowingIndex:
    made = GrowingIndex()
    made.add(TEXTS)
    return made


def test_the_text_that_shares_most_words_comes_first(index):
    found = index.best("application for screening records", 3)
    assert [name for name, _ in found] == [1, 3]
    assert found[0][1] > 1.5 * found[1][1]


def test_words_that_no_text_holds_lower_the_likeness(index):
    [(_, near), *_] = index.best("bowel screening", 3)
    [(_, far), *_] = index.best("bowel screening of zebras in Peru", 3)
    assert far < near


def test_a_text_is_found_once_it_is_added_and_but_once(index):
    assert index.best("zebras", 3) == []
    index.add([(4, "A herd of zebras"), (4, "Another text under the same number")])
    assert [name for name, _ in index.best("zebras", 3)] == [4]
    assert len(index) == 4


def test_nothing_is_like_it_in_an_empty_index_or_for_a_query_without_words(index):
    assert GrowingIndex().best("bowel", 3) == []
    assert index.best("", 3) == []
