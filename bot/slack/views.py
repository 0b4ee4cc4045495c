"""A case drawn as Block Kit: a case in, blocks out; no session, no client.

Everything that came by mail is escaped and cut by `mrkdwn`, and each text object says
`verbatim`, so that Slack makes no links and mentions of bare words either.
"""

from bot.slack import card_draft, card_who
from bot.slack.blocks import (
    MOST_HEADER,
    MOST_TEXT,
    Json,
    context,
    plain_text_header,
    section,
)
from bot.slack.card_actions import buttons
from bot.slack.card_clocks import due_lines, slack_time
from bot.slack.card_now import now_lines
from bot.slack.mrkdwn import escape, fit, fit_plain, quote, units
from handlers.authentication import is_forged
from handlers.case_background import Background
from handlers.case_life import ENDINGS, ENDS_IT, PAST_TENSE, Action
from handlers.case_view import CaseView
from handlers.phone_calls import TAKEN
from handlers.tables import CaseState
from triage.decision import EnquiryType, Flag

TYPE_NAMES = {
    EnquiryType.NDRS: "Disease registration (NDRS)",
    EnquiryType.COPI_EXIT: "COPI notice exit",
    EnquiryType.CHARGES: "Charges",
    EnquiryType.EXISTING_APPLICATION: "Existing application",
    EnquiryType.PUBLISHED_DATA: "Published data",
    EnquiryType.PROCESS: "How to apply",
    EnquiryType.OTHER: "Other",
}
FLAG_NAMES = {
    Flag.PATIENT_DATA: "PATIENT DATA",
    Flag.INCIDENT: "INCIDENT",
    Flag.COMPLAINT: "COMPLAINT",
    Flag.STATUTORY: "STATUTORY CLOCK",
    Flag.MEDIA: "MEDIA",
}
STATE_NAMES = {
    CaseState.NEW: "New",
    CaseState.OPEN: "Open",
    CaseState.WAITING: "Waiting for the enquirer",
    CaseState.RESOLVED: "Resolved",
}
MOST_REASONS = 8
ASKED_UNITS = 1000
"""All of a card stays under 13,000 units: Slack refuses blocks that are too long together."""
LEAST_QUOTED = 20
NOTHING_KNOWN = Background()
CONFIDENCE = (
    (0.97, "certain"),
    (0.85, "very likely"),
    (0.6, "likely"),
    (0.35, "perhaps"),
    (0.0, "a guess"),
)
"""From which chance a type is spoken of in which words."""


def card(case: CaseView, behind: Background = NOTHING_KNOWN) -> list[Json]:
    """The card of a case; collapsed once it is resolved."""
    if case.state == CaseState.RESOLVED:
        return _collapsed(case, behind)
    return [
        _header(case, behind),
        *_flags(case),
        _reference(case),
        _facts(case, behind),
        *card_who.sender(case),
        *_troubles(case),
        *now_lines(case),
        *_reasons(case),
        section(f"*Asked*\n{quote(case.summary, ASKED_UNITS)}"),
        *card_draft.draft(case),
        *card_draft.passages(case),
        *card_who.earlier(case, behind),
        *card_who.similar(behind),
        buttons(case),
        _footer(case),
    ]


def card_text(case: CaseView, behind: Background = NOTHING_KNOWN) -> str:
    """What a screen reader and a notification say of the card: flags and need before the rest."""
    flags = ", ".join(flag_name(flag) for flag in case.flags)
    owner = case.officer_name or "nobody"
    need = f"{behind.need.words}. " if behind.need.words else ""
    forged = "The sender may be forged. " if is_forged(case.sender) else ""
    words = (
        f"Case {case.reference}{f' ({flags})' if flags else ''}: {need}{case.subject}. "
        f"{forged}{STATE_NAMES[case.state]}, owned by {owner}. {case.summary}"
    )
    return fit(words, MOST_TEXT)


