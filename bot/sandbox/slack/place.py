"""Where someone is on the page: who they act as, which channel, which thread."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.sandbox.slack.model import Channel, User
from bot.sandbox.slack.state import PretendSlack


@dataclass(frozen=True)
class Place:
    """`channel` is None on the App Home."""

    user: User
    channel: Channel | None
    thread: str | None


def read_place(slack: PretendSlack, query: Mapping[str, str]) -> Place:
    """The place that an address names; what it does not name, or not rightly, is the first."""
    people = [user for user in slack.workspace.users.values() if not user.is_bot]
    user = next((one for one in people if one.id == query.get("as")), people[0])
    if query.get("channel") == "home":
        return Place(user, None, None)
    readable = [room for room in slack.workspace.channels.values() if slack.may_read(room, user.id)]
    channel = next((one for one in readable if one.id == query.get("channel")), None)
    if channel is None:
        return Place(user, readable[0] if readable else None, None)
    return Place(user, channel, query.get("thread") or None)
