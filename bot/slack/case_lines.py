"""A case as one line of a list: in App Home, and where cases are searched."""

from datetime import datetime, timedelta

from bot.slack.card_clocks import slack_time
from bot.slack.mrkdwn import escape, fit
from bot.slack.views import STATE_NAMES, flag_name
from handlers.case_queue import OpenCase
from handlers.periods import LONDON


def line_text(line: OpenCase, workspace: str, now: datetime | None = None, due: str = "") -> str:
    """Reference linked to its card, flags, subject, who asked, state, age, what is due, snooze."""
    reference = linked(line.reference, card_address(line, workspace))
    flags = "".join(f" · *{fit(flag_name(flag), 60)}*" for flag in line.flags)
    who = f", from {fit(line.requester_name, 100)}" if line.requester_name else ""
    owner = f", owned by {fit(line.officer_name, 100)}" if line.officer_name else ""
    snoozed = f" · :zzz: until {slack_time(line.snoozed_until)}" if line.snoozed_until else ""
    age = f" ({age_words(line.opened_at, now)})" if now else ""
    return (
        f"*{reference}*{flags} · {fit(line.subject, 300)}\n"
        f"{STATE_NAMES[line.state]}{who}{owner}, opened {line.opened_at:%d %b %Y}{age}"
        f"{f' · {due}' if due else ''}{snoozed}"
    )


def card_address(line: OpenCase, workspace: str) -> str:
    """Where the case's card stands; empty where it is not posted, or Slack did not say."""
    if not (workspace and line.slack_channel and line.slack_ts):
        return ""
    place = f"{line.slack_channel}/p{line.slack_ts.replace('.', '')}"
    return f"{workspace.rstrip('/')}/archives/{place}"


def linked(words: str, address: str) -> str:
    """Words of ours as a link, where there is an address."""
    return f"<{escape(address)}|{escape(words)}>" if address else escape(words)


def age_words(opened: datetime, now: datetime) -> str:
    """How long ago that was, as people say it."""
    days = (now.astimezone(LONDON).date() - opened.astimezone(LONDON).date()) // timedelta(days=1)
    if days <= 0:
        return "today"
    return "yesterday" if days == 1 else f"{days} days ago"
