"""What is said of a series that fits, and of a need that none meets: checked facts, fixed words."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from knowledge.catalogue import Series, read_catalogue
from knowledge.fit import fit, unmet
from knowledge.wanted import Lack, read_wanted

SERIES = {one.id: one for one in read_catalogue()}
REGISTRATIONS = SERIES["cancer-registration-statistics"]


def test_a_series_says_which_areas_and_splits_that_are_asked_for_it_has() -> None:
    wanted = read_wanted("new bowel cancers by ICB, split by age and sex")
    assert fit(REGISTRATIONS, wanted, "cancer incidence", sure=True).sentence == (
        "cancer incidence; figures for each integrated care board; split by age and sex"
    )


def test_what_is_not_asked_for_is_not_told() -> None:
    assert fit(REGISTRATIONS, read_wanted("bowel cancers"), None, sure=True).sentence is None


def test_years_are_told_only_where_the_series_is_known_to_hold_them() -> None:
    series = next(one for one in SERIES.values() if one.is_checked("from") and one.latest_seen)
    begins, newest = int(str(series.first)[:4]), int(str(series.latest_seen)[:4])
    assert fit(series, read_wanted(f"figures for {begins} to {newest}"), None, sure=True).years
    assert not fit(series, read_wanted(f"figures for {newest + 5}"), None, sure=True).years


@given(
    some.sampled_from(sorted(SERIES)),
    some.sampled_from(("ICB", "GP practice", "MSOA", "council", "trust", "cancer alliance")),
    some.sets(some.sampled_from(("age", "sex", "ethnicity", "deprivation")), max_size=3),
)
def test_no_fact_that_nobody_checked_is_told(ident: str, level: str, splits: set[str]) -> None:
    series = SERIES[ident]
    topic = series.topics[0] if series.topics else None
    said = fit(series, read_wanted(f"by {level} and {' and '.join(splits)}"), topic, sure=True)
    assert not said.areas or series.is_checked("geography_levels")
    assert not said.splits or series.is_checked("breakdowns")
    assert said.subject is None or series.is_checked("topics")
    assert set(said.splits) <= set(series.breakdowns)


@pytest.mark.parametrize(
    ("question", "lack", "words"),
    [
        ("bowel cancers per GP practice", Lack.AREA, "for each GP practice"),
        ("one row per patient with bowel cancer", Lack.RECORDS, "totals and rates"),
        ("bowel cancers in 1950", Lack.YEARS, "the years that you name"),
        ("bowel cancers in Norway", Lack.NATION, "the country that you name"),
        ("bowel cancers in 2040", Lack.FUTURE, "forecasts"),
    ],
)
def test_why_nothing_meets_a_need_is_said_plainly(question: str, lack: Lack, words: str) -> None:
    why = unmet(REGISTRATIONS, read_wanted(question))
    assert why is not None
    assert why.lacks[0] is lack
    assert words in why.sentence


@pytest.mark.parametrize("series", SERIES.values(), ids=SERIES)
def test_a_plain_question_lacks_nothing(series: Series) -> None:
    assert unmet(series, read_wanted("what are the latest figures?")) is None
