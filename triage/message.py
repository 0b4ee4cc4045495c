"""One inbound message as triage sees it, whatever it came by."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

Channel = Literal["email", "slack"]


class Message(BaseModel):
    """What one person (or machine) sent, already read out of its envelope.

    `text` is all of it; `new_text` is what the writer newly wrote, without quoted older
    messages, signature and disclaimer. Both are plain text. Where nothing could be told
    apart, the two are equal.
    """

    model_config = ConfigDict(frozen=True)

    channel: Channel = "email"
    sender: str = ""
    sender_name: str = ""
    subject: str = ""
    text: str = ""
    new_text: str = ""
    automatic_reason: str | None = None
    """Why the envelope or headers say that no person is waiting, such as `auto-submitted`."""
    is_bounce: bool = False

    @property
    def is_automatic(self) -> bool:
        """Whether headers or envelope say that a machine sent it."""
        return self.automatic_reason is not None
