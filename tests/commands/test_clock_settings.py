"""What people set on working hours, targets and silence, and how they see a case's clocks."""

import json
import os
import subprocess
import sys
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.commands.shared import load_settings
from bot.long_work import CommandError
from bot.settings import Settings
from handlers.case_tables import Priority
from handlers.tables import Case, CaseEvent, CaseState, Enquiry

ROOT = Path(__file__).parents[2]


def test_usual_hours_are_nine_to_five_in_london_without_bank_holidays():
    hours = Settings().clock_rules().hours
    assert (hours.zone.key, hours.opens, hours.closes) == ("Europe/London", time(9), time(17))
    assert not hours.is_working_day(date(2026, 12, 28))


def test_what_is_set_is_what_clocks_run_by():
    settings = Settings(
        working_time_zone="Europe/Dublin",
        working_week="Monday, Tue sat",
        working_hours="08:30-24:00",
        bank_holidays="none",
        proclaimed_bank_holidays=(date(2026, 6, 15),),
        closures=("2026-07-06/2026-07-07",),
        first_reply_targets="urgent 30m",
        resolution_targets="",
        statutory_clocks=False,
    )
    rules = settings.clock_rules()
    assert rules.hours.zone.key == "Europe/Dublin"
    assert rules.hours.weekdays == {0, 1, 5}
    assert rules.hours.day == timedelta(hours=15, minutes=30)
    assert rules.hours.is_working_day(date(2026, 5, 4))
    off = (date(2026, 6, 15), date(2026, 7, 6), date(2026, 7, 7))
    assert not any(rules.hours.is_working_day(day) for day in off)
    assert list(rules.first_reply) == [("*", Priority.URGENT)]
    assert not rules.resolution
    assert not rules.statutory


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("working_time_zone", "London", "is no time zone"),
        ("working_time_zone", "../etc/passwd", "is no time zone"),
        ("working_week", "weekdays", "names no working week"),
        ("working_week", "", "names no working week"),
        ("working_hours", "nine to five", "are no hours"),
        ("working_hours", "17:00-09:00", "opens before it closes"),
        ("closures", ("Christmas",), "is no day"),
        ("first_reply_targets", "soon", "is no target"),
        ("resolution_targets", "normal 2d; high 1d", "is no target"),
        ("remind_at_percent", 100, "less than or equal to 99"),
        ("late_tells", ("#leads",), "should match pattern"),
        ("close_after_days", -1, "greater than or equal to 0"),
        (
            "close_warning_days",
            15,
            "CLOSE_WARNING_DAYS: .* must be fewer than close_after_days, 15",
        ),
        ("close_after_days", 5, "CLOSE_WARNING_DAYS: .* must be fewer than close_after_days, 5"),
    ],
)
def test_a_setting_that_cannot_be_read_is_refused_in_one_line(name, value, why):
    with pytest.raises(CommandError, match=why) as refused:
        load_settings(**{name: value})
    assert "\n" not in str(refused.value)


def test_cases_are_never_closed_where_that_is_switched_off():
    assert load_settings(close_after_days=0).patience().close_after == 0


def case_clocks(database: str, folder: Path, *arguments: str) -> subprocess.CompletedProcess:
    settings = {"TRIAGEBOT_DATABASE_URL": database, "TRIAGEBOT_DATA_DIR": str(folder)}
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", "case", "clocks", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)} | settings,
    )


async def test_the_arithmetic_of_a_case_is_shown_on_request(store, database, tmp_path):
    async with store.unit() as unit:
        enquiry = Enquiry(
            reference="ENQ-1", channel="email", requester="a@b.example", requester_name="",
            subject="",
        )  # fmt: skip
        unit.session.add(enquiry)
        await unit.session.flush()
        case = Case(
            enquiry_id=enquiry.id, state=CaseState.NEW, types=["other"], flags=["statutory"],
            reasons=[{"rule": "foi_request", "text": ""}], summary="", draft="",
        )  # fmt: skip
        unit.session.add(case)
        await unit.session.flush()
        assert (await unit.session.execute(select(CaseEvent))).first() is None
    told = case_clocks(database, tmp_path, "enq-1").stdout
    assert "First reply: " in told
    assert "Target: 2 working days, for all enquiries of normal priority." in told
    assert "Due by the end of " in told
    asked = json.loads(case_clocks(database, tmp_path, "ENQ-1", "--json").stdout)
    assert [one["clock"] for one in asked] == ["first_reply", "resolution", "foi"]
    wrong = case_clocks(database, tmp_path, "ENQ-2")
    assert (wrong.returncode, wrong.stderr) == (1, "triagebot: there is no case ENQ-2\n")
