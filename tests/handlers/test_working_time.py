"""Working time: dates that were checked by hand, and laws that hold for any moments."""

import csv
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.statutes import Statute, last_day
from handlers.working_time import NOTHING, WorkingHours

LONDON = ZoneInfo("Europe/London")
TABLE = Path(__file__).parents[1] / "data" / "working-time.tsv"
ROWS = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines(), delimiter="\t"))
HOURS = {
    "usual": WorkingHours(),
    "closures": WorkingHours(
        closures=frozenset(date(2026, 12, one) for one in (24, 29, 30, 31)) | {date(2026, 7, 8)}
    ),
    "always": WorkingHours(
        weekdays=frozenset(range(7)), opens=time.min, closes=time.min, keeps_bank_holidays=False
    ),
}
NIGHTS = WorkingHours(weekdays=frozenset(range(7)), opens=time(0, 30), closes=time(2, 30))
MINUTES = {"m": 1, "h": 60, "d": 8 * 60}


def moment(text: str) -> datetime:
    """A moment of the table; without an offset it is on London's clocks."""
    read = datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=LONDON)


def amount(text: str) -> timedelta:
    return timedelta(minutes=int(text[:-1]) * MINUTES[text[-1]])


def of(kind: str):
    return pytest.mark.parametrize(
        "row",
        [row for row in ROWS if row["kind"] == kind],
        ids=lambda row: f"{row['hours']}-{row['from']}-{row['amount']}",
    )


def test_two_hundred_dates_and_more_were_checked_by_hand():
    assert len({tuple(row.values()) for row in ROWS}) >= 200


@of("after")
def test_so_much_working_time_has_passed_at(row):
    due = HOURS[row["hours"]].after(moment(row["from"]), amount(row["amount"]))
    assert due.astimezone(UTC) == moment(row["expected"]).astimezone(UTC), row["why"]


@of("between")
def test_the_working_time_between_two_moments_is(row):
    passed = HOURS[row["hours"]].between(moment(row["from"]), moment(row["amount"]))
    assert passed == amount(row["expected"]), row["why"]


@of("foi")
def test_a_freedom_of_information_request_is_answered_in_time_until(row):
    last = last_day(Statute.FOI, date.fromisoformat(row["from"]), HOURS[row["hours"]])
    assert last.isoformat() == row["expected"], row["why"]


@of("sar")
def test_a_subject_access_request_is_answered_in_time_until(row):
    last = last_day(Statute.SUBJECT_ACCESS, date.fromisoformat(row["from"]), HOURS[row["hours"]])
    assert last.isoformat() == row["expected"], row["why"]


@of("day")
def test_a_day_is_worked_or_off_for_the_reason_that_people_know(row):
    why = HOURS[row["hours"]].why_closed(date.fromisoformat(row["from"]))
    assert (why or "working") == row["expected"], row["why"]


moments = st.datetimes(
    datetime(2023, 1, 1),  # noqa: DTZ001 -- hypothesis adds the zone
    datetime(2027, 12, 31),  # noqa: DTZ001 -- as above
    timezones=st.sampled_from([UTC, LONDON, ZoneInfo("America/New_York")]),
)
any_hours = st.sampled_from([*HOURS.values(), NIGHTS])
durations = st.timedeltas(NOTHING, timedelta(days=60))


@given(any_hours, moments, moments, moments)
def test_working_time_adds_up_whatever_the_order(hours, one, two, three):
    assert hours.between(one, two) + hours.between(two, three) == hours.between(one, three)


@given(any_hours, moments, durations)
def test_between_is_the_inverse_of_after(hours, start, duration):
    assert hours.between(start, hours.after(start, duration)) == duration


@given(any_hours, moments, durations)
def test_after_gives_the_first_such_moment(hours, start, duration):
    due = hours.after(start, duration)
    if duration:
        before = due.astimezone(UTC) - timedelta(microseconds=1)
        assert hours.between(start, before) < duration


@given(any_hours, moments, durations, durations)
def test_more_working_time_never_ends_sooner(hours, start, one, two):
    first, second = (hours.after(start, each).astimezone(UTC) for each in sorted((one, two)))
    assert first <= second


@given(any_hours, moments, durations)
def test_working_time_is_never_longer_than_time(hours, start, duration):
    assert hours.after(start, duration).astimezone(UTC) >= start.astimezone(UTC) + duration


@settings(max_examples=25)
@given(any_hours, moments, st.integers(0, 60 * 24 * 10))
def test_the_arithmetic_is_that_of_counting_minutes(hours, start, minutes):
    start = start.astimezone(UTC).replace(second=0, microsecond=0)
    each = (start + timedelta(minutes=one) for one in range(minutes))
    counted = sum(hours.is_open(one) for one in each)
    assert hours.between(start, start + timedelta(minutes=minutes)) == timedelta(minutes=counted)


@given(st.dates(date(2023, 1, 1), date(2027, 12, 31)), st.sampled_from(Statute))
def test_a_statutory_clock_ends_on_a_working_day_and_a_later_request_never_sooner(day, statute):
    last = last_day(statute, day, WorkingHours())
    assert WorkingHours().is_working_day(last)
    assert last <= last_day(statute, day + timedelta(days=1), WorkingHours())


def test_a_newly_proclaimed_bank_holiday_stops_working_hours_and_statutes():
    day = date(2027, 6, 15)
    hours = WorkingHours(proclaimed=frozenset({day}))
    assert hours.why_closed(day) == "Bank holiday"
    assert last_day(Statute.FOI, date(2027, 6, 1), hours) == date(2027, 6, 30)
    assert last_day(Statute.FOI, date(2027, 6, 1), WorkingHours()) == date(2027, 6, 29)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"weekdays": frozenset()}, "at least one day"),
        ({"opens": time(17), "closes": time(9)}, "opens before it closes"),
    ],
)
def test_hours_in_which_nobody_ever_works_are_refused(wrong, why):
    with pytest.raises(ValueError, match=why):
        WorkingHours(**wrong)


def test_what_would_never_be_due_is_said_not_to_be():
    with pytest.raises(OverflowError, match="50 years"):
        WorkingHours().after(datetime(2026, 1, 1, tzinfo=UTC), timedelta(days=9999))
