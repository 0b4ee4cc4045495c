"""The Bolt app: listeners put together, and the two ways by which Slack reaches it.

Over Socket Mode the app calls Slack, so that no port is open to the world; over HTTP Slack calls
`/slack/events`, and Bolt checks its signature. The same listeners serve both.
"""

import asyncio
import secrets
from contextlib import suppress
from dataclasses import dataclass

import structlog
from pydantic import SecretStr
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.settings import Settings
from bot.slack.actions import Actions
from bot.slack.away import Away
from bot.slack.clients import web_client
from bot.slack.commands import Commands
from bot.slack.events import Events, register_rest
from bot.slack.failures import ERRORS, Verdict, code_of, verdict
from bot.slack.form_listeners import Forms
from bot.slack.home import Home
from bot.slack.lookups import Lookups
from bot.slack.modals import Modals
from bot.slack.not_meant import NotMeant
from bot.slack.people import People, Role
from bot.slack.readings import Readings
from bot.slack.repeated import OnceApp
from bot.slack.reply_modal import Replies
from bot.slack.shortcuts import Shortcuts
from bot.slack.shown_cards import ShownCards
from bot.slack.unfurling import Unfurling
from bot.slack.workspaces import Workspaces
from handlers.case_background import Behind
from handlers.desk import Desk
from handlers.raw_mail import RawLinks
from handlers.similar_cases import PastCases
from handlers.unit import Store

log = structlog.get_logger(__name__)

EVENTS_PATH = "/slack/events"
PING_SECONDS = 5.0


class SlackUnavailableError(Exception):
    """Slack cannot be used as it is set up; the text says what to put right, in one line."""


@dataclass
class SocketMode:
    """A running connection to Slack; it comes back by itself until it is closed."""

    handler: AsyncSocketModeHandler
    connecting: "asyncio.Task[None] | None"

    async def close(self) -> None:
        """Hang up for good."""
        if self.connecting is not None:
            self.connecting.cancel()
            with suppress(asyncio.CancelledError):
                await self.connecting
        await self.handler.close_async()  # type: ignore[no-untyped-call]  # Bolt types it not


def create_app(settings: Settings, store: Store, desk: Desk) -> AsyncApp:
    """The app with all its listeners. Nothing is called yet.

    Raises SlackUnavailableError where the bot token is missing.
    """
    if settings.slack_bot_token is None:
        raise SlackUnavailableError("Slack is off: TRIAGEBOT_SLACK_BOT_TOKEN is not set")
    client = web_client(settings.slack_api_url, settings.slack_bot_token, "asks_again")
    app = _bolt(settings, settings.slack_bot_token)
    people = People(
        client,
        Role(settings.slack_officers_group, settings.slack_officers),
        Role(settings.slack_leads_group, settings.slack_leads),
        Role(settings.slack_analysts_group, settings.slack_analysts),
    )
    public = settings.web_public_url
    raw = RawLinks(public, desk.signing_key) if public else None
    lookups = Lookups(store, people, Behind(PastCases(), desk.clocks))
    shown = ShownCards(lookups.card_of)
    Actions(store, people, shown).register(app)
    Readings(store, people, desk.clocks, raw).register(app)
    Modals(store, people, desk).register(app)
    Replies(store, people, desk).register(app)
    Forms(store, people, desk, shown).register(app)
    asking = frozenset(settings.slack_enquiry_channels)
    of_cases = frozenset((settings.slack_cases_channel, *settings.slack_case_channels.values()))
    Events(store, people, asking, of_cases).register(app)
    Home(store, people, settings.slack_cases_channel, desk.usual_mode, desk.clocks).register(app)
    NotMeant(store, people, desk).register(app)
    leave = Away(store, people, desk.roster)
    Commands(store, people, desk.usual_mode, lookups, leave).register(app)
    Shortcuts(store, people, desk).register(app)
    if public:
        Unfurling(store, people, public, of_cases).register(app)
    register_rest(app)
    return app


async def check_token(app: AsyncApp) -> None:
    """Make sure that Slack takes the bot token; Slack being away is no fault of it.

    Raises SlackUnavailableError where it is refused.
    """
    try:
        await app.client.auth_test()
    except ERRORS as error:
        _raise_if_refused(error, "the bot token", "TRIAGEBOT_SLACK_BOT_TOKEN")
        log.warning("Slack is away; it is tried again", error=code_of(error))


async def start_socket_mode(app: AsyncApp, settings: Settings) -> SocketMode:
    """Connect over Socket Mode. Where Slack is away, connecting goes on in the background.

    Raises SlackUnavailableError where a token is missing or refused.
    """
    if settings.slack_app_token is None:
        raise SlackUnavailableError("Slack is off: TRIAGEBOT_SLACK_APP_TOKEN is not set")
    await check_token(app)
    client = web_client(settings.slack_api_url, settings.slack_app_token, "asks_once")
    address = await _socket_address(client)
    token = settings.slack_app_token.get_secret_value()
    handler = AsyncSocketModeHandler(app, token, web_client=client, ping_interval=PING_SECONDS)
    if address is None:
        waiting = handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt types it not
        connecting = asyncio.create_task(waiting, name="slack-connect")
        return SocketMode(handler, connecting)
    handler.client.wss_uri = address
    await handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt types it not
    log.info("connected to Slack over Socket Mode")
    return SocketMode(handler, None)


def http_routes(app: AsyncApp) -> list[Route]:
    """Where Slack calls the app over HTTP; without a signing secret every call is refused."""
    handler = AsyncSlackRequestHandler(app)

    async def events(request: Request) -> Response:
        try:
            (await request.body()).decode()
        except UnicodeDecodeError:
            return PlainTextResponse("not UTF-8", status_code=400)
        return await handler.handle(request)

    return [Route(EVENTS_PATH, events, methods=["POST"])]


def _bolt(settings: Settings, token: SecretStr) -> AsyncApp:
    """Bolt with nobody listening yet; it asks `Workspaces` which token a request is worked with."""
    client = web_client(settings.slack_api_url, None, "asks_again")
    places = Workspaces(client.base_url, token, settings.slack_bot_tokens)

    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        # A function: of a method Bolt would want to fill in `self`.
        return await places.authorize(enterprise_id, team_id)

    app = OnceApp(
        name="triagebot",
        client=client,
        signing_secret=_signing_secret(settings),
        authorize=authorize,
    )
    # Set afterwards: Bolt takes a token beside `authorize` for a mistake, and warns.
    app.client.token = token.get_secret_value()
    return app


def _signing_secret(settings: Settings) -> str:
    if settings.slack_signing_secret is None:
        # An empty secret could be guessed; one that nobody knows lets no call through.
        return secrets.token_hex(32)
    return settings.slack_signing_secret.get_secret_value()


async def _socket_address(client: AsyncWebClient) -> str | None:
    try:
        answer = await client.apps_connections_open(app_token=client.token or "")
    except ERRORS as error:
        _raise_if_refused(error, "the app token", "TRIAGEBOT_SLACK_APP_TOKEN")
        log.warning("Slack is away; it is tried again", error=code_of(error))
        return None
    return str(answer["url"])


def _raise_if_refused(error: Exception, what: str, setting: str) -> None:
    if verdict(error) in (Verdict.NOT_LET_IN, Verdict.REFUSED, Verdict.FAILED):
        raise SlackUnavailableError(
            f"Slack is off: it refused {what} ({code_of(error)}); check {setting}"
        ) from error
