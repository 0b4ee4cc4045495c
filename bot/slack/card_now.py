"""The lines of a card that are true at the moment: priority, snooze, links, who is writing."""

from bot.slack.blocks import Json, context
from bot.slack.card_clocks import slack_time
from bot.slack.mrkdwn import escape, fit
from handlers.case_now import LinkView
from handlers.case_tables import LinkKind, Priority
from handlers.case_view import CaseView

MARKS = {Priority.LOW: ":arrow_down:", Priority.HIGH: ":arrow_up:", Priority.URGENT: ":fire:"}
LINK_WORDS = {
    (LinkKind.RELATED, True): "linked to",
    (LinkKind.RELATED, False): "linked to",
    (LinkKind.DUPLICATE, True): "a duplicate of",
    (LinkKind.DUPLICATE, False): "has a duplicate:",
    (LinkKind.MERGED, True): "merged into",
    (LinkKind.MERGED, False): "holds what was",
    (LinkKind.SPLIT, True): "split off",
    (LinkKind.SPLIT, False): "gave a message to",
}


def now_lines(case: CaseView) -> list[Json]:
    """Small print, one block; nothing where there is nothing to say."""
    now = case.now
    said: list[str] = []
    if now.priority is not Priority.NORMAL:
        said.append(f"{MARKS[now.priority]} *{now.priority.capitalize()} priority*")
    if now.snoozed_until is not None:
        said.append(f":zzz: Snoozed until {slack_time(now.snoozed_until)}")
    if now.writing:
        verb = "is" if len(now.writing) == 1 else "are"
        said.append(f":pencil2: {fit(' and '.join(now.writing), 200)} {verb} writing")
    if now.undo is not None:
        said.append(":hourglass_flowing_sand: The mail leaves in a moment; it can be taken back")
    said += [_link(one) for one in now.links]
    return [context(" · ".join(said))] if said else []


def _link(one: LinkView) -> str:
    words = LINK_WORDS.get((LinkKind(one.kind), one.from_here), "linked to")
    return f":link: {words} {escape(one.reference)}"
