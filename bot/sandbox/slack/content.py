"""What a message says, read from a call or an answer and held to Slack's limits."""

from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.slack.arguments import Arguments
from bot.sandbox.slack.block_kit import MOST_TEXT, problems
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.model import Json
from bot.sandbox.slack.views import with_ids

_MOST_ATTACHMENTS = 100


@dataclass(frozen=True)
class Content:
    """Text, blocks, attachments and metadata of one message."""

    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    metadata: Json | None = None


def read_content(arguments: Arguments) -> Content:
    """Read and check what is to be posted.

    Raises:
        SlackError: `no_text`, `msg_too_long`, `invalid_blocks`, `invalid_blocks_format`,
            `too_many_attachments` or `invalid_metadata_format`.
    """
    blocks = checked_blocks(arguments.structure("blocks", "invalid_blocks_format"))
    attachments = arguments.structure("attachments", "invalid_attachments") or []
    text = arguments.text("text")
    if len(text) > MOST_TEXT:
        raise SlackError("msg_too_long")
    if not text.strip() and not blocks and not attachments:
        raise SlackError("no_text")
    if not isinstance(attachments, list) or len(attachments) > _MOST_ATTACHMENTS:
        raise SlackError("too_many_attachments")
    return Content(text, blocks, [_attachment(one) for one in attachments], _metadata(arguments))


def checked_blocks(blocks: Any) -> list[Json]:
    """The blocks with their ids, once they keep the limits.

    Raises:
        SlackError: `invalid_blocks`, with each problem.
    """
    if not blocks:
        return []
    found = problems(blocks, "message")
    if found:
        raise SlackError("invalid_blocks", messages=tuple(f"[ERROR] {one}" for one in found))
    return with_ids(blocks)


def _attachment(value: Any) -> Json:
    if not isinstance(value, dict):
        raise SlackError("invalid_attachments")
    return {**value, "blocks": checked_blocks(value["blocks"])} if "blocks" in value else value


def _metadata(arguments: Arguments) -> Json | None:
    value = arguments.structure("metadata", "invalid_metadata_format")
    if value is None:
        return None
    proper = (
        isinstance(value, dict)
        and isinstance(value.get("event_type"), str)
        and isinstance(value.get("event_payload"), dict)
    )
    if not proper:
        raise SlackError("invalid_metadata_format")
    return {"event_type": value["event_type"], "event_payload": value["event_payload"]}
