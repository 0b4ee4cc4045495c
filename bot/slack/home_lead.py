"""What leads see below their lists: load, ages, today's figures, and how the bot is switched."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.slack.bars import ageing, today_text, week_chart
from bot.slack.blocks import Json, button, section
from bot.slack.case_lines import age_words
from bot.slack.mrkdwn import fit
from bot.slack.switching import described
from handlers.absences import Absence, absences
from handlers.desk_load import Load, load
from handlers.metrics import By, Row, volumes
from handlers.periods import latest
from handlers.summary import Summary, summary
from handlers.switches import Mode, Switches, switches
from handlers.unit import Unit

MOST_OFFICERS = 20
DAYS = 7
SWITCH, STOP, RELEASE = "home_switch", "home_stop_mail", "home_release_brake"


@dataclass(frozen=True, slots=True)
class Overview:
    """What a lead looks at, read at one moment."""

    loads: Sequence[Load]
    today: Summary
    week: Sequence[Row]
    switches: Switches
    away: Sequence[Absence] = ()


async def overview(unit: Unit, usual: Mode) -> Overview:
    """Read it all."""
    return Overview(
        loads=await load(unit, limit=MOST_OFFICERS + 1),
        today=await summary(unit, latest(1)),
        week=await volumes(unit, latest(DAYS), (By.DAY,)),
        switches=await switches(unit, usual),
        away=await absences(unit),
    )


def lead_blocks(seen: Overview, now: datetime) -> list[Json]:
    """The part of App Home that is for leads."""
    return [
        {"type": "divider"},
        _header("The desk"),
        section(_loads(seen.loads, now)),
        *_away(seen.away),
        *figure_blocks(seen),
        _header("How the bot is switched"),
        section(described(seen.switches)),
        _switches(seen.switches),
    ]


def figure_blocks(seen: Overview) -> list[Json]:
    """Figures without anybody's name."""
    return [
        ageing(seen.today.standing),
        _header("Today"),
        section(today_text(seen.today)),
        *week_chart(seen.week),
    ]


def _loads(loads: Sequence[Load], now: datetime) -> str:
    lines = [_load(one, now) for one in loads[:MOST_OFFICERS]] or ["No case is open."]
    if len(loads) > MOST_OFFICERS:
        lines.append("… and others with fewer")
    return "*Open cases by officer*\n" + "\n".join(lines)


def _away(absences: Sequence[Absence]) -> list[Json]:
    if not absences:
        return []
    names = [f"{fit(one.name, 60)} (up to {one.until:%d %b})" for one in absences[:MOST_OFFICERS]]
    return [section(f":palm_tree: *Away*: {', '.join(names)}")]


def _load(one: Load, now: datetime) -> str:
    who = fit(one.officer_name, 60) if one.officer_name else "*Nobody yet*"
    waiting = f", {one.waiting:,} waiting" if one.waiting else ""
    return (
        f"• {who}: *{one.to_do:,}* to do{waiting}; the oldest opened {age_words(one.oldest, now)}"
    )


def _switches(now: Switches) -> Json:
    if now.braked is None:
        brake = button("Stop automatic mail", STOP, STOP, style="danger") | _asked(
            "Stop automatic mail?",
            "Until a lead releases it, nothing is answered or acknowledged by itself.",
            "Stop it",
        )
    else:
        brake = button("Release the brake", RELEASE, RELEASE, style="primary") | _asked(
            "Release the brake?", "Automatic mail leaves again at once.", "Release"
        )
    return {
        "type": "actions",
        "block_id": "home_switches",
        "elements": [button("Switch the mode", SWITCH, SWITCH), brake],
    }


def _asked(title: str, text: str, yes: str) -> Json:
    words = {"title": title, "text": text, "confirm": yes, "deny": "Cancel"}
    return {"confirm": {name: {"type": "plain_text", "text": said} for name, said in words.items()}}


def _header(text: str) -> Json:
    return {"type": "header", "text": {"type": "plain_text", "text": text}}
