"""Figures in Slack: a chart of letters, which any client shows and a screen reader can read."""

from collections.abc import Sequence
from datetime import date, timedelta

from bot.slack.blocks import Json, context, section
from handlers.metrics import Row
from handlers.standing import AGES, Standing
from handlers.summary import Summary
from handlers.tables import CaseState

WIDTH = 24
ANSWERED, CASE, OTHER = "█", "▓", "░"
MINUTES_AN_HOUR = 60


def bars(rows: Sequence[tuple[str, Sequence[tuple[str, int]]]]) -> str:
    """Lying bars, each made of pieces of a letter and a number; the longest fills the width."""
    totals = [sum(number for _, number in pieces) for _, pieces in rows]
    most = max([*totals, 1])
    names = max((len(name) for name, _ in rows), default=0)
    lines = []
    for (name, pieces), total in zip(rows, totals, strict=True):
        drawn, reached = "", 0
        for letter, number in pieces:
            # Borders are rounded, not lengths, so that a bar is as long as its total says.
            reached += number
            drawn += letter * (round(reached * WIDTH / most) - len(drawn))
        lines.append(f"{name.ljust(names)} {drawn.ljust(WIDTH)} {total:,}".rstrip())
    return "```" + "\n".join(lines) + "```"


def week_chart(rows: Sequence[Row]) -> list[Json]:
    """Messages of the last days, by what was done with them."""
    chart = bars(
        [
            (
                f"{date.fromisoformat(row.keys[0]):%a %d}",
                (
                    (ANSWERED, row.answered),
                    (CASE, row.case),
                    (OTHER, row.messages - row.answered - row.case),
                ),
            )
            for row in rows
        ]
    )
    legend = f"{ANSWERED} answered by itself  {CASE} a case was opened  {OTHER} all else"
    return [section(f"*Messages by day*\n{chart}"), context(legend)]


def ageing(now: Standing) -> Json:
    """Open cases by age; those that wait for their enquirer are drawn apart."""
    rows = []
    for age in AGES:
        waiting = now.open_cases[age, CaseState.WAITING]
        ours = sum(now.open_cases[age, one] for one in (CaseState.NEW, CaseState.OPEN))
        rows.append((age, ((ANSWERED, ours), (OTHER, waiting))))
    return section(f"*Open cases by age* ({OTHER} wait for their enquirer)\n{bars(rows)}")


def today_text(now: Summary) -> str:
    """Today's figures in a few lines."""
    total = now.total
    by_what = (
        f"*{total.answered:,}* answered by itself, *{total.case:,}* new cases, "
        f"*{total.joined:,}* to cases that were there, *{total.ignored:,}* that need no answer"
    )
    half = f", half of them within {_span(now.first_reply)}" if now.first_reply else ""
    lines = [
        f"*{total.messages:,}* messages: {by_what}",
        f"*{now.cases_replied:,}* of {now.cases_opened:,} cases of today have a first reply{half}",
        f"*{now.standing.open_total:,}* cases are open now",
    ]
    if now.standing.unread:
        lines.append(f"*{now.standing.unread:,}* messages wait to be read")
    if now.standing.needs_a_person:
        lines.append(":warning: Mail is held or failed, or messages were set aside: see the cases")
    return "\n".join(f"• {line}" for line in lines)


def _span(time: timedelta) -> str:
    hours, minutes = divmod(round(time.total_seconds() / 60), MINUTES_AN_HOUR)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
