"""Words on cards and in lists that an officer acts on: who ended it, by which day, what is next."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from slack_cards import REFERENCE, WHEN, cases, texts

from bot.slack import views
from bot.slack.card_clocks import due_lines
from bot.slack.case_lines import line_text
from bot.slack.forms_cases import next_opening
from handlers.case_queue import OpenCase
from handlers.case_view import EventView
from handlers.clocks import Clock, ClockName, ClockState
from handlers.tables import CaseState
from handlers.working_time import WorkingHours


def event(version: int, kind: str, who: str) -> EventView:
    return EventView(version=version, kind=kind, actor_name=who, at=WHEN)


@settings(max_examples=5, deadline=None)
@given(cases)
def test_an_approved_answer_names_who_approved_it_not_who_ended_the_case_before(case):
    events = (event(1, "resolve", "Tom"), event(2, "reopen", "Tom"), event(3, "approve", "Mei"))
    ended = {"state": CaseState.RESOLVED, "resolution": "answered", "events": events}
    said = "\n".join(texts(views.card(case.model_copy(update=ended))))
    assert "Answered, by Mei" in said


@settings(max_examples=5, deadline=None)
@given(cases)
def test_two_passages_of_one_article_for_one_question_are_one_line(case):
    note = "[From guidance: copi-exit, {}, for “When must we delete it?”]\nAt once.\n\n"
    draft = f"Dear Ann,\n\n{note.format('guidance')}{note.format('timing')}Kind regards"
    open_case = case.model_copy(update={"state": CaseState.OPEN, "draft": draft, "offered": None})
    said = "\n".join(texts(views.card(open_case)))
    assert said.count("“When must we delete it?” (copi-exit)") == 1


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (ClockState.RUNNING, "Freedom of information by the end of 29 Dec 2026"),
        (
            ClockState.LATE,
            ":alarm_clock: *Freedom of information late*, was due by the end of 29 Dec",
        ),
    ],
)
def test_what_a_law_asks_for_is_due_by_the_end_of_a_day_not_at_the_next_ones_midnight(state, told):
    midnight = datetime(2026, 12, 30, tzinfo=UTC)
    clock = Clock(ClockName.FOI, state, WHEN, midnight, timedelta(days=1), None)
    said = due_lines([clock])
    assert told in said
    assert "00:00" not in said


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2026-07-03T15:00+01:00", "2026-07-06T09:00+01:00"),  # a Friday in summer
        ("2026-12-24T15:00+00:00", "2026-12-29T09:00+00:00"),  # Christmas, and its substitute day
    ],
)
def test_a_case_is_snoozed_until_the_next_working_day_begins(now, opens):
    found = next_opening(datetime.fromisoformat(now), WorkingHours())
    assert found == datetime.fromisoformat(opens)


def test_a_snoozed_case_says_so_in_a_list():
    line = OpenCase(
        id=1,
        reference=REFERENCE,
        subject="Fees",
        state=CaseState.OPEN,
        flags=(),
        officer_name=None,
        opened_at=WHEN,
        slack_channel=None,
        slack_ts=None,
    )
    assert ":zzz:" not in line_text(line, "")
    assert ":zzz: until <!date^" in line_text(line.model_copy(update={"snoozed_until": WHEN}), "")