def type_name(one: str) -> str:
    """A type as officers read it."""
    return TYPE_NAMES.get(EnquiryType(one), one) if one in set(EnquiryType) else one


def _collapsed(case: CaseView, behind: Background) -> list[Json]:
    how = ENDINGS.get(case.resolution or "", "Resolved")
    ends = (*ENDS_IT, Action.APPROVE)
    by = next((event.actor_name for event in reversed(case.events) if event.kind in ends), "")
    words = f":white_check_mark: {escape(how)}{f', by {fit(by, 200)}' if by else ''}"
    title = plain_text_header(behind.need.words or case.subject or case.reference)
    return [
        title,
        _reference(case),
        section(words),
        *_troubles(case),
        *now_lines(case),
        buttons(case),
        _footer(case),
    ]


def _header(case: CaseView, behind: Background) -> Json:
    """The need in a line, with the question in their words; else the subject."""
    need = behind.need
    if not need.words:
        return plain_text_header(case.subject or case.summary)
    room = MOST_HEADER - units(need.words) - len(": “”")
    if not need.question or room < LEAST_QUOTED:
        return plain_text_header(need.words)
    return plain_text_header(f"{need.words}: “{fit_plain(need.question, room)}”")


def _reference(case: CaseView) -> Json:
    """By what names officers and the enquirer speak of it."""
    return context(f"*{escape(case.reference)}* · {fit(case.subject, 300)}")


def _flags(case: CaseView) -> list[Json]:
    if not case.flags:
        return []
    return [section(f":rotating_light: *{fit(' · '.join(map(flag_name, case.flags)), 500)}*")]


def _facts(case: CaseView, behind: Background) -> Json:
    """What an officer looks for first, two to a row."""
    kinds = ", ".join(_likely(one, behind) for one in case.types)
    fields = {
        "Who": card_who.who(case, behind),
        "About": fit(kinds, 700),
        "State": STATE_NAMES[case.state],
        "Owner": fit(case.officer_name or "nobody yet", 300),
        **({"Due": due_lines(behind.clocks)} if behind.clocks else {}),
    }
    return {
        "type": "section",
        "fields": [
            {"type": "mrkdwn", "text": f"*{name}*\n{value}", "verbatim": True}
            for name, value in fields.items()
        ],
    }


def _likely(kind: str, behind: Background) -> str:
    """A type and how sure triage was of it."""
    chance = behind.chances.get(kind)
    if chance is None:
        return type_name(kind)
    word = next(word for least, word in CONFIDENCE if chance >= least)
    return f"{type_name(kind)} ({word})"


def _reasons(case: CaseView) -> list[Json]:
    if not case.reasons:
        return []
    lines = [f"• {fit(reason.text, 250)}" for reason in case.reasons[:MOST_REASONS]]
    return [section("*Why a person*\n" + "\n".join(lines))]


def _troubles(case: CaseView) -> list[Json]:
    if not case.troubles:
        return []
    lines = [
        f"• {escape(one.kind)}: {fit(one.error or one.state, 200)}" for one in case.troubles[-5:]
    ]
    return [section(":warning: *Mail that needs a decision* (see the thread)\n" + "\n".join(lines))]


def _footer(case: CaseView) -> Json:
    """How and when it came, and what was done last."""
    by_phone = any(one.rule == TAKEN for one in case.reasons)
    way = "phone" if by_phone else "Slack" if case.channel == "slack" else "email"
    opened = f"Came by {way} {slack_time(case.opened_at)}"
    if not case.events:
        return context(opened)
    last = case.events[-1]
    actor = "" if last.kind == "opened" else fit(last.actor_name, 200) + " "
    return context(f"{opened} · {actor}{escape(PAST_TENSE.get(last.kind, last.kind))}")


def flag_name(flag: str) -> str:
    """A flag as officers read it."""
    return FLAG_NAMES.get(Flag(flag), flag) if flag in set(Flag) else flag
