"""What a person types, as Slack's own client turns it into a message."""

import re

from bot.sandbox.slack.model import Json
from bot.sandbox.slack.workspace import Workspace

_URL = re.compile(r"https?://[^\s<>|]+[^\s<>|.,;:!?)\]'\"]")
_AT = re.compile(r"(?<![\w.])@([\w.-]*\w)")
_HASH = re.compile(r"(?<![\w&])#([\w-]+)")
_BROADCAST = ("here", "channel", "everyone")
_TOKEN = re.compile(r"<([^<>]+)>")


def typed(text: str, workspace: Workspace) -> str:
    """Escape what was typed, and turn @names, #channels and addresses into Slack's tokens."""
    escaped = text.strip().replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    people = {user.name: f"<@{user.id}>" for user in workspace.users.values()}
    people |= {group.handle: f"<!subteam^{group.id}>" for group in workspace.usergroups.values()}
    people |= {word: f"<!{word}>" for word in _BROADCAST}
    rooms = {c.name: f"<#{c.id}|{c.name}>" for c in workspace.channels.values() if c.kind != "im"}
    parts = []
    end = 0
    for url in _URL.finditer(escaped):
        parts += [_mentions(escaped[end : url.start()], people, rooms), f"<{url.group()}>"]
        end = url.end()
    return "".join([*parts, _mentions(escaped[end:], people, rooms)])


def _mentions(text: str, people: dict[str, str], rooms: dict[str, str]) -> str:
    text = _AT.sub(lambda found: people.get(found[1], found[0]), text)
    return _HASH.sub(lambda found: rooms.get(found[1], found[0]), text)


def rich_text(text: str) -> Json:
    """The `rich_text` block that Slack adds to a message that a person wrote."""
    elements = []
    for index, part in enumerate(_TOKEN.split(text)):
        if part:
            elements.append(_token(part) if index % 2 else _words(part))
    section = {"type": "rich_text_section", "elements": elements}
    return {"type": "rich_text", "block_id": "typed", "elements": [section]}


def _words(part: str) -> Json:
    plain = part.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return {"type": "text", "text": plain}


def _token(inside: str) -> Json:
    target = inside.partition("|")[0]
    if target.startswith("@"):
        return {"type": "user", "user_id": target[1:]}
    if target.startswith("#"):
        return {"type": "channel", "channel_id": target[1:]}
    if target.startswith("!subteam^"):
        return {"type": "usergroup", "usergroup_id": target.removeprefix("!subteam^")}
    if target.startswith("!"):
        return {"type": "broadcast", "range": target[1:]}
    return {"type": "link", "url": target.replace("&amp;", "&")}
