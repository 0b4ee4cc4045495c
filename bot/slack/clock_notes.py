"""What Slack is told of clocks: a reminder in the case's thread, and to leads what is late."""

import re

from bot.slack.blocks import MOST_TEXT
from bot.slack.mrkdwn import fit
from handlers.reminders import Stage

_PERSON = re.compile(r"[UW][A-Z0-9]{2,}")
"""An id of Slack's; officers who work on the web pages have others, and cannot be mentioned."""


def is_person(ident: str) -> bool:
    """Whether an id is a person's, who is told in a direct message."""
    return _PERSON.fullmatch(ident) is not None


def thread_note(said: str, stage: Stage, officer: str | None) -> str:
    """The note below the card, which its officer is told of."""
    mention = f"<@{officer}> " if officer and is_person(officer) else ""
    return f"{_sign(stage)} {mention}{fit(said, MOST_TEXT - 100)}"


def leads_note(said: str, stage: Stage, reference: str, owner: str | None) -> str:
    """What leads are told: which case, what of it, and whose it is."""
    whose = f"It is {fit(owner, 80)}'s." if owner else "Nobody owns it."
    return f"{_sign(stage)} *{fit(reference, 40)}*: {fit(said, 2000)} {whose}"


def _sign(stage: Stage) -> str:
    return ":alarm_clock: *Late.*" if stage is Stage.LATE else ":hourglass: *Due soon.*"
