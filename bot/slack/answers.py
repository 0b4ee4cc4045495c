"""What one person hears: an answer to a command, or that what they asked for was not done."""

from dataclasses import dataclass

import structlog
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.blocks import Json
from bot.slack.failures import ERRORS, code_of, is_not_to_be_had
from bot.slack.mrkdwn import fit

log = structlog.get_logger(__name__)

DATABASE_AWAY = (
    "The database cannot be reached at the moment. Nothing was changed; please try again."
)
MOST = 2900

_WITHOUT_EPHEMERAL: set[str] = set()
"""Base addresses of servers that have no messages for one person alone; said once of each."""


@dataclass(frozen=True, slots=True)
class Said:
    """An answer to a command: its words, and how they are drawn."""

    text: str
    blocks: list[Json] | None = None


async def whisper(  # noqa: PLR0917  a place and what to say there
    client: AsyncWebClient,
    respond: AsyncRespond,
    channel: str | None,
    user: str,
    text: str,
    blocks: list[dict[str, object]] | None = None,
) -> None:
    """Tell one person, where they pressed; else over the press's own address, else directly."""
    words = fit(text, MOST)
    if channel is not None and client.base_url not in _WITHOUT_EPHEMERAL:
        try:
            await client.chat_postEphemeral(channel=channel, user=user, text=words, blocks=blocks)
        except ERRORS as error:
            _note(client, error)
        else:
            return
    try:
        await respond(text=words, blocks=blocks, response_type="ephemeral", replace_original=False)
    except (*ERRORS, ValueError):
        await _directly(client, user, words if blocks is None else f"{words}: cannot be shown here")


def _note(client: AsyncWebClient, error: Exception) -> None:
    if is_not_to_be_had(error):
        _WITHOUT_EPHEMERAL.add(client.base_url)
        log.warning("ephemeral messages are off: officers are answered otherwise")
    else:
        log.info("an ephemeral message was refused", error=code_of(error))


async def _directly(client: AsyncWebClient, user: str, words: str) -> None:
    """In a direct message, which stays: never what only a passing message may show."""
    try:
        answer = await client.conversations_open(users=user)
        await client.chat_postMessage(channel=str(answer["channel"]["id"]), text=words)
    except ERRORS as error:
        log.warning("an officer could not be answered", officer=user, error=code_of(error))
