"""The life of a case as a table: what may be done in which state, and what that leads to."""

from enum import StrEnum

from handlers.tables import CaseState


class Action(StrEnum):
    """What an officer does to a case, the enquirer by writing, or the clock."""

    CLAIM = "claim"
    ASSIGN = "assign"
    HAND_OVER = "hand_over"
    NOTE = "note"
    ASK = "ask"
    REPLY = "reply"
    REQUEST_INFORMATION = "request_information"
    APPROVE = "approve"
    UNDO = "undo"
    RECLASSIFY = "reclassify"
    SET_PRIORITY = "set_priority"
    SNOOZE = "snooze"
    WAKE = "wake"
    LINK = "link"
    SPLIT = "split"
    MARK_DUPLICATE = "mark_duplicate"
    MERGE = "merge"
    ABSORB = "absorb"
    SEND_TO_TEAM = "send_to_team"
    MARK_SPAM = "mark_spam"
    PROPOSE_ARTICLE = "propose_article"
    RESOLVE = "resolve"
    REOPEN = "reopen"
    WRITE_AGAIN = "write_again"
    ASK_FOR_PERSON = "ask_for_person"


LEAVES_IT = (
    *(Action.NOTE, Action.ASK, Action.RECLASSIFY, Action.SET_PRIORITY, Action.SNOOZE),
    *(Action.WAKE, Action.LINK, Action.SPLIT, Action.PROPOSE_ARTICLE),
)
"""Actions after which a case is in the state that it was in."""
TAKES_IT = (Action.CLAIM, Action.ASSIGN, Action.HAND_OVER)
"""Actions that give a case an owner; a new one is open then."""
ENDS_IT = (
    *(Action.RESOLVE, Action.MARK_DUPLICATE, Action.MERGE, Action.SEND_TO_TEAM),
    Action.MARK_SPAM,
)
"""Actions that end a case without a mail to the enquirer."""
SENDS = (Action.REPLY, Action.REQUEST_INFORMATION, Action.APPROVE)
"""Actions that write to the enquirer, and can be undone until that has left."""
COMES_BACK = (Action.WRITE_AGAIN, Action.ASK_FOR_PERSON)
"""The enquirer's own word."""
NO_LONGER_OFFERED = (*SENDS, *COMES_BACK, Action.ABSORB, Action.SPLIT)
"""Actions after which an answer no longer waits: it was sent, or something else was said."""
ENDS_SNOOZE = (*SENDS, *ENDS_IT, *COMES_BACK, Action.ABSORB, Action.WAKE, Action.UNDO)
"""Actions after which a case need not come back by the clock: it is before people already."""

NEW, OPEN, WAITING, RESOLVED = CaseState
UNRESOLVED = (NEW, OPEN, WAITING)

TRANSITIONS: dict[tuple[CaseState, Action], CaseState] = {
    **{(state, one): state for state in UNRESOLVED for one in LEAVES_IT},
    **{(NEW, one): OPEN for one in TAKES_IT},
    **{(state, one): state for state in (OPEN, WAITING) for one in TAKES_IT},
    **{(state, one): RESOLVED for state in UNRESOLVED for one in ENDS_IT},
    **{
        (state, one): WAITING
        for state in UNRESOLVED
        for one in (Action.REPLY, Action.REQUEST_INFORMATION)
    },
    (NEW, Action.APPROVE): RESOLVED,
    (OPEN, Action.APPROVE): RESOLVED,
    # Whose mail is taken back owns the case by then.
    **{(state, Action.UNDO): OPEN for state in (OPEN, WAITING, RESOLVED)},
    **{(NEW, one): NEW for one in (*COMES_BACK, Action.ABSORB)},
    **{(state, one): OPEN for state in (OPEN, WAITING) for one in (*COMES_BACK, Action.ABSORB)},
    **{(RESOLVED, one): OPEN for one in COMES_BACK},
    (RESOLVED, Action.NOTE): RESOLVED,
    (RESOLVED, Action.ASK): RESOLVED,
    (RESOLVED, Action.LINK): RESOLVED,
    (RESOLVED, Action.PROPOSE_ARTICLE): RESOLVED,
    (RESOLVED, Action.REOPEN): OPEN,
}

RESOLUTIONS = {
    "answered": "Answered",
    "no_reply_needed": "No reply needed",
    "duplicate": "Duplicate of another case",
    "passed_on": "Passed to another team",
    "withdrawn": "Withdrawn by the enquirer",
    "silence": "No word from the enquirer",
    "spam": "Spam",
}
"""Why a case ends, for an officer to choose from."""

MERGED = "merged"
ENDINGS = {**RESOLUTIONS, MERGED: "Merged into another case"}
"""Why a case ended, and how an officer reads it."""

PAST_TENSE = {
    "opened": "it was opened",
    Action.CLAIM: "claimed it",
    Action.ASSIGN: "assigned it",
    Action.HAND_OVER: "handed it over",
    Action.NOTE: "added a note",
    Action.ASK: "asked a colleague",
    Action.REPLY: "replied",
    Action.REQUEST_INFORMATION: "asked the enquirer for information",
    Action.APPROVE: "had the answer sent",
    Action.UNDO: "took their mail back before it left",
    Action.RECLASSIFY: "reclassified it",
    Action.SET_PRIORITY: "changed its priority",
    Action.SNOOZE: "snoozed it",
    Action.WAKE: "brought it back from its snooze",
    Action.LINK: "linked it to another case",
    Action.SPLIT: "made an enquiry of its own of one message",
    Action.MARK_DUPLICATE: "marked it as a duplicate",
    Action.MERGE: "merged it into another case",
    Action.ABSORB: "merged another case into it",
    Action.SEND_TO_TEAM: "passed it to another team",
    Action.MARK_SPAM: "marked it as spam",
    Action.PROPOSE_ARTICLE: "proposed an article",
    Action.RESOLVE: "resolved it",
    Action.REOPEN: "reopened it",
    Action.WRITE_AGAIN: "wrote again",
    Action.ASK_FOR_PERSON: "asked for a person",
}

PARTICIPLES = {
    Action.CLAIM: "claimed",
    Action.ASSIGN: "assigned",
    Action.HAND_OVER: "handed over",
    Action.NOTE: "given a note",
    Action.ASK: "asked about",
    Action.REPLY: "replied to",
    Action.REQUEST_INFORMATION: "asked to tell us more",
    Action.APPROVE: "answered by approval",
    Action.UNDO: "taken back",
    Action.RECLASSIFY: "reclassified",
    Action.SET_PRIORITY: "given another priority",
    Action.SNOOZE: "snoozed",
    Action.WAKE: "woken",
    Action.LINK: "linked",
    Action.SPLIT: "split",
    Action.MARK_DUPLICATE: "marked as a duplicate",
    Action.MERGE: "merged",
    Action.ABSORB: "merged into",
    Action.SEND_TO_TEAM: "passed on",
    Action.MARK_SPAM: "marked as spam",
    Action.PROPOSE_ARTICLE: "proposed for an article",
    Action.RESOLVE: "resolved",
    Action.REOPEN: "reopened",
    Action.WRITE_AGAIN: "continued",
    Action.ASK_FOR_PERSON: "brought back",
}
"""What a case in some state cannot be, in the words of a refusal."""
