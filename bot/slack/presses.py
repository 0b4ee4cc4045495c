"""What a press says, and telling the one who pressed when nothing came of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from slack_bolt.async_app import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import names
from bot.slack.answers import DATABASE_AWAY, whisper
from bot.slack.blocks import Json
from bot.slack.failures import ERRORS, code_of
from bot.slack.people import People
from handlers.cases import Press
from handlers.errors import CaseError, StoreUnavailableError

log = structlog.get_logger(__name__)


def pressed(body: Json) -> Json:
    """The button or menu that was pressed."""
    action: Json = body["actions"][0]
    return action


def value_of(body: Json) -> str:
    """The value that the button, or the option of the menu, carries."""
    action = pressed(body)
    return str((action.get("selected_option") or action).get("value") or "")


async def pressed_by(people: People, body: Json) -> Press:
    """Who pressed, on which case, at which version. Raises ValueError for a button not ours."""
    seen = names.seen_in(pressed(body)["value"])
    officer = await people.officer(body["user"]["id"])
    return Press(case_id=seen.case_id, version=seen.version, officer=officer)


def channel_of(body: Json) -> str | None:
    """The channel in which it was pressed; none in a modal."""
    channel = (body.get("container") or {}).get("channel_id")
    return channel if isinstance(channel, str) else None


@asynccontextmanager
async def told(body: Json, client: AsyncWebClient, respond: AsyncRespond) -> AsyncIterator[None]:
    """Whatever hinders the work inside is said to the officer who asked for it."""
    try:
        yield
    except CaseError as error:
        said = str(error)
    except StoreUnavailableError:
        said = DATABASE_AWAY
    except ERRORS as error:
        log.warning("Slack refused part of a press", error=code_of(error))
        said = f"Slack did not take the answer ({code_of(error)}). Please press again."
    except ValueError as error:
        log.warning("a button that is not ours", error=str(error))
        said = "This button is of an older version; please use the newest card."
    else:
        return
    await whisper(client, respond, channel_of(body), body["user"]["id"], said)
