"""The library finds what fits, offers nothing that it may not, and nothing where nothing fits."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from knowledge.articles import Passage
from knowledge.catalogue import CatalogueError, read_catalogue
from knowledge.found import MOST_SERIES
from knowledge.library import Library
from knowledge.search import Vectors
from knowledge.topics import Topic

TODAY = date(2026, 11, 23)


class CountingEncoder:
    """A real, tiny encoder: letters counted. It tells how often it was asked."""

    def __init__(self) -> None:
        self.fingerprint = "letters"
        self.asked = 0

    def encode(self, texts: Sequence[str], /) -> Vectors:
        """One row a text, of length one."""
        self.asked += len(texts)
        rows = np.ones((len(texts), 26), dtype=np.float32)
        for row, text in enumerate(texts):
            for letter in text.lower():
                if "a" <= letter <= "z":
                    rows[row, ord(letter) - ord("a")] += 1
        unit: Vectors = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return unit


@pytest.fixture(scope="module")
def contacts() -> dict[str, str]:
    bare = Library.load(None, {})
    return {name: "here" for passage in bare.passages for name in passage.placeholders}


@pytest.fixture(scope="module")
def library(contacts: dict[str, str]) -> Library:
    return Library.load(None, contacts)


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("Is the Total Cost on our form what we pay?", Topic.NDRS_TOTAL_COST),
        ("When did the COPI notice expire?", Topic.COPI_EXIT),
        ("Who sees our audit report?", Topic.AUDITS),
        ("What is the Data Sharing Framework Contract?", Topic.CONTRACTS),
    ],
)
def test_a_question_finds_its_topic(library: Library, question: str, topic: Topic) -> None:
    assert library.passages_for(question, set(Topic), TODAY)[0].passage.topic is topic


def test_only_passages_of_the_topics_asked_for_come(library: Library) -> None:
    hits = library.passages_for("What does it cost?", {Topic.AUDITS}, TODAY)
    assert {hit.passage.topic for hit in hits} == {Topic.AUDITS}


def test_passages_that_may_not_be_sent_are_not_found() -> None:
    hits = Library.load(None, {}).passages_for("How do I reach you?", set(Topic), TODAY, most=200)
    assert hits
    assert not [hit for hit in hits if hit.passage.placeholders]


@pytest.mark.parametrize(
    ("question", "series"),
    [
        ("How many new bowel cancers were there in England?", "cancer-registration-statistics"),
        ("waiting list for treatment by trust and specialty", "referral-to-treatment"),
    ],
)
def test_a_need_finds_its_series(library: Library, question: str, series: str) -> None:
    found = library.series_for(question)
    assert found[0].series.id == series
    assert len(found) <= MOST_SERIES


def test_a_series_for_nhs_staff_is_never_offered(library: Library) -> None:
    closed = [series for series in library.series if not series.is_public]
    assert closed
    for series in closed:
        for question in (series.title, series.description, *series.answers):
            assert series.id not in [hit.series.id for hit in library.series_for(question)]


def test_where_nothing_fits_nothing_is_offered(library: Library) -> None:
    assert library.series_for("zebra xylophone") == []
    assert library.series_for("") == []


def test_vectors_are_kept_and_made_again_only_for_another_encoder(
    tmp_path: Path, contacts: dict[str, str]
) -> None:
    first, second, other = CountingEncoder(), CountingEncoder(), CountingEncoder()
    other.fingerprint = "other"
    for encoder in (first, second, other):
        Library.load(encoder, contacts, tmp_path / "cache")
    assert first.asked == other.asked > 1000
    assert second.asked == 0


def test_of_other_passages_only_the_texts_that_changed_are_encoded(
    contacts: dict[str, str],
) -> None:
    encoder = CountingEncoder()
    library = Library.load(encoder, contacts)
    asked = encoder.asked
    first, *rest = library.passages
    changed = Passage(first.article, first.id, "Quite other words about oranges.")
    other = library.with_passages([changed, *rest])
    assert encoder.asked == asked + 1
    assert other.find("oranges").best_passage > 0
    found = other.find(rest[0].text).passages([rest[0].topic], TODAY)
    assert found[0].passage == rest[0]


def test_a_vector_at_hand_is_not_made_again(contacts: dict[str, str]) -> None:
    encoder = CountingEncoder()
    library = Library.load(encoder, contacts)
    asked = encoder.asked
    vector = CountingEncoder().encode(["cancer"])[0]
    found = library.find("cancer", vector)
    assert encoder.asked == asked
    assert found.topics().keys() == set(Topic)


def test_the_catalogue_has_its_99_entries_and_refuses_a_broken_one(tmp_path: Path) -> None:
    assert len(read_catalogue()) == 99
    (tmp_path / "some.yaml").write_text("- id: one\n", encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"some\.yaml"):
        read_catalogue(tmp_path)
