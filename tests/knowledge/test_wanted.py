"""What a question about figures asks for is read from its words: area, period, splits, records."""

import pytest

from knowledge.catalogue import read_catalogue
from knowledge.wanted import read_wanted


@pytest.mark.parametrize(
    ("question", "levels"),
    [
        ("antidepressant items by GP practice", {"gp-practice"}),
        ("A&E waits for each trust, please", {"trust"}),
        ("new lung cancers per MSOA", {"msoa"}),
        ("smoking rates in our borough", {"local-authority"}),
        ("how many people had a hip replaced last year?", set()),
    ],
)
def test_the_level_of_area_is_read(question: str, levels: set[str]) -> None:
    assert read_wanted(question).levels == levels


def test_years_and_their_order_are_read() -> None:
    asked = read_wanted("admissions from 2012 to 2019 by age")
    assert (asked.first, asked.last, asked.splits) == (2012, 2019, {"age"})
    assert read_wanted("births since 2015").last is None


@pytest.mark.parametrize(
    ("question", "records"),
    [
        ("patient-level records of strokes", True),
        ("HES linked to deaths for our cohort", True),
        ("no patient-level data needed, only totals", False),
        ("a link to the figures would do", False),
        ("totals alone, nothing about individual patients", False),
    ],
)
def test_records_and_linkage_are_told_from_figures(question: str, *, records: bool) -> None:
    assert read_wanted(question).records is records


def test_a_series_that_lacks_the_area_or_the_years_cannot_meet_the_need() -> None:
    registrations = next(
        one for one in read_catalogue() if one.id == "cancer-registration-statistics"
    )
    assert read_wanted("new bowel cancers by ICB").penalty(registrations) is not None
    assert read_wanted("new bowel cancers per GP practice").penalty(registrations) is None
    assert read_wanted("new bowel cancers in 1950").penalty(registrations) is None
    assert read_wanted("new bowel cancers in Scotland").penalty(registrations) is None
