"""How the pages of cases name things: states, flags, events, times, and what Slack said."""

from collections.abc import Sized
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.web.words import TYPES, duration
from handlers.case_finding import Listed
from handlers.case_life import ENDINGS, PAST_TENSE
from handlers.case_queries import LATEST
from handlers.case_tables import LinkKind
from handlers.tables import CaseState, OutgoingState
from triage.decision import Flag

LONDON = ZoneInfo("Europe/London")

STATES = {
    CaseState.NEW: "Unclaimed",
    CaseState.OPEN: "With an officer",
    CaseState.WAITING: "Waiting for the enquirer",
    CaseState.RESOLVED: "Resolved",
}
FLAGS = {
    Flag.PATIENT_DATA: "Patient data",
    Flag.INCIDENT: "Incident",
    Flag.COMPLAINT: "Complaint",
    Flag.STATUTORY: "Statutory clock",
    Flag.MEDIA: "Media",
}
LISTS = {
    Listed.MINE: "Mine",
    Listed.UNCLAIMED: "Unclaimed",
    Listed.APPROVAL: "To approve",
    Listed.WAITING: "Waiting for enquirers",
    Listed.OPEN: "All open",
    Listed.CLOSED: "Closed",
    Listed.ALL: "All cases",
}
LETTERS = {
    "answer": "The answer",
    "acknowledgement": "The acknowledgement",
    "officer": "An officer's reply",
}
TROUBLES = {
    OutgoingState.HELD: "may or may not have left",
    OutgoingState.FAILED: "could not be delivered",
}
LINKS = {
    (LinkKind.RELATED, True): "linked to",
    (LinkKind.RELATED, False): "linked to",
    (LinkKind.DUPLICATE, True): "a duplicate of",
    (LinkKind.DUPLICATE, False): "has a duplicate,",
    (LinkKind.MERGED, True): "merged into",
    (LinkKind.MERGED, False): "holds what was",
    (LinkKind.SPLIT, True): "split off",
    (LinkKind.SPLIT, False): "gave a message to",
}
"""How two cases belong together, to stand before the other; and whether this is the first."""
SLACK_SAID = {
    "token_revoked": "its token was revoked",
    "token_expired": "its token has expired",
    "invalid_auth": "its token is not accepted",
    "not_authed": "its token is not accepted",
    "account_inactive": "the app was removed from the workspace",
    "missing_scope": "the app lacks a permission",
    "channel_not_found": "the cases channel is not there",
    "is_archived": "the cases channel is archived",
    "Slack is not configured": "it is not set up here",
}


def left_out(shown: Sized) -> str:
    """That a list may have had a beginning which is not shown; empty where it is whole."""
    return f"The latest {LATEST} are shown." if len(shown) >= LATEST else ""


def state_name(state: str) -> str:
    """Where a case stands."""
    return STATES[CaseState(state)]


def type_name(one: str) -> str:
    """A type as officers read it."""
    return TYPES.get(one, one)


def flag_name(one: str) -> str:
    """A flag as officers read it."""
    return FLAGS[Flag(one)] if one in set(Flag) else one


def event_name(kind: str) -> str:
    """What was done, to stand after who did it."""
    return PAST_TENSE.get(kind, kind.replace("_", " "))


def resolution_name(resolution: str | None) -> str:
    """Why a case ended."""
    return ENDINGS.get(resolution or "", "Resolved")


def link_words(kind: str, from_here: bool) -> str:  # noqa: FBT001 -- as `LinkView` has it
    """How a case belongs to another, to stand before the other's reference."""
    return LINKS[LinkKind(kind), from_here]


def trouble_name(kind: str, state: str) -> str:
    """What went wrong with a letter."""
    return f"{LETTERS.get(kind, kind)} {TROUBLES.get(OutgoingState(state), state)}"


def slack_said(why: str) -> str:
    """Why Slack takes nothing, to stand after a colon; empty where nobody knows."""
    return SLACK_SAID.get(why, why)


def moment(at: datetime) -> str:
    """A time as the service's clock had it."""
    return f"{at.astimezone(LONDON):%-d %b %Y, %H:%M}"


def iso(at: datetime) -> str:
    """The same for machines, as `<time datetime>` wants it."""
    return at.isoformat(timespec="seconds")


def age(since: datetime, now: datetime) -> str:
    """How long ago that was."""
    return duration(now - since)
