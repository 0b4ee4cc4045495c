"""A pretend Slack that Bolt reaches with nothing changed but the base address."""

from bot.sandbox.slack.acting import Acting
from bot.sandbox.slack.block_kit import problems, view_problems
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.faults import SLACK_TIERS, RateLimit
from bot.sandbox.slack.model import Channel, Message, User, View
from bot.sandbox.slack.seeded import (
    CASES_CHANNEL,
    ENQUIRY_CHANNEL,
    OFFICERS_GROUP,
    sandbox_workspace,
)
from bot.sandbox.slack.server import create_app, running
from bot.sandbox.slack.socket_mode import NoAnswerError
from bot.sandbox.slack.state import PretendSlack
from bot.sandbox.slack.workspace import Workspace

__all__ = [
    "CASES_CHANNEL",
    "ENQUIRY_CHANNEL",
    "OFFICERS_GROUP",
    "SLACK_TIERS",
    "Acting",
    "Channel",
    "Message",
    "NoAnswerError",
    "PretendSlack",
    "RateLimit",
    "SlackError",
    "User",
    "View",
    "Workspace",
    "create_app",
    "problems",
    "running",
    "sandbox_workspace",
    "view_problems",
]
