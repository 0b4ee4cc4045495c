"""Volumes as a table for a terminal, and as CSV, JSON or Parquet for other programs."""

import csv
import importlib
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from handlers.feedback_figures import Answers
from handlers.metrics import OUTCOMES, By, Row
from handlers.periods import Period

NUMBERS = ("messages", *OUTCOMES)
COLUMNS_AT_MOST = 200


class ReportError(Exception):
    """The report cannot be had in this form; the text is one line that says why."""


class Format(StrEnum):
    """Forms of a report."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


@dataclass(frozen=True, slots=True)
class Report:
    """What was counted, over which period, by what."""

    period: Period
    by: tuple[By, ...]
    rows: Sequence[Row]
    answers: Answers | None = None
    """How the period's answers did; a table and JSON say so, the forms of bare rows do not."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The keys' names, the counts, and the share answered (0 to 1)."""
        return (*(str(key) for key in self.by), *NUMBERS, "share_answered")

    def lines(self) -> list[tuple[str | int | float | None, ...]]:
        """The rows under those columns; a share of nothing is None."""
        return [(*row.keys, *_numbers(row), _share(row)) for row in self.rows]


def write(report: Report, form: Format) -> bytes:
    """The report in this form. Raises ReportError where it cannot be had."""
    if form == Format.PARQUET:
        return to_parquet(report)
    writers = {Format.TABLE: to_table, Format.CSV: to_csv, Format.JSON: to_json}
    return writers[form](report).encode()


def to_table(report: Report) -> str:
    """A table to read, the share in per cent."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for place, name in enumerate(report.columns):
        is_key = place < len(report.by)
        table.add_column(name.replace("_", " "), justify="left" if is_key else "right")
    for row in report.rows:
        share = _share(row)
        counts = (f"{number:,}" for number in _numbers(row))
        table.add_row(*row.keys, *counts, "" if share is None else f"{share:.1%}")
    out = io.StringIO()
    Console(file=out, width=COLUMNS_AT_MOST, color_system=None).print(table)
    lines = "\n".join(line.rstrip() for line in out.getvalue().splitlines()).strip("\n") + "\n"
    return lines if report.answers is None else f"{lines}\n{_how(report.answers)}\n"


def to_csv(report: Report) -> str:
    """Comma-separated values with a header (RFC 4180, lines ended by CR LF)."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(report.columns)
    writer.writerows(report.lines())
    return out.getvalue()


def to_json(report: Report) -> str:
    """One object on one line: the period, what it is counted by, and a list of rows."""
    document: dict[str, Any] = {
        "from": report.period.first.isoformat(),
        "to": report.period.last.isoformat(),
        "by": [str(key) for key in report.by],
        "rows": [dict(zip(report.columns, line, strict=True)) for line in report.lines()],
    }
    if report.answers is not None:
        document["answers"] = report.answers.as_dict()
    return json.dumps(document, ensure_ascii=False) + "\n"


def to_parquet(report: Report) -> bytes:
    """A Parquet file. Raises ReportError where pyarrow, an optional library, is not installed."""
    try:
        pyarrow: Any = importlib.import_module("pyarrow")
        parquet: Any = importlib.import_module("pyarrow.parquet")
    except ImportError:
        raise ReportError(
            "Parquet needs the library pyarrow, which is not installed; use csv or json, "
            "or install pyarrow."
        ) from None
    keys = [pyarrow.field(str(key), pyarrow.string(), nullable=False) for key in report.by]
    counts = [pyarrow.field(name, pyarrow.int64(), nullable=False) for name in NUMBERS]
    schema = pyarrow.schema([*keys, *counts, pyarrow.field("share_answered", pyarrow.float64())])
    records = [dict(zip(report.columns, line, strict=True)) for line in report.lines()]
    out = io.BytesIO()
    parquet.write_table(pyarrow.Table.from_pylist(records, schema=schema), out)
    return out.getvalue()


def _how(answers: Answers) -> str:
    return (
        f"answers sent: {answers.sent:,}, of which confirmed {answers.confirmed:,}, "
        f"assumed {answers.assumed:,}, taken back {answers.taken_back:,}, "
        f"too recent to say {answers.waiting:,}"
    )


def _numbers(row: Row) -> tuple[int, ...]:
    return (row.messages, *row.outcomes)


def _share(row: Row) -> float | None:
    return None if row.share_answered is None else round(row.share_answered, 6)
