"""Looking in Slack for a post that may or may not have been made, by the key in its metadata."""

from datetime import timedelta
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.names import METADATA
from handlers.posting import Place
from handlers.tables import Outgoing

CLOCKS_DIFFER = timedelta(minutes=5)
MOST_PAGES = 10


async def found_post(client: AsyncWebClient, where: Place, outgoing: Outgoing) -> Place | None:
    """Where the effect's post stands, looked for in a channel or thread; None if it is not there.

    Raises what the Web API raises.
    """
    oldest = f"{(outgoing.created_at - CLOCKS_DIFFER).timestamp():.6f}"
    cursor = ""
    for _ in range(MOST_PAGES):
        page = await _page(client, where, oldest, cursor)
        for message in page.get("messages") or ():
            if _key(message) == outgoing.key:
                return Place(where.channel, str(message["ts"]))
        cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
        if not cursor:
            break
    return None


async def _page(client: AsyncWebClient, where: Place, oldest: str, cursor: str) -> dict[str, Any]:
    common: dict[str, Any] = {
        "channel": where.channel,
        "oldest": oldest,
        "limit": 200,
        "include_all_metadata": True,
    }
    if cursor:
        common["cursor"] = cursor
    if where.thread:
        answer = await client.conversations_replies(ts=where.thread, **common)
    else:
        answer = await client.conversations_history(**common)
    return dict(answer.data) if isinstance(answer.data, dict) else {}


def _key(message: dict[str, Any]) -> str | None:
    marked = message.get("metadata") or {}
    if marked.get("event_type") != METADATA:
        return None
    key = (marked.get("event_payload") or {}).get("key")
    return key if isinstance(key, str) else None
