"""Periods: whole days in London, cut into days, weeks and months."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.periods import (
    EARLIEST,
    LATEST,
    LONGEST_DAYS,
    MetricsError,
    Period,
    Step,
    latest,
    period_from,
)

DATES = st.dates(EARLIEST, LATEST)


def test_a_summer_day_begins_an_hour_before_midnight_utc() -> None:
    whole = Period(date(2026, 7, 1), date(2026, 7, 1)).whole
    assert whole.begins == datetime(2026, 6, 30, 23, tzinfo=UTC)


def test_the_days_on_which_the_clocks_change_have_25_and_23_hours() -> None:
    autumn, spring = date(2026, 10, 25), date(2026, 3, 29)
    hours = [
        (whole.ends - whole.begins) / timedelta(hours=1)
        for whole in (Period(autumn, autumn).whole, Period(spring, spring).whole)
    ]
    assert hours == [25, 23]


def test_weeks_begin_on_monday_and_the_outer_ones_are_cut_to_the_period() -> None:
    spans = Period(date(2026, 11, 18), date(2026, 11, 24)).spans(Step.WEEK)
    assert [span.name for span in spans] == ["2026-11-16", "2026-11-23"]
    assert spans[0].begins == datetime(2026, 11, 18, tzinfo=UTC)
    assert spans[1].ends == datetime(2026, 11, 25, tzinfo=UTC)


def test_months_are_named_by_year_and_month() -> None:
    spans = Period(date(2025, 12, 31), date(2026, 2, 1)).spans(Step.MONTH)
    assert [span.name for span in spans] == ["2025-12", "2026-01", "2026-02"]


@given(first=DATES, days=st.integers(0, 800), step=st.sampled_from(Step))
def test_spans_cover_their_period_without_gap_or_overlap(
    first: date, days: int, step: Step
) -> None:
    period = Period(first, min(first + timedelta(days=days), LATEST))
    spans = period.spans(step)
    assert spans[0].begins == period.whole.begins
    assert spans[-1].ends == period.whole.ends
    assert all(one.ends == two.begins for one, two in pairwise(spans))
    assert len({span.name for span in spans}) == len(spans)


def test_the_latest_seven_days_include_today() -> None:
    assert latest(7, date(2026, 11, 23)) == Period(date(2026, 11, 17), date(2026, 11, 23))


def test_dates_are_written_with_the_year_first() -> None:
    period = period_from("2026-11-01", "2026-11-23")
    assert (period.first, period.last) == (date(2026, 11, 1), date(2026, 11, 23))


def test_without_an_end_a_period_runs_to_today_and_without_a_start_it_has_thirty_days() -> None:
    today = date(2026, 11, 23)
    assert period_from("2026-11-20", None, today=today).last == today
    assert period_from(None, None, today=today).days == 30


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("2026-11-23", "2026-11-01", "begins on 2026-11-23, after it ends on 2026-11-01"),
        ("23/11/2026", "2026-11-23", "'23/11/2026' is not a date"),
        ("2026-02-30", "2026-11-23", "'2026-02-30' is not a date"),
        ("0001-01-01", "2026-11-23", "between 2000-01-01 and 2100-01-01"),
        ("2026-01-01", "9999-12-31", "between 2000-01-01 and 2100-01-01"),
        ("2000-01-01", "2026-11-23", f"at most {LONGEST_DAYS} days"),
    ],
)
def test_a_period_that_makes_no_sense_is_refused_in_one_line(
    first: str, last: str, words: str
) -> None:
    with pytest.raises(MetricsError) as refusal:
        period_from(first, last)
    assert words in str(refusal.value)
    assert "\n" not in str(refusal.value)


@given(first=st.text(max_size=60) | st.none(), last=st.text(max_size=60) | st.none())
def test_any_text_is_a_period_or_a_metrics_error(first: str | None, last: str | None) -> None:
    try:
        period = period_from(first, last)
    except MetricsError:
        return
    assert period.first <= period.last
