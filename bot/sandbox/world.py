"""The sandbox as a whole: pretend Slack and mailbox on one port, and the settings that use them."""

import contextlib
import json
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from functools import partial
from importlib.resources import files

from aiohttp import web
from pydantic import SecretStr

from bot.sandbox.mailbox import Mailbox, Surroundings, add_mailbox
from bot.sandbox.slack import (
    CASES_CHANNEL,
    ENQUIRY_CHANNEL,
    OFFICERS_GROUP,
    PretendSlack,
    create_app,
    sandbox_workspace,
)
from bot.settings import Settings
from bot.settings_officers import WebOfficer
from bot.web.passwords import hashed

CONTACTS = (
    "dars",
    "ndrs",
    "ncardrs",
    "copi",
    "ndrs_optout",
    "foi",
    "sar",
    "press",
    "complaints",
    "security",
    "seft",
)


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A pretend Slack and a mailbox, and where they are reached."""

    slack: PretendSlack
    mailbox: Mailbox
    relay_port: int
    """Where outgoing mail is handed in."""
    officers_password: str = field(default_factory=partial(secrets.token_urlsafe, 9))
    """With which its officers sign in to the pages of cases; another one at each start."""


@contextlib.asynccontextmanager
async def sandbox() -> AsyncIterator[Sandbox]:
    """Make the sandbox and start its mail sink; `pages` serves the rest, once ports are known."""
    mailbox = Mailbox()
    async with mailbox.listening() as relay_port:
        slack = sandbox_workspace()
        # What our manifest does not ask for is missing here too, and not first in the real Slack.
        slack.install(json.loads((files("bot.slack") / "manifest.json").read_text()))
        yield Sandbox(slack, mailbox, relay_port)


@contextlib.asynccontextmanager
async def pages(world: Sandbox, around: Surroundings, port: int) -> AsyncIterator[str]:
    """Serve the pretend Slack at `/` and the mailbox at `/mail/`; yields the base address."""
    links = (("Mailbox", "/mail/"), ("Dashboard", around.dashboard_url))
    app = create_app(world.slack, links)
    add_mailbox(app, world.mailbox, around)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        world.slack.base_url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield world.slack.base_url
    finally:
        await world.slack.delivery.close()
        world.slack.changes.end()
        await runner.cleanup()


def inside(settings: Settings, world: Sandbox) -> Settings:
    """The settings, with all that is unset pointing into the sandbox.

    A relay or a Slack that the operator named is used here too.
    """
    # A real mailbox has no place here: its mail would be moved, and nobody answered.
    given: dict[str, object] = {"mailbox_imap_host": None}
    if settings.relay_host is None:
        given |= {"relay_host": "127.0.0.1", "relay_port": world.relay_port}
    for name in CONTACTS:
        if getattr(settings, f"contact_{name}") is None:
            mailbox = settings.mailbox_address if name == "dars" else f"{name}@contacts.example"
            given[f"contact_{name}"] = mailbox
    if settings.slack_bot_token is None:
        given |= _slack(world.slack)
    if not settings.web_officers:
        given["web_officers"] = _officers(world)
    return settings.model_copy(update=given)


def _officers(world: Sandbox) -> tuple[WebOfficer, ...]:
    """The officers of the pretend Slack, each by the same id, so that a case is theirs in both."""
    workspace = world.slack.workspace
    [group] = [one for one in workspace.usergroups.values() if one.handle == OFFICERS_GROUP]
    password = SecretStr(hashed(world.officers_password))
    return tuple(
        WebOfficer(sign_in=user.name, name=user.real_name, id=user.id, password=password)
        for user in workspace.users.values()
        if user.id in group.members
    )


def _slack(slack: PretendSlack) -> dict[str, object]:
    channels = {channel.name: channel.id for channel in slack.workspace.channels.values()}
    return {
        "slack_bot_token": SecretStr(slack.bot_token),
        "slack_app_token": SecretStr(slack.app_token),
        "slack_signing_secret": SecretStr(slack.app.signing_secret),
        "slack_cases_channel": channels[CASES_CHANNEL],
        "slack_enquiry_channels": (channels[ENQUIRY_CHANNEL],),
        "slack_officers_group": OFFICERS_GROUP,
        "slack_leads": _named(slack, "ruth"),
        "slack_analysts": _named(slack, "callum"),
    }


def _named(slack: PretendSlack, name: str) -> frozenset[str]:
    users = slack.workspace.users.values()
    return frozenset(user.id for user in users if user.name == name)


def with_api(settings: Settings, world: Sandbox) -> Settings:
    """The settings with the pretend Slack's address, unless the operator named another."""
    if "slack_api_url" in settings.model_fields_set:
        return settings
    return settings.model_copy(update={"slack_api_url": world.slack.api_url})


def with_pages(settings: Settings, dashboard_url: str) -> Settings:
    """The settings with the web pages' own address, unless the operator named another."""
    if settings.web_public_url is not None or not dashboard_url:
        return settings
    return settings.model_copy(update={"web_public_url": dashboard_url})
