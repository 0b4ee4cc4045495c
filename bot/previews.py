"""What a mail with some content would say, without sending it."""

from bot.mail.render import Identity, rendered
from handlers.letters import Content, Letter, Rendered

REFERENCE = "ENQ-EXAMPLE"


def preview(identity: Identity, content: Content) -> Rendered:
    """An answer with this content, as an enquirer would have it."""
    letter = Letter(
        template="answer",
        reference=REFERENCE,
        to="enquirer@example.org",
        subject="Example",
        content=content,
        message_id=f"<{REFERENCE}@example.org>",
    )
    return rendered(letter, identity)
