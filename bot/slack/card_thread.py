"""What stands in the thread of a card, or is shown to one officer alone."""

from itertools import islice

from bot.slack import names
from bot.slack.blocks import MOST_TEXT, Json, button, context, section
from bot.slack.mrkdwn import NOTHING, escape, fit, inert, pieces, quote
from handlers.case_view import MessageView, TroubleView
from handlers.tables import OutgoingState

SECTIONS_A_POST = 4
MOST_POSTS = 5
"""Posts that show a whole message; a press's own address takes five answers."""


def later_message(message: MessageView) -> list[Json]:
    """An enquirer's later message, for the thread of the card."""
    said = "An automatic reply came" if message.automatic_reason else "The enquirer wrote"
    who = fit(message.author_name or message.author, 300)
    return [section(f"*{said}* ({who})\n{quote(message.text, MOST_TEXT - 400)}")]


def delivery_note(problem: TroubleView, reference: str) -> list[Json]:
    """A mail that failed or is held, and what an officer can decide about it."""
    what = (
        "may or may not have left"
        if problem.state == OutgoingState.HELD
        else "could not be delivered"
    )
    words = (
        f":warning: *A mail to {fit(problem.recipient, 300)} {what}* ({escape(reference)}, "
        f"{escape(problem.kind)})\n{quote(problem.error or '', 1500)}"
    )
    value = names.dumped_outgoing(problem.id)
    choices = [
        button("Send it again", names.SEND_AGAIN, value),
        button("It arrived", names.IT_ARRIVED, value),
    ]
    return [section(words), {"type": "actions", "block_id": "mail_actions", "elements": choices}]


def decided(recipient: str, by: str) -> str:
    """What stands in place of a note about a mail once an officer has judged."""
    return f":ballot_box_with_check: The mail to {fit(recipient, 300)}: {fit(by, 300)}."


def whole(text: str) -> list[list[Json]]:
    """A message in full and unmasked, in as many posts as it takes; only ever shown to one officer.

    Slack refuses blocks that are too long together (`msg_blocks_too_long`, without saying how
    long), and a very long message is cut with a note.
    """
    most = SECTIONS_A_POST * MOST_POSTS
    shown = list(islice(pieces(inert(text[: most * MOST_TEXT]), MOST_TEXT), most + 1)) or [NOTHING]
    sections = [section(piece) for piece in shown[:most]]
    if len(shown) > most or len(text) > most * MOST_TEXT:
        sections[-1] = context("The rest is left out here.")
    return [sections[at : at + SECTIONS_A_POST] for at in range(0, len(sections), SECTIONS_A_POST)]
