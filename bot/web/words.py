"""How the pages name the service's words, and the colours that stand for them."""

from datetime import timedelta

from handlers.tables import CaseState, OutgoingState

OUTCOMES = {
    "answered": ("Answered automatically", "#2f7fd1"),
    "case": ("Case opened", "#e08a1e"),
    "joined": ("Added to a case", "#f0bf62"),
    "ignored": ("Ignored", "#8a979f"),
    "set_aside": ("Set aside", "#b5346a"),
}
"""Label and colour. The colours differ in lightness too, and hold on light and dark ground."""

CASE_STATES = {
    CaseState.NEW: ("Unclaimed", "#b5346a"),
    CaseState.OPEN: ("With an officer", "#e08a1e"),
    CaseState.WAITING: ("Waiting for the enquirer", "#2f7fd1"),
}

UNSENT = {
    OutgoingState.READY: "Waiting to be sent",
    OutgoingState.SENDING: "Being sent",
    OutgoingState.HELD: "In doubt, held for an officer",
    OutgoingState.FAILED: "Refused for good",
}

TROUBLE = (OutgoingState.HELD, OutgoingState.FAILED)
"""Unsent, and only a person can say what is to become of them."""

TYPES = {
    "ndrs": "Disease registration data",
    "copi_exit": "COPI notice exit",
    "charges": "Charges",
    "existing_application": "Existing application",
    "published_data": "Published data",
    "process": "How to apply",
    "other": "Other",
}

ROUTES = {
    "answer": "Answer",
    "escalate": "Escalate",
    "ignore": "Ignore",
}

ABSENT = "\N{EN DASH}"
"""Stands where there is no figure."""

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def duration(span: timedelta | None) -> str:
    """A length of time in its two largest units, such as `1 h 20 min`; a dash for none."""
    if span is None:
        return ABSENT
    if span < MINUTE:
        return f"{int(span.total_seconds())} s"
    if span < HOUR:
        return f"{span // MINUTE} min"
    if span < DAY:
        return f"{span // HOUR} h {span % HOUR // MINUTE} min"
    return f"{span.days} d {span % DAY // HOUR} h"


def share(part: float | None) -> str:
    """A part of one in per cent; a dash for a part of nothing."""
    return ABSENT if part is None else f"{part:.0%}"


def milliseconds(value: float | None) -> str:
    """A decision's time; a dash for none."""
    return ABSENT if value is None else f"{value:,.0f} ms"
