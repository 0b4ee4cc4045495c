"""Who asks, on a card: name, organisation, whether we know them, and whether it is really them."""

from bot.slack.blocks import Json, context, section
from bot.slack.mrkdwn import fit
from handlers.authentication import Verdict
from handlers.case_background import Background
from handlers.case_view import CaseView
from handlers.similar_cases import SimilarCase
from triage.organisation import is_personal

MARKS = {
    Verdict.VERIFIED: ":white_check_mark: ",
    Verdict.FAILED: ":warning: ",
    Verdict.UNKNOWN: "",
}
DAY = "%d %b %Y"


def who(case: CaseView, behind: Background) -> str:
    """The enquirer in a few lines, escaped."""
    sender = "in Slack" if case.channel == "slack" else fit(case.requester, 320)
    named = f"{fit(case.requester_name, 200)}, {sender}" if case.requester_name else sender
    known = f"known: {case.earlier_enquiries} earlier" if case.earlier_enquiries else "new to us"
    return "\n".join(line for line in (named, _organisation(case, behind), known) if line)


def sender(case: CaseView) -> list[Json]:
    """Whether the sender was verified, and by whom; a warning where that failed."""
    if case.sender is None:
        return []
    return [context(f"{MARKS[case.sender.verdict]}{fit(case.sender.in_words(), 600)}")]


def earlier(case: CaseView, behind: Background) -> list[Json]:
    """The enquirer's latest enquiries before this one, and how each ended."""
    if not behind.earlier:
        return []
    lines = [
        f"• {one.opened_at:{DAY}}, {fit(one.reference, 60)}: {fit(one.subject, 200)} "
        f"→ *{fit(one.ended, 80)}*"
        for one in behind.earlier
    ]
    title = "*Earlier from them*"
    if (more := case.earlier_enquiries - len(behind.earlier)) > 0:
        title += f" (and {more} before)"
    return [section("\n".join([title, *lines]))]


def similar(behind: Background) -> list[Json]:
    """Other people's cases that were like this one, and how each ended."""
    if not behind.similar:
        return []
    return [section("\n".join(["*Like it, and how it ended*", *map(_similar, behind.similar)]))]


def _similar(one: SimilarCase) -> str:
    by = f", by {fit(one.officer_name, 80)}" if one.officer_name else ""
    on = f", {one.resolved_at:{DAY}}" if one.resolved_at else ""
    asked = fit(one.summary, 160)
    return f"• {fit(one.reference, 60)}: {asked} → *{fit(one.ended, 80)}*{by}{on}"


def _organisation(case: CaseView, behind: Background) -> str:
    found = behind.organisation
    if found is not None:
        says = " (says their signature)" if found.read_from == "signature" else ""
        return f"{fit(found.name, 200)}{says}"
    return "a personal address" if is_personal(case.requester) else ""
