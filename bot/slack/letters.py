"""A letter to an enquirer as a post in Slack: words from `templates`, everything escaped."""

from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.slack import names
from bot.slack.blocks import MOST_TEXT, Json, button, section
from bot.slack.mrkdwn import escape, pieces
from handlers.letters import Letter

TEMPLATES = Path(__file__).with_name("templates")
NOT_MEANT_WORDS = "Not what I meant"
MOST_SECTIONS = 45
"""Sections of one post; Slack takes 50 blocks."""


def letter_text(letter: Letter) -> str:
    """The whole post as mrkdwn, escaped; also what a screen reader says."""
    return _templates().get_template(f"{letter.template}.txt").render(letter=letter).strip()


def letter_blocks(text: str) -> list[Json]:
    """The post's blocks; of a letter longer than any, the end is left out."""
    return [section(piece) for piece in list(pieces(text, MOST_TEXT))[:MOST_SECTIONS]]


def answer_blocks(text: str, outgoing_id: int) -> list[Json]:
    """An answer's blocks, with the button by which a person is asked for instead."""
    pressed = button(NOT_MEANT_WORDS, names.NOT_MEANT, names.dumped_outgoing(outgoing_id))
    return [*letter_blocks(text), {"type": "actions", "block_id": "answer", "elements": [pressed]}]


def link(url: str, label: str) -> str:
    """A link in Slack's form; an address that no browser should open is shown as text."""
    if urlsplit(url).scheme not in ("http", "https"):
        return f"{escape(label)}: {escape(url)}"
    address = escape(url).replace("|", "%7C").replace(" ", "%20")
    return f"<{address}|{escape(label).replace('|', '/')}>"


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701  mrkdwn, not HTML: each value goes through `safe_text`
    )
    environment.filters |= {"safe_text": escape, "link": link}
    return environment
