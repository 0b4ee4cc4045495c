"""The manifest grants what the code uses, and nothing else."""

import json
import re
from pathlib import Path

import bot.slack
from bot.slack import names
from bot.slack.commands import COMMAND

FOLDER = Path(bot.slack.__file__).parent
MANIFEST = json.loads((FOLDER / "manifest.json").read_text())
CODE = "\n".join(path.read_text() for path in sorted(FOLDER.glob("*.py")))

SCOPES = {
    "apps_connections_open": set(),
    "auth_test": set(),
    "chat_postEphemeral": {"chat:write"},
    "chat_postMessage": {"chat:write"},
    "chat_unfurl": {"links:write"},
    "chat_update": {"chat:write"},
    "conversations_history": {"channels:history", "groups:history", "im:history"},
    "conversations_open": {"im:write"},
    "conversations_replies": {"channels:history", "groups:history", "im:history"},
    "usergroups_list": {"usergroups:read"},
    "users_info": {"users:read"},
    "views_open": set(),
    "views_publish": set(),
    "views_update": set(),
}
"""Scopes of each method that the code calls (docs.slack.dev, Web API methods)."""
EVENTS = {
    "message": {"message.channels", "message.groups", "message.im"},
    "app_mention": {"app_mention"},
    "app_home_opened": {"app_home_opened"},
    "link_shared": {"link_shared"},
}
"""Subscriptions of each event that the code listens to."""
SCOPES_OF_EVENTS = {
    *("app_mentions:read", "channels:history", "groups:history", "im:history", "links:read")
}


def test_every_method_called_has_its_scope_and_no_scope_is_idle():
    called = set(re.findall(r"client\.([a-z]+_[A-Za-z_]+)\(", CODE))
    assert called == set(SCOPES)
    needed = set().union(*(SCOPES[method] for method in called), SCOPES_OF_EVENTS, {"commands"})
    assert set(MANIFEST["oauth_config"]["scopes"]["bot"]) == needed


def test_every_event_listened_to_is_subscribed_and_no_other():
    heard = set(re.findall(r'app\.event\("([a-z_]+)"', CODE))
    assert heard == set(EVENTS)
    wanted = set().union(*(EVENTS[event] for event in heard))
    assert set(MANIFEST["settings"]["event_subscriptions"]["bot_events"]) == wanted


def test_the_slash_command_is_the_one_listened_to():
    assert [one["command"] for one in MANIFEST["features"]["slash_commands"]] == [COMMAND]


def test_the_shortcuts_are_the_ones_listened_to():
    listed = {one["callback_id"]: one["type"] for one in MANIFEST["features"]["shortcuts"]}
    assert listed == {names.PHONE_CALL: "global", names.MAKE_ENQUIRY: "message"}
    heard = set(re.findall(r"app\.shortcut\(names\.([A-Z_]+)\)", CODE))
    assert {getattr(names, one) for one in heard} == set(listed)


def test_buttons_home_and_socket_mode_are_switched_on():
    assert MANIFEST["settings"]["interactivity"]["is_enabled"]
    assert MANIFEST["settings"]["socket_mode_enabled"]
    assert MANIFEST["features"]["app_home"]["home_tab_enabled"]
    assert MANIFEST["features"]["app_home"]["messages_tab_enabled"]
