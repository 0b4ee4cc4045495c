"""What a Slack workspace holds: people, channels, groups, messages and views."""

from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]
ChannelKind = Literal["channel", "private", "im"]


@dataclass
class User:
    """A member of the workspace, person or bot."""

    id: str
    name: str
    real_name: str
    email: str | None = None
    title: str = ""
    is_bot: bool = False
    bot_id: str | None = None
    is_admin: bool = False
    deleted: bool = False
    tz: str = "Europe/London"


@dataclass
class Channel:
    """A channel, a private channel or a direct message between two members."""

    id: str
    name: str
    kind: ChannelKind = "channel"
    members: set[str] = field(default_factory=set)
    purpose: str = ""
    is_archived: bool = False
    created: int = 0


@dataclass
class Usergroup:
    """A group of members that can be mentioned by its handle."""

    id: str
    handle: str
    name: str
    members: list[str] = field(default_factory=list)
    is_disabled: bool = False


@dataclass
class File:
    """An uploaded file and, once complete, its bytes."""

    id: str
    name: str
    size: int
    title: str = ""
    content: bytes | None = None
    user: str = ""


@dataclass
class Message:
    """A post in a channel or thread. `ts` is its id within the channel: seconds and a counter."""

    channel: str
    ts: str
    user: str
    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    metadata: Json | None = None
    thread_ts: str | None = None
    broadcast: bool = False
    edited_ts: str | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)
    seen_only_by: str | None = None
    """The one member who sees an ephemeral message; None for an ordinary one."""
    username: str | None = None

    @property
    def is_reply(self) -> bool:
        """Whether it stands in a thread below another message."""
        return self.thread_ts is not None and self.thread_ts != self.ts


@dataclass
class View:
    """A modal that is open, or a member's App Home tab."""

    id: str
    user: str
    content: Json
    hash: str
    root_id: str
    previous_id: str | None = None

    @property
    def kind(self) -> str:
        """`modal` or `home`."""
        return str(self.content["type"])

    @property
    def blocks(self) -> list[Json]:
        """Its blocks, each with a block_id."""
        blocks: list[Json] = self.content["blocks"]
        return blocks


@dataclass(frozen=True)
class Shortcut:
    """An entry that the app adds to Slack's menus: everywhere, or on each message."""

    name: str
    callback_id: str
    on_messages: bool


@dataclass(frozen=True)
class AppSettings:
    """How the app is installed: what its manifest says, and where it is called.

    `request_url` unset means Socket Mode. `events` None means that every event is delivered,
    `commands` None that every command is.
    """

    id: str
    name: str
    user_id: str
    bot_id: str
    signing_secret: str
    verification_token: str
    request_url: str | None = None
    events: frozenset[str] | None = None
    unfurl_domains: frozenset[str] = frozenset()
    commands: frozenset[str] | None = None
    shortcuts: tuple[Shortcut, ...] = ()
