"""What an officer hears when something they asked for was not done."""

import structlog
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.failures import ERRORS, code_of
from bot.slack.mrkdwn import fit

log = structlog.get_logger(__name__)

DATABASE_AWAY = (
    "The database cannot be reached at the moment. Nothing was changed; please try again."
)
MOST = 2900


async def whisper(  # noqa: PLR0917  a place and what to say there
    client: AsyncWebClient,
    respond: AsyncRespond,
    channel: str | None,
    user: str,
    text: str,
    blocks: list[dict[str, object]] | None = None,
) -> None:
    """Tell one person, where they pressed; over the press's own address where that fails."""
    words = fit(text, MOST)
    try:
        if channel is not None:
            await client.chat_postEphemeral(channel=channel, user=user, text=words, blocks=blocks)
            return
    except ERRORS as error:
        log.info("an ephemeral message was refused", error=code_of(error))
    try:
        await respond(text=words, blocks=blocks, response_type="ephemeral", replace_original=False)
    except (*ERRORS, ValueError) as error:
        log.warning("an officer could not be answered", officer=user, error=code_of(error))
