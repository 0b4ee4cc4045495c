"""By when a case is due, on its card and as arithmetic for who asks."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.slack.blocks import MOST_TEXT, Json, section
from bot.slack.mrkdwn import escape
from handlers.clock_words import TITLES, arithmetic
from handlers.clocks import Clock, ClockState
from handlers.periods import LONDON
from handlers.targets import ClockRules

NONE_LEFT = "nothing is due"


def due_lines(clocks: Sequence[Clock]) -> str:
    """What is due, a line each, the law's first; what is done with is left out.

    Times are moments and not what is left of them, since a card is not drawn anew each minute.
    """
    open_now = sorted((one for one in clocks if not one.is_over), key=_order)
    return "\n".join(map(_line, open_now)) or NONE_LEFT


def arithmetic_blocks(clocks: Sequence[Clock], rules: ClockRules, now: datetime) -> list[Json]:
    """How each clock comes to stand where it does."""
    sums = ["\n".join(map(escape, arithmetic(one, rules, now))) for one in clocks]
    return [section(f"*Clock*\n{one}"[:MOST_TEXT]) for one in sums]


def slack_time(at: datetime) -> str:
    """A moment that Slack shows in the reader's own zone."""
    otherwise = f"{at:%d %b %Y %H:%M} UTC"
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} {{time}}|{otherwise}>"


def _order(clock: Clock) -> tuple[bool, bool, datetime]:
    return not clock.is_statutory, clock.due is None, clock.due or clock.started_at


def _line(clock: Clock) -> str:
    title = TITLES[clock.name]
    if clock.due is None:
        return f"{title}: stands still while it waits"
    if clock.is_statutory:
        # It ends at midnight, which belongs to its last day: the service's, wherever one reads.
        day = (clock.due - timedelta(minutes=1)).astimezone(LONDON)
        last = f"the end of {day:%d %b %Y}"
        if clock.state is ClockState.LATE:
            return f":alarm_clock: *{title} late*, was due by {last}"
        return f"{title} by {last}"
    if clock.state is ClockState.LATE:
        return f":alarm_clock: *{title} late*, was due {slack_time(clock.due)}"
    return f"{title} by {slack_time(clock.due)}"
