"""Search by words and by sense together."""

import numpy as np
import pytest

from knowledge.search import Index, WordIndex, tokens


def test_tokens_leave_out_common_words_and_plural_endings() -> None:
    assert tokens("What are the studies' Costs for hospitals?") == ["study", "cost", "hospital"]


def test_a_rarer_word_counts_more() -> None:
    index = WordIndex(["cancer data", "hospital data", "school data"])
    assert index.scores("cancer").max() > index.scores("data").max() > 0


def test_an_unknown_word_scores_nothing() -> None:
    assert WordIndex(["cancer data"]).scores("zebra").tolist() == [0]


def test_a_longer_text_scores_lower_for_the_same_word() -> None:
    short, long = WordIndex(["cancer", "cancer " + "filler " * 30]).scores("cancer")
    assert short > long


def test_a_thing_scores_as_its_best_text_does_in_sense() -> None:
    vectors = np.array([[1, 0], [0, 1], [0.6, 0.8]], dtype=np.float32)
    index = Index([["one", "two"], ["three"]], vectors)
    scores = index.scores("unknown", np.array([0, 1], dtype=np.float32))
    assert scores == pytest.approx([1.0, 0.8])


def test_by_words_alone_a_score_stays_below_the_weight_of_words() -> None:
    assert 0 < Index([["cancer data"]], None).scores("cancer", None)[0] < 0.3


def test_a_large_library_is_ranked_as_a_plain_reading_ranks_it() -> None:
    numbers = np.random.default_rng(7)
    sizes = numbers.integers(1, 9, size=1000)
    vectors = numbers.standard_normal((sizes.sum(), 64)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    words = [f"word{number}" for number in range(200)]
    texts = [[" ".join(numbers.choice(words, 5)) for _ in range(size)] for size in sizes]
    index, by_word = Index(texts, vectors), WordIndex([" ".join(group) for group in texts])
    ends = np.cumsum(sizes)
    for row in numbers.choice(len(vectors), 300, replace=False):
        query = " ".join(numbers.choice(words, 3))
        found = by_word.scores(query)
        cosines = (vectors.astype(float) @ vectors[row].astype(float)).tolist()
        nearest = [max(cosines[end - size : end]) for end, size in zip(ends, sizes, strict=True)]
        plain = 0.3 * found / (found + 5) + nearest
        scores = index.scores(query, vectors[row])
        assert scores == pytest.approx(plain, abs=1e-5)
        assert plain[np.argsort(-scores, kind="stable")[:50]] == pytest.approx(
            -np.sort(-plain)[:50], abs=1e-5
        )
