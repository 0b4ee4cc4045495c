"""Reports: the same volumes as a table, CSV, JSON and Parquet."""

import csv
import importlib.util
import io
import json
from datetime import date

import pytest

from bot.reports import Format, Report, ReportError, to_csv, to_json, to_parquet, to_table, write
from handlers.feedback_figures import Answers
from handlers.metrics import By, Row
from handlers.periods import Period

REPORT = Report(
    Period(date(2026, 11, 1), date(2026, 11, 30)),
    (By.WEEK, By.TYPE),
    [
        Row(("2026-11-02", "charges"), messages=1500, answered=500, case=900, ignored=100),
        Row(("2026-11-09", "ndrs")),
    ],
)
HAS_PYARROW = importlib.util.find_spec("pyarrow") is not None


def test_csv_has_a_header_and_leaves_the_share_of_nothing_empty() -> None:
    lines = list(csv.DictReader(io.StringIO(to_csv(REPORT))))
    assert lines[0]["week"] == "2026-11-02"
    assert lines[0]["type"] == "charges"
    assert lines[0]["messages"] == "1500"
    assert lines[0]["share_answered"] == "0.333333"
    assert lines[1]["share_answered"] == ""


def test_json_is_one_object_on_one_line_with_the_period_and_the_rows() -> None:
    text = to_json(REPORT)
    assert text.count("\n") == 1
    document = json.loads(text)
    assert document["from"] == "2026-11-01"
    assert document["to"] == "2026-11-30"
    assert document["by"] == ["week", "type"]
    assert document["rows"][0]["answered"] == 500
    assert document["rows"][1]["share_answered"] is None


def test_a_table_and_json_say_how_the_answers_did_and_csv_does_not() -> None:
    how = Answers(sent=1500, confirmed=300, assumed=900, taken_back=100)
    report = Report(REPORT.period, REPORT.by, REPORT.rows, how)
    assert to_table(report).splitlines()[-1] == (
        "answers sent: 1,500, of which confirmed 300, assumed 900, taken back 100, "
        "too recent to say 200"
    )
    assert json.loads(to_json(report))["answers"] == {
        "sent": 1500,
        "confirmed": 300,
        "assumed": 900,
        "taken_back": 100,
        "waiting": 200,
    }
    assert to_csv(report) == to_csv(REPORT)


def test_the_table_reads_in_per_cent_and_thousands() -> None:
    lines = to_table(REPORT).splitlines()
    assert lines[0].split() == [
        *("week", "type", "messages", "answered", "case", "joined", "ignored"),
        *("set", "aside", "share", "answered"),
    ]
    assert lines[2].split() == [
        "2026-11-02",
        "charges",
        "1,500",
        "500",
        "900",
        "0",
        "100",
        "0",
        "33.3%",
    ]


def test_a_report_without_rows_still_names_its_columns() -> None:
    empty = Report(REPORT.period, (By.ROUTE,), [])
    assert to_csv(empty).startswith("route,messages,")
    assert json.loads(to_json(empty))["rows"] == []
    assert to_table(empty).split()[0] == "route"


@pytest.mark.skipif(HAS_PYARROW, reason="pyarrow is installed")
def test_parquet_without_its_library_is_refused_in_one_line() -> None:
    with pytest.raises(ReportError, match="pyarrow") as refusal:
        to_parquet(REPORT)
    assert "\n" not in str(refusal.value)


@pytest.mark.skipif(not HAS_PYARROW, reason="pyarrow is an optional library")
def test_parquet_holds_the_same_rows_as_csv() -> None:
    parquet = importlib.import_module("pyarrow.parquet")
    table = parquet.read_table(io.BytesIO(to_parquet(REPORT)))
    assert table.column_names == list(REPORT.columns)
    assert [tuple(row.values()) for row in table.to_pylist()] == REPORT.lines()


@pytest.mark.parametrize("form", [Format.TABLE, Format.CSV, Format.JSON])
def test_each_form_is_written_as_bytes_that_end_a_line(form: Format) -> None:
    assert write(REPORT, form).endswith(b"\n")
