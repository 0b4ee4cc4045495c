"""That nothing is published is said of all that is near, and what serves instead is named."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from knowledge.catalogue import read_catalogue
from knowledge.near import instead, lacking
from knowledge.wanted import Lack, read_wanted

PUBLIC = [one for one in read_catalogue() if one.is_public]
PLACE = {one.id: place for place, one in enumerate(PUBLIC)}
FLOOR, FOUND = 0.6, 0.72


def scores(**near: float) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """Scores of all series: those named, and next to nothing for the rest."""
    given_scores = np.full(len(PUBLIC), 0.1)
    for name, score in near.items():
        given_scores[PLACE[name.replace("_", "-")]] = score
    return given_scores


def test_nothing_is_said_to_lack_where_a_series_told_apart_from_the_nearest_may_have_it() -> None:
    wanted = read_wanted("prescriptions for antidepressants by GP practice")
    near = scores(prescription_cost_analysis=0.83, english_prescribing_dataset=0.45)
    assert lacking(PUBLIC, near, wanted, FLOOR) is None


def test_nothing_is_said_to_lack_where_another_near_series_may_have_it() -> None:
    wanted = read_wanted("bowel cancer by GP practice")
    near = scores(cancer_registration_statistics=0.85, bowel_screening=0.7)
    assert lacking(PUBLIC, near, wanted, FLOOR) is None


def test_it_is_said_where_nothing_near_has_the_area() -> None:
    wanted = read_wanted("lung cancer incidence by electoral ward")
    near = scores(cancer_registration_statistics=0.7, cancer_survival=0.62)
    found = lacking(PUBLIC, near, wanted, FLOOR)
    assert found is not None
    assert found.id == "cancer-registration-statistics"


@given(
    some.lists(some.floats(0, 1.2), min_size=len(PUBLIC), max_size=len(PUBLIC)),
    some.sampled_from(
        ("by ward", "in 1950", "by GP practice", "in France", "one row per patient", "in 2040")
    ),
)
def test_no_series_near_by_subject_could_meet_what_is_said_to_be_unmet(
    given_scores: list[float], asked: str
) -> None:
    near, wanted = np.array(given_scores), read_wanted(f"figures {asked}")
    if lacking(PUBLIC, near, wanted, FLOOR) is not None:
        rivals = [one for one, score in zip(PUBLIC, near, strict=True) if score >= FLOOR]
        figures = [one for one in rivals if one.geography_levels]
        elsewhere = ("scotland-", "wales-", "northern-ireland-")
        ours = [one for one in figures if not one.id.startswith(elsewhere)]
        assert all(wanted.lacks(one) for one in ours)


def test_the_table_by_practice_is_named_where_the_one_for_england_lacks_practices() -> None:
    wanted = read_wanted("prescriptions for antidepressants by GP practice")
    by_subject = scores(prescription_cost_analysis=0.83, english_prescribing_dataset=0.45)
    whole = scores(prescription_cost_analysis=0.8, english_prescribing_dataset=0.8)
    found = instead(PUBLIC, (by_subject, whole), wanted, FLOOR, FOUND)
    assert [PUBLIC[place].id for place, _ in found] == ["english-prescribing-dataset"]


@pytest.mark.parametrize(
    ("nation", "owed"),
    [
        ("Wales", "wales-health-statistics"),
        ("Scotland", "scotland-public-health-scotland"),
        ("Northern Ireland", "northern-ireland-health-statistics"),
    ],
)
def test_another_nations_own_statistics_are_named_and_say_what_they_lack(
    nation: str, owed: str
) -> None:
    wanted = read_wanted(f"bowel cancer incidence in {nation}")
    near = scores(cancer_registration_statistics=0.89)
    found = instead(PUBLIC, (near, near), wanted, FLOOR, FOUND)
    assert [PUBLIC[place].id for place, _ in found] == [owed]
    assert PUBLIC[PLACE[owed]].does_not_hold


def test_ireland_is_another_country_and_northern_ireland_is_not() -> None:
    assert read_wanted("prostate cancers in Ireland").nations == {"abroad"}
    assert read_wanted("waits in Northern Ireland").nations == {"northern ireland"}


@pytest.mark.parametrize(
    ("question", "traits"),
    [
        ("cancer among firefighters", {"occupation"}),
        ("waits by religion", {"religion"}),
        ("strokes by marital status", {"marital-status"}),
        ("how many nurses left the NHS", set()),
        ("waits for people of working age", set()),
        ("education and training places for doctors", set()),
    ],
)
def test_what_people_are_to_be_told_apart_by_is_read(question: str, traits: set[str]) -> None:
    assert read_wanted(question).traits == traits


def test_a_trait_that_a_series_tells_apart_is_not_lacking() -> None:
    by_income = next(one for one in PUBLIC if "income" in one.breakdowns)
    assert Lack.TRAIT not in read_wanted("by household income").lacks(by_income)


def test_a_single_consultant_is_never_published_also_beside_a_trust() -> None:
    trusts = next(one for one in PUBLIC if "trust" in one.geography_levels)
    wanted = read_wanted("outcomes of each individual consultant at our hospital")
    assert Lack.AREA in wanted.lacks(trusts)


def test_a_series_whose_beginning_nobody_knows_is_not_named_for_long_ago() -> None:
    unknown = next(one for one in PUBLIC if one.first is None and one.geography_levels)
    assert read_wanted("in England in 1958").penalty(unknown) is None
    assert read_wanted("in England in 2019").penalty(unknown) is not None
