"""The few Block Kit blocks that everything here is made of."""

from typing import Any

from bot.slack.mrkdwn import fit_plain

Json = dict[str, Any]

MOST_TEXT = 2900
"""Units of one section; Slack takes 3,000."""
MOST_HEADER = 150


def section(mrkdwn: str) -> Json:
    """A section of text that is escaped already."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": mrkdwn, "verbatim": True}}


def context(mrkdwn: str) -> Json:
    """Small print, escaped already."""
    return {
        "type": "context",
        "elements": [{"type": "mrkdwn", "text": mrkdwn, "verbatim": True}],
    }


def plain_text_header(words: str) -> Json:
    """A heading; it is cut to what Slack takes."""
    text = {"type": "plain_text", "text": fit_plain(words, MOST_HEADER), "emoji": False}
    return {"type": "header", "text": text}


def button(label: str, action_id: str, value: str, *, style: str | None = None) -> Json:
    """One button."""
    drawn: Json = {
        "type": "button",
        "text": {"type": "plain_text", "text": label, "emoji": False},
        "action_id": action_id,
        "value": value,
    }
    return drawn if style is None else {**drawn, "style": style}
