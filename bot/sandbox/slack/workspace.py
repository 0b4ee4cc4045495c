"""The contents of the pretend workspace: who is in it, and what was posted where."""

import time
from collections.abc import Iterable
from itertools import count

from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.model import Channel, ChannelKind, File, Message, User, Usergroup


class Workspace:
    """People, channels, usergroups, files and messages, in memory.

    Args:
        name: The team's name as people read it.
        domain: Its part of a Slack address.
    """

    def __init__(self, name: str = "Pretend Slack", domain: str = "pretend") -> None:
        self.id = "T0SANDBOX"
        self.name = name
        self.domain = domain
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.usergroups: dict[str, Usergroup] = {}
        self.files: dict[str, File] = {}
        self._messages: dict[str, dict[str, Message]] = {}
        self._replies: dict[tuple[str, str], list[Message]] = {}
        self._serial = count(1)
        self._last_micros = 0

    def new_id(self, letter: str) -> str:
        """An id of Slack's form: a letter for the kind, then capitals and digits."""
        return f"{letter}0SBX{next(self._serial):05d}"

    def new_ts(self) -> str:
        """A time stamp that no other message has, later than all before."""
        micros = max(time.time_ns() // 1000, self._last_micros + 1)
        self._last_micros = micros
        return f"{micros // 1_000_000}.{micros % 1_000_000:06d}"

    def add_user(self, user: User) -> User:
        """Let someone in."""
        self.users[user.id] = user
        return user

    def add_channel(
        self,
        name: str,
        members: Iterable[str] = (),
        *,
        kind: ChannelKind = "channel",
        purpose: str = "",
    ) -> Channel:
        """Open a channel."""
        channel_id = self.new_id("D" if kind == "im" else "C")
        channel = Channel(channel_id, name, kind, set(members), purpose, created=int(time.time()))
        self.channels[channel_id] = channel
        return channel

    def add_usergroup(self, handle: str, name: str, members: Iterable[str] = ()) -> Usergroup:
        """Make a group that can be mentioned."""
        group = Usergroup(self.new_id("S"), handle, name, list(members))
        self.usergroups[group.id] = group
        return group

    def user(self, user_id: str) -> User:
        """The member of this id.

        Raises:
            SlackError: `user_not_found`.
        """
        if user_id not in self.users:
            raise SlackError("user_not_found")
        return self.users[user_id]

    def channel(self, channel_id: str) -> Channel:
        """The channel of this id.

        Raises:
            SlackError: `channel_not_found`.
        """
        if channel_id not in self.channels:
            raise SlackError("channel_not_found")
        return self.channels[channel_id]

    def channel_named(self, name: str) -> Channel:
        """The channel of this name, `#` or not.

        Raises:
            SlackError: `channel_not_found`.
        """
        for channel in self.channels.values():
            if channel.kind != "im" and channel.name == name.removeprefix("#"):
                return channel
        raise SlackError("channel_not_found")

    def direct_channel(self, first: str, second: str) -> Channel:
        """The direct messages between two members, begun where there were none."""
        pair = {first, second}
        for channel in self.channels.values():
            if channel.kind == "im" and channel.members == pair:
                return channel
        return self.add_channel("", pair, kind="im")

    def add_message(self, message: Message) -> None:
        """Put a message at the end of its channel, or of its thread."""
        self._messages.setdefault(message.channel, {})[message.ts] = message
        if message.is_reply:
            self._replies_to(message.channel, str(message.thread_ts)).append(message)

    def drop_message(self, message: Message) -> None:
        """Take a message out of its channel."""
        del self._messages[message.channel][message.ts]
        if message.is_reply:
            self._replies_to(message.channel, str(message.thread_ts)).remove(message)

    def message(self, channel_id: str, ts: str, error: str = "message_not_found") -> Message:
        """The message at a time stamp, an ephemeral one included.

        Raises:
            SlackError: with the word given, where there is none.
        """
        message = self._messages.get(channel_id, {}).get(ts)
        if message is None:
            raise SlackError(error)
        return message

    def history(self, channel_id: str, viewer: str | None = None) -> list[Message]:
        """What a channel shows, the oldest first, without mere replies.

        Args:
            channel_id: Which channel.
            viewer: A member whose ephemeral messages are shown too; None shows no one's.
        """
        return [
            message
            for message in self._messages.get(channel_id, {}).values()
            if message.seen_only_by in (None, viewer)
            and (not message.is_reply or message.broadcast)
        ]

    def thread(self, channel_id: str, ts: str, viewer: str | None = None) -> list[Message]:
        """A message and its replies, the oldest first; for `viewer` see `history`."""
        root = self._messages.get(channel_id, {}).get(ts)
        rows = [*([root] if root else []), *self._replies.get((channel_id, ts), [])]
        return [message for message in rows if message.seen_only_by in (None, viewer)]

    def seen_by(self, channel_id: str, user_id: str) -> list[Message]:
        """All that one member may see in a channel and its threads, the oldest first."""
        rows = self._messages.get(channel_id, {}).values()
        return [message for message in rows if message.seen_only_by in (None, user_id)]

    def _replies_to(self, channel_id: str, ts: str) -> list[Message]:
        return self._replies.setdefault((channel_id, ts), [])
