"""Puts together what listens to Slack, as `bot/wiring.py` does the processes."""

import asyncio
from contextlib import suppress

import structlog
from slack_bolt.async_app import AsyncApp
from starlette.applications import Starlette
from starlette.routing import Route

from bot.running import Running
from bot.slack.app import (
    EVENTS_PATH,
    SlackUnavailableError,
    check_token,
    http_routes,
    start_socket_mode,
)
from bot.slack.app import create_app as create_slack_app
from bot.web.server import WebServer
from handlers.desk import Desk
from handlers.unit import Store

TRIED_AGAIN_SECONDS = 60.0

log = structlog.get_logger(__name__)


async def listen_to_slack(run: Running, store: Store, desk: Desk) -> None:
    """Listen to Slack: by Socket Mode where there is an app token, else by HTTP.

    Slack being wrongly set up stops nothing else: cards wait until it is put right. A token that
    is refused is tried again, for it may be valid again later.
    """
    settings = run.settings
    try:
        listeners = create_slack_app(settings, store, desk)
        if settings.slack_app_token is None and settings.slack_signing_secret is not None:
            await _by_http(run, http_routes(listeners))
            await check_token(listeners)
        else:
            await _by_socket(run, listeners)
    except SlackUnavailableError as error:
        log.warning("slack is off", why=str(error))
        run.say("slack", str(error))
        if settings.slack_bot_token and settings.slack_app_token:
            run.go_on(_by_socket_later(run, listeners), "slack-connect-later")


async def _by_socket(run: Running, listeners: AsyncApp) -> None:
    connection = await start_socket_mode(listeners, run.settings)
    run.stack.push_async_callback(connection.close)
    run.say("slack", f"connected by Socket Mode to {run.settings.slack_api_url}")


async def _by_socket_later(run: Running, listeners: AsyncApp) -> None:
    """Connect as soon as the tokens are taken; each refusal after the first is silent."""
    connection = None
    while connection is None:
        await asyncio.sleep(TRIED_AGAIN_SECONDS)
        with suppress(SlackUnavailableError):
            connection = await start_socket_mode(listeners, run.settings)
    log.info("slack is on again")
    try:
        await asyncio.Event().wait()
    finally:
        await connection.close()


async def _by_http(run: Running, routes: list[Route]) -> None:
    """Beside the dashboard where that runs in this process, else on the same port alone."""
    if run.web is not None:
        run.web.router.routes.extend(routes)
        run.say("slack", f"waiting for calls at {EVENTS_PATH} of the dashboard's address")
        return
    server = WebServer(Starlette(routes=routes), run.settings.web_host, run.settings.web_port)
    address = await server.start()
    run.stack.push_async_callback(server.stop)
    run.say("slack", f"waiting for calls at {address.rstrip('/')}{EVENTS_PATH}")
