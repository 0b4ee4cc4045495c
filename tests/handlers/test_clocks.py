"""Clocks of a case: what is due when, what stops them, and the arithmetic in words."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from handlers.case_tables import Priority
from handlers.clock_words import arithmetic, in_few_words
from handlers.clocks import Clock, ClockName, ClockState, Happening, History, clocks, most_pressing
from handlers.targets import ClockRules, days_of, parse_targets
from handlers.working_time import WorkingHours

LONDON = ZoneInfo("Europe/London")
RULES = ClockRules(
    first_reply=parse_targets("urgent 2h, normal 1d, low 3d, incident/normal 3h"),
    resolution=parse_targets("normal 2d"),
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


def case(
    opened: str, *events: tuple[str, str] | tuple[str, str, str], replied: str | None = None
) -> History:
    return History(
        case_id=1,
        types=("charges",),
        flags=(),
        rules=(),
        opened_at=at(opened),
        first_reply_at=at(replied) if replied else None,
        events=[Happening(kind, at(when), *to) for kind, when, *to in events],
    )


def clock(history: History, name: ClockName, now: str, rules: ClockRules = RULES) -> Clock:
    return next(one for one in clocks(history, rules, at(now)) if one.name is name)


REPLY, RESOLUTION = ClockName.FIRST_REPLY, ClockName.RESOLUTION


def test_the_first_reply_is_due_a_working_day_after_the_case_was_opened():
    found = clock(case("2026-03-02 15:00"), REPLY, "2026-03-03 12:50")
    assert (found.state, found.due) == (ClockState.RUNNING, at("2026-03-03 15:00"))
    assert in_few_words(found, RULES, at("2026-03-03 12:50")) == "2 h 10 min left"


def test_a_first_reply_in_time_meets_the_clock_for_good():
    history = case("2026-03-02 15:00", ("reply", "2026-03-03 10:00"), replied="2026-03-03 10:00")
    found = clock(history, REPLY, "2026-05-01 12:00")
    assert (found.state, found.left) == (ClockState.MET, timedelta(hours=5))
    assert in_few_words(found, RULES, at("2026-05-01 12:00")) == "met"


def test_a_first_reply_that_came_late_stays_late():
    history = case("2026-03-02 15:00", ("reply", "2026-03-04 10:00"), replied="2026-03-04 10:00")
    found = clock(history, REPLY, "2026-05-01 12:00")
    assert (found.state, found.is_over) == (ClockState.LATE, True)
    assert in_few_words(found, RULES, at("2026-05-01 12:00")) == "3 h late when it was done"


def test_what_is_late_says_by_how_many_working_days():
    found = clock(case("2026-03-26 12:00"), REPLY, "2026-03-30 12:00")
    assert (found.state, found.due) == (ClockState.LATE, at("2026-03-27 12:00"))
    assert in_few_words(found, RULES, at("2026-03-30 12:00")) == "late by 1 day"


def test_a_clock_is_not_late_at_the_moment_at_which_it_is_due():
    due = "2026-03-03 15:00"
    assert clock(case("2026-03-02 15:00"), REPLY, due).state is ClockState.RUNNING


def test_what_was_due_at_closing_time_is_late_in_the_evening():
    history = case("2026-03-02 09:00")
    assert clock(history, REPLY, "2026-03-02 17:00").state is ClockState.RUNNING
    assert clock(history, REPLY, "2026-03-02 17:01").state is ClockState.LATE


def test_the_resolution_stands_still_while_the_case_waits_for_the_enquirer():
    history = case(
        "2026-03-02 09:00",
        ("reply", "2026-03-02 11:00"),
        ("claim", "2026-03-03 09:00"),
        ("write_again", "2026-03-05 16:00"),
        replied="2026-03-02 11:00",
    )
    waiting = clock(history_until(history, 2), RESOLUTION, "2026-03-04 12:00")
    assert (waiting.state, waiting.due) == (ClockState.PAUSED, None)
    assert in_few_words(waiting, RULES, at("2026-03-04 12:00")) == "paused, 1 day 6 h left"
    later = clock(history, RESOLUTION, "2026-03-06 09:00")
    # Two hours before it waited, one after; 13 are left.
    assert (later.state, later.left) == (ClockState.RUNNING, timedelta(hours=13))
    assert later.due == at("2026-03-09 14:00")


def history_until(history: History, number: int) -> History:
    return replace(history, events=history.events[:number])


def test_a_resolved_case_that_is_taken_up_again_goes_on_from_where_it_stood():
    history = case(
        "2026-03-02 09:00", ("resolve", "2026-03-02 17:00"), ("write_again", "2026-03-12 09:00")
    )
    resolved = clock(history_until(history, 1), RESOLUTION, "2026-03-10 09:00")
    assert (resolved.state, resolved.ended_at) == (ClockState.MET, at("2026-03-02 17:00"))
    again = clock(history, RESOLUTION, "2026-03-12 10:00")
    assert (again.state, again.due) == (ClockState.RUNNING, at("2026-03-12 17:00"))


def test_a_case_that_is_resolved_without_a_reply_needs_none():
    history = case("2026-03-02 09:00", ("resolve", "2026-03-02 10:00"))
    assert clock(history, REPLY, "2026-04-01 09:00").state is ClockState.MET


def test_what_became_late_before_it_waited_is_late_still():
    history = case("2026-03-02 09:00", ("reply", "2026-03-05 10:00"), replied="2026-03-05 10:00")
    found = clock(history, RESOLUTION, "2026-03-20 09:00")
    assert (found.state, found.due) == (ClockState.LATE, at("2026-03-03 17:00"))
    assert found.left == timedelta(hours=-9)


@pytest.mark.parametrize(
    ("to", "due"),
    [("urgent", "2026-03-02 11:00"), ("low", "2026-03-04 17:00"), ("high", "2026-03-02 17:00")],
)
def test_the_priority_that_an_officer_gave_last_sets_the_target(to, due):
    history = case(
        "2026-03-02 09:00",
        ("set_priority", "2026-03-02 09:10", "normal"),
        ("set_priority", "2026-03-02 09:20", to),
    )
    assert history.priority is Priority(to)
    assert clock(history, REPLY, "2026-03-02 09:30").due == at(due)


def test_a_flag_with_a_shorter_target_shortens_it_and_a_higher_priority_never_lengthens_it():
    incident = replace(case("2026-03-02 09:00"), flags=("incident",))
    high = replace(incident, events=[Happening("set_priority", at("2026-03-02 09:10"), "high")])
    for history in (incident, high):
        assert clock(history, REPLY, "2026-03-02 10:00").due == at("2026-03-02 12:00")


def test_without_a_target_there_is_no_clock():
    rules = ClockRules(first_reply=parse_targets(""), resolution=parse_targets("charges/high 1d"))
    assert clocks(case("2026-03-02 09:00"), rules, at("2026-03-02 10:00")) == ()


def foi(opened: str, *events: tuple[str, str]) -> History:
    return replace(case(opened, *events), flags=("statutory",), rules=("foi_request",))


def test_a_freedom_of_information_request_has_its_clock_beside_the_others():
    names = [one.name for one in clocks(foi("2026-04-02 16:30"), RULES, at("2026-04-07 10:00"))]
    assert names == [ClockName.FIRST_REPLY, ClockName.RESOLUTION, ClockName.FOI]


def test_a_statutory_clock_runs_on_while_the_case_waits():
    history = foi("2026-04-02 16:30", ("reply", "2026-04-08 10:00"))
    found = clock(history, ClockName.FOI, "2026-04-30 10:00")
    assert (found.state, found.due) == (ClockState.RUNNING, at("2026-05-06 00:00"))
    for now, said in (
        ("2026-04-30 10:00", "2 working days left"),
        ("2026-05-05 23:59", "due today"),
        ("2026-05-06 09:00", "late by 1 working day"),
    ):
        shown = clock(history, ClockName.FOI, now)
        assert in_few_words(shown, RULES, at(now)) == said


def test_a_subject_access_request_is_due_after_a_calendar_month():
    history = replace(
        case("2026-11-26 10:00"), flags=("statutory",), rules=("own_data_request", "example")
    )
    found = clock(history, ClockName.SUBJECT_ACCESS, "2026-11-27 10:00")
    assert found.due == at("2026-12-30 00:00")


def test_where_no_rule_says_which_statute_all_their_clocks_run():
    history = replace(case("2026-03-02 09:00"), flags=("statutory",))
    names = {one.name for one in clocks(history, RULES, at("2026-03-02 10:00"))}
    assert names >= {ClockName.FOI, ClockName.SUBJECT_ACCESS}


def test_statutory_clocks_can_be_switched_off():
    rules = replace(RULES, statutory=False)
    names = {one.name for one in clocks(foi("2026-03-02 09:00"), rules, at("2026-03-02 10:00"))}
    assert names == {ClockName.FIRST_REPLY, ClockName.RESOLUTION}


def test_the_most_pressing_clock_is_the_one_that_is_due_first():
    now = at("2026-03-02 10:00")
    pressing = most_pressing(clocks(foi("2026-03-02 09:00"), RULES, now))
    assert pressing is not None
    assert pressing.name is ClockName.FIRST_REPLY
    waits = case("2026-03-02 09:00", ("reply", "2026-03-02 09:30"), replied="2026-03-02 09:30")
    assert most_pressing(clocks(waits, RULES, now)) is None


def test_the_arithmetic_is_shown_line_by_line():
    rules = replace(RULES, hours=WorkingHours(closures=days_of(["2026-04-08"])))
    history = case(
        "2026-04-02 16:00",
        ("reply", "2026-04-07 11:00"),
        ("write_again", "2026-04-09 15:00"),
        replied="2026-04-07 11:00",
    )
    now = at("2026-04-10 10:00")
    assert arithmetic(clock(history, RESOLUTION, "2026-04-10 10:00", rules), rules, now) == [
        "Resolution: 1 day 2 h left.",
        "Started on Thu 2 April 2026 at 16:00, when the case was opened.",
        "Target: 2 working days, for all enquiries of normal priority.",
        "Working time is Monday to Friday, 09:00 to 17:00 (Europe/London).",
        (
            "Paused from Tue 7 April 2026 at 11:00 to Thu 9 April 2026 at 15:00, while it waited"
            " for the enquirer."
        ),
        (
            "Not counted, beside weekends: Good Friday, Fri 3 April 2026; Easter Monday,"
            " Mon 6 April 2026; Closed, Wed 8 April 2026."
        ),
        "Counted: 6 h of 2 working days.",
        "Due on Mon 13 April 2026 at 12:00.",
    ]


def test_the_arithmetic_of_a_statute_names_the_law_and_its_days():
    now = at("2026-04-07 10:00")
    lines = arithmetic(
        clock(foi("2026-04-02 16:30"), ClockName.FOI, "2026-04-07 10:00"), RULES, now
    )
    assert lines[0] == "Freedom of information: 19 working days left."
    assert "20th working day after the day of receipt" in lines[2]
    assert "Early May bank holiday, Mon 4 May 2026" in lines[3]
    assert lines[-1] == "Due by the end of Tue 5 May 2026."


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("soon", "is no target"),
        ("normal 2w", "is no target"),
        ("someday 2d", "is no priority"),
        ("gossip/normal 2d", "neither a type nor a flag"),
        ("normal 0d", "leaves no time"),
        ("normal 1d, normal 2d", "second target"),
    ],
)
def test_targets_that_cannot_be_read_are_refused_in_one_line(text, why):
    with pytest.raises(ValueError, match=why) as refused:
        parse_targets(text)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("text", ["24.12.2026", "2026-12-31/2026-12-24", "2026-12-01/2028-12-01"])
def test_closures_that_cannot_be_read_are_refused(text):
    with pytest.raises(ValueError, match="2026-12"):
        days_of([text])
