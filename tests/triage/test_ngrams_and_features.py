"""Features: what is the same message to us gives the same row."""

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from triage.features import MessageFeatures, Reading, read
from triage.ngrams import NgramWeights, grams, normal

TEXTS = [
    "What does the data cost?",
    "What do cancer registrations cost per year?",
    "Where is our application DARS-NIC-381078-Y9C5K?",
    "Where is our application?",
]


def test_references_numbers_and_addresses_are_each_one_word() -> None:
    assert normal("DARS-NIC-381078-Y9C5K") == normal("ODR1718_233")
    assert normal("£9,450") == normal("£120")
    assert normal("a@example.org") == normal("https://www.example.org/page")


def test_word_weights_are_those_of_scikit_learn() -> None:
    weights = NgramWeights(min_messages=1).fit(TEXTS)
    theirs = TfidfVectorizer(
        analyzer=lambda text: [gram for gram in grams(text).elements() if gram.startswith("w:")],
        sublinear_tf=True,
    ).fit(TEXTS)
    word_columns = [row for row, gram in enumerate(weights.grams_) if gram.startswith("w:")]
    mine = weights.transform(TEXTS).toarray()[:, word_columns]
    assert mine == pytest.approx(theirs.transform(TEXTS).toarray())


def test_a_text_without_known_grams_gives_an_empty_row() -> None:
    assert NgramWeights().fit(TEXTS).transform(["zzz", ""]).nnz == 0


def _reading(text: str, vector: list[float] | None = None) -> Reading:
    plain = read("", text, frozenset({"rule"} if "cost" in text else ()), None)
    if vector is None:
        return plain
    row = np.zeros(384, dtype=np.float32)
    row[: len(vector)] = vector
    return Reading(plain.text, plain.parts, plain.signals, row, row[np.newaxis])


def test_without_an_encoder_there_are_only_ngrams_and_signals() -> None:
    features = MessageFeatures().fit([_reading(text) for text in TEXTS])
    names = features.get_feature_names_out()
    assert not [name for name in names if name.startswith("v:")]
    assert names[-1] == "s:rule"
    assert features.transform([_reading(TEXTS[0])]).shape == (1, len(names))


def test_vectors_are_centred_and_brought_to_their_weight() -> None:
    readings = [_reading(text, [number, 1.0]) for number, text in enumerate(TEXTS)]
    features = MessageFeatures(vector_weight=0.3).fit(readings)
    names = features.get_feature_names_out()
    columns = [row for row, name in enumerate(names) if name.startswith("v:")]
    rows = features.transform(readings).toarray()[:, columns]
    assert rows.mean(axis=0) == pytest.approx(0)
    assert np.square(rows).sum(axis=1).mean() == pytest.approx(0.3**2)


def test_a_question_alone_keeps_its_own_words_and_no_signals() -> None:
    reading = _reading("We are new here. What does it cost? Who may apply?")
    alone = reading.alone(1)
    assert alone.text == "What does it cost?"
    assert alone.signals == frozenset()
