"""What is said in a card's thread, among colleagues, and to other teams; never to an enquirer."""

import re

from bot.slack.blocks import MOST_TEXT, Json, section
from bot.slack.mrkdwn import escape, fit, quote
from handlers.case_view import CaseView

_MEMBER = re.compile(r"[UW][A-Z0-9]+")
LEFT_FOR_HEAD = 700
"""Units of a section that the words above a note may take."""


def note_text(said: str, by: str, to: str | None, text: str) -> str:
    """One note, escaped, with the one whom it is for mentioned."""
    who, name = _mention(to), fit(by, 300)
    heads = {
        "note": f":memo: *Note by {name}*",
        "ask": f"{who}:speech_balloon: *{name} asks*, for colleagues only",
        "assign": f"{who}:point_right: *{name} assigned this case to you.*",
        "hand_over": f"{who}:handshake: *{name} handed this case over to you.*",
        "wake": f"{who}:alarm_clock: *Its time has come.* {name} had snoozed it until now.",
        "absorb": f":twisted_rightwards_arrows: *{name} merged {escape(text)} into this case.*",
        "split": f":scissors: *{name} made {escape(text)} of one message of this case.*",
    }
    if said in ("absorb", "split") or not text:
        return heads[said]
    return f"{heads[said]}\n{quote(text, MOST_TEXT - LEFT_FOR_HEAD)}"


def team_blocks(case: CaseView, by: str, text: str) -> list[Json]:
    """A case as another team's channel sees it: masked, and inert."""
    head = f":inbox_tray: *{fit(by, 300)} passes {escape(case.reference)} on to you*"
    note = f"\n{quote(text, MOST_TEXT - LEFT_FOR_HEAD)}" if text else ""
    asked = f"*{fit(case.subject, 300)}*\n{quote(case.summary, MOST_TEXT - LEFT_FOR_HEAD)}"
    return [section(head + note), section(asked)]


def _mention(member: str | None) -> str:
    """The mention of a member, so that Slack tells them; nothing for what is no member's id."""
    return f"<@{member}> " if member and _MEMBER.fullmatch(member) else ""
