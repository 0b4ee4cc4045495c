"""What a mail with some content would say, without sending it."""

from bot.mail.render import Identity, render_text
from handlers.letters import Content, Letter

REFERENCE = "ENQ-EXAMPLE"


def preview(identity: Identity, content: Content) -> str:
    """The text of an answer with this content."""
    letter = Letter(
        template="answer",
        reference=REFERENCE,
        to="enquirer@example.org",
        subject="Example",
        content=content,
        message_id=f"<{REFERENCE}@example.org>",
    )
    return render_text(letter, identity)[1]
