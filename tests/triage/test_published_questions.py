"""Questions about figures: a series that fits is named, and none where nothing fits."""

import json
from pathlib import Path

import numpy as np
import pytest

from knowledge.found import SERIES_SURE
from knowledge.library import Library

QUESTIONS = Path(__file__).parents[1] / "data" / "published-questions.jsonl"

Asked = list[dict[str, object]]


def part(name: str) -> Asked:
    rows = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    return [row for row in rows if row["half"] == name]


@pytest.fixture(scope="module")
def asked() -> Asked:
    """The half of the questions by which nothing was chosen."""
    return part("report")


def named(library: Library, row: dict[str, object]) -> set[str]:
    return {hit.series.id for hit in library.series_for(str(row["question"]))}


def test_nine_in_ten_questions_are_shown_a_series_that_fits(
    searched: Library, asked: Asked
) -> None:
    met = [bool(named(searched, row) & set(row["series"])) for row in asked if row["series"]]
    assert len(met) > 40
    assert sum(met) >= 0.9 * len(met)


def test_most_questions_that_nothing_published_meets_are_shown_nothing(
    searched: Library, asked: Asked
) -> None:
    none = [not named(searched, row) for row in asked if not row["series"]]
    assert len(none) > 20
    assert sum(none) >= 0.75 * len(none)


def test_few_questions_that_nothing_meets_are_shown_a_series_as_found_surely(
    searched: Library,
) -> None:
    rows = part("certify")
    assert len(rows) > 50
    assert not any(row["series"] for row in rows)
    found = [searched.series_for(str(row["question"])) for row in rows]
    scores = np.array([hits[0].score if hits else 0.0 for hits in found])
    # Words were widened by these questions: what is counted on them is no bound for others.
    assert (scores >= SERIES_SURE).sum() <= 0.1 * len(scores)


def test_what_only_nhs_staff_can_open_is_never_named(searched: Library, asked: Asked) -> None:
    inside = {one.id for one in searched.series if not one.is_public}
    assert inside
    assert not any(named(searched, row) & inside for row in asked)
    titles = [one.title for one in searched.series if not one.is_public]
    assert not any(
        hit.series.id in inside for title in titles for hit in searched.series_for(title)
    )
