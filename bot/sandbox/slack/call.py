"""One call of the Web API: who calls, with what, on which Slack; and paging by cursor."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from bot.sandbox.slack.access import Token
from bot.sandbox.slack.arguments import Arguments
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.model import Channel, Json, Message
from bot.sandbox.slack.state import PretendSlack
from bot.sandbox.slack.workspace import Workspace

T = TypeVar("T")


@dataclass(frozen=True)
class Call:
    """What a method works on."""

    slack: PretendSlack
    arguments: Arguments
    token: Token

    @property
    def workspace(self) -> Workspace:
        """The workspace called upon."""
        return self.slack.workspace

    @property
    def actor(self) -> str:
        """The member that acts: the app's bot user."""
        return self.slack.app.user_id

    def channel(self, name: str = "channel") -> Channel:
        """The channel named by id, readable to the app.

        Raises:
            SlackError: `invalid_arguments` or `channel_not_found`; Slack hides private channels.
        """
        channel = self.workspace.channel(self.arguments.required(name))
        if not self.slack.may_read(channel, self.actor):
            raise SlackError("channel_not_found")
        return channel

    def message(self, ts_name: str = "ts") -> Message:
        """The message at channel and time stamp.

        Raises:
            SlackError: as `channel`, and `message_not_found`.
        """
        return self.workspace.message(self.channel().id, self.arguments.required(ts_name))


def page_of(call: Call, rows: Sequence[T], *, default: int, most: int) -> tuple[list[T], str]:
    """The rows of one page and the cursor of the next, empty on the last page.

    Raises:
        SlackError: `invalid_cursor` or `invalid_limit`.
    """
    start = _offset(call.arguments.text("cursor"))
    limit = call.arguments.number("limit", default, most)
    page = list(rows[start : start + limit])
    rest = start + limit < len(rows)
    return page, _cursor(start + limit) if rest else ""


def paged(name: str, rows: Sequence[Json], cursor: str) -> Json:
    """The answer that carries a page."""
    return {name: rows, "response_metadata": {"next_cursor": cursor}}


def _cursor(offset: int) -> str:
    return base64.b64encode(f"offset:{offset}".encode()).decode()


def _offset(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        word, _, number = base64.b64decode(cursor, validate=True).decode().partition(":")
        offset = int(number)
    except (binascii.Error, ValueError) as wrong:
        raise SlackError("invalid_cursor") from wrong
    if word != "offset":
        raise SlackError("invalid_cursor")
    return offset
