"""The pretend Slack as a whole: a workspace with one app in it, and what can go wrong."""

import secrets
import time
from collections.abc import Mapping
from dataclasses import replace

from bot.sandbox.slack.access import TokenKind, Tokens
from bot.sandbox.slack.changes import Changes
from bot.sandbox.slack.delivery import Delivery
from bot.sandbox.slack.faults import Faults, RateLimit
from bot.sandbox.slack.json_forms import message_json, view_json
from bot.sandbox.slack.model import AppSettings, Channel, Json, Message, Shortcut, User, View
from bot.sandbox.slack.passes import Passes
from bot.sandbox.slack.views import Views
from bot.sandbox.slack.workspace import Workspace

_CHANNEL_TYPE = {"channel": "channel", "private": "group", "im": "im"}


class PretendSlack:
    """All state of a pretend Slack. It lives in memory and is served by `server.running`.

    Args:
        workspace: Its people and channels; the app's bot user is added to them.
        app_name: Name of the app and of its bot user.
        limits: Rate limits by method, `faults.SLACK_TIERS` for those that Slack promises.
        ack_seconds: How long the app may take to acknowledge.
        trigger_seconds: Life of a trigger id.
        retry_after: Seconds before each retry of an event.
    """

    def __init__(
        self,
        workspace: Workspace | None = None,
        *,
        app_name: str = "triagebot",
        limits: Mapping[str, RateLimit] | None = None,
        ack_seconds: float = 3.0,
        trigger_seconds: float = 3.0,
        retry_after: tuple[float, ...] = (0, 60, 300),
    ) -> None:
        self.workspace = workspace or Workspace()
        bot = User(self.workspace.new_id("U"), app_name, app_name, is_bot=True)
        bot.bot_id = self.workspace.new_id("B")
        self.workspace.add_user(bot)
        app = AppSettings(
            id=self.workspace.new_id("A"),
            name=app_name,
            user_id=bot.id,
            bot_id=bot.bot_id,
            signing_secret=secrets.token_hex(16),
            verification_token=secrets.token_urlsafe(18),
        )
        self.base_url = ""
        """Set when it is served, such as `http://127.0.0.1:8090`."""
        self.tokens = Tokens()
        self.bot_token = self.tokens.issue("bot")
        self.app_token = self.tokens.issue("app")
        self.faults = Faults(limits)
        self.passes = Passes(trigger_seconds=trigger_seconds)
        self.views = Views(self.workspace)
        self.changes = Changes()
        self.delivery = Delivery(app, ack_seconds=ack_seconds, retry_after=retry_after)

    @property
    def app(self) -> AppSettings:
        """The app as it is installed now."""
        return self.delivery.app

    @property
    def api_url(self) -> str:
        """Base address for `AsyncWebClient(base_url=…)`."""
        return f"{self.base_url}/api/"

    def configure(
        self,
        *,
        request_url: str | None = None,
        events: frozenset[str] | None = None,
        unfurl_domains: frozenset[str] = frozenset(),
        commands: frozenset[str] | None = None,
        shortcuts: tuple[Shortcut, ...] = (),
    ) -> None:
        """Say how the app is reached and what it hears, as its manifest does.

        Args:
            request_url: Where it is called by HTTP; None for Socket Mode.
            events: Bot events such as `message.channels`; None for all.
            unfurl_domains: Domains whose links in messages the app is told about.
            commands: Slash commands that exist; None for any.
            shortcuts: Entries that the app adds to menus.
        """
        self.delivery.app = replace(
            self.app,
            request_url=request_url,
            events=events,
            unfurl_domains=unfurl_domains,
            commands=commands,
            shortcuts=shortcuts,
        )

    def install(self, manifest: Json) -> None:
        """Set the app up as its manifest says (docs.slack.dev, app manifest reference).

        With `socket_mode_enabled` false it is called at the request URL of its interactivity.
        The bot token is from then on held to the manifest's scopes.
        """
        features, settings = manifest.get("features", {}), manifest.get("settings", {})
        http = not settings.get("socket_mode_enabled", False)
        shortcuts = [
            Shortcut(one["name"], one["callback_id"], one["type"] == "message")
            for one in features.get("shortcuts", [])
        ]
        self.configure(
            request_url=settings.get("interactivity", {}).get("request_url") if http else None,
            events=frozenset(settings.get("event_subscriptions", {}).get("bot_events", [])),
            unfurl_domains=frozenset(features.get("unfurl_domains", [])),
            commands=frozenset(one["command"] for one in features.get("slash_commands", [])),
            shortcuts=tuple(shortcuts),
        )
        scopes = frozenset(manifest.get("oauth_config", {}).get("scopes", {}).get("bot", []))
        self.tokens.limit(self.bot_token, scopes)

    def issue_token(self, kind: TokenKind, scopes: frozenset[str] | None = None) -> str:
        """A further token, where a test wants one with few scopes."""
        return self.tokens.issue(kind, scopes)

    async def revoke_token(self, token: str) -> None:
        """Take a token back; the sockets of an app token close for good."""
        self.tokens.revoke(token)
        if token == self.app_token:
            await self.delivery.sockets.disconnect("link_disabled")

    async def start_outage(self) -> None:
        """Slack is down for the app: calls get 503, sockets close, nothing is delivered."""
        self.faults.outage = self.delivery.paused = True
        await self.delivery.sockets.drop()
        self.changes.announce()

    def end_outage(self) -> None:
        """Slack is back."""
        self.faults.outage = self.delivery.paused = False
        self.changes.announce()

    def fail_next(
        self,
        method: str,
        error: str,
        *,
        times: int = 1,
        status: int = 200,
        retry_after: int | None = None,
    ) -> None:
        """Refuse the next calls of a Web API method, such as with `ratelimited`, 429 and 1 s."""
        self.faults.fail_next(method, error, times=times, status=status, retry_after=retry_after)

    def post(self, message: Message) -> Message:
        """Put a message where it belongs; those who may see it do, and the app hears of it."""
        self.workspace.add_message(message)
        self.changes.announce()
        if message.seen_only_by is None:
            self.message_event(message)
        return message

    def edited(self, message: Message, before: Json) -> None:
        """Tell that a message has changed; only one without blocks is marked as edited."""
        if not message.blocks:
            message.edited_ts = self.workspace.new_ts()
        self.changes.announce()
        if message.seen_only_by is None:
            changed = {"message": self.message_json(message), "previous_message": before}
            self._about_message(message, {"subtype": "message_changed", "hidden": True, **changed})

    def remove(self, message: Message) -> None:
        """Take a message away."""
        self.workspace.drop_message(message)
        self.changes.announce()
        if message.seen_only_by is None:
            gone = {"deleted_ts": message.ts, "previous_message": self.message_json(message)}
            self._about_message(message, {"subtype": "message_deleted", "hidden": True, **gone})

    def message_event(self, message: Message) -> None:
        """Tell the app of a new message, and again where it is mentioned."""
        shown = self.message_json(message)
        self._about_message(message, shown)
        if f"<@{self.app.user_id}>" in message.text and message.user != self.app.user_id:
            self.emit("app_mention", {**shown, "type": "app_mention", "channel": message.channel})

    def emit(self, subscription: str, event: Json) -> None:
        """Send an event to the app, if it asked for its kind."""
        if self.app.events is not None and subscription not in self.app.events:
            return
        told = {"event_ts": event.get("ts") or self.workspace.new_ts(), **event}
        self.delivery.later(subscription, self._event_body(told))

    def message_json(self, message: Message, *, metadata: bool = False) -> Json:
        """A message as this Slack shows it."""
        return message_json(
            message, self.workspace, self.app, metadata=metadata, base_url=self.base_url
        )

    def view_json(self, view: View, values: Json | None = None) -> Json:
        """A view as this Slack shows it."""
        return view_json(view, self.workspace.id, self.app, values)

    def may_read(self, channel: Channel, user: str) -> bool:
        """Whether someone may read a channel."""
        return channel.kind == "channel" or user in channel.members

    def _about_message(self, message: Message, event: Json) -> None:
        channel = self.workspace.channel(message.channel)
        # Slack tells an app nothing of conversations that its bot is not in.
        if self.app.user_id not in channel.members:
            return
        kind = _CHANNEL_TYPE[channel.kind]
        subscription = {"channel": "message.channels", "group": "message.groups"}.get(
            kind, "message.im"
        )
        ts = event.get("ts") or self.workspace.new_ts()
        placed = {"type": "message", "ts": ts, "channel": channel.id, "channel_type": kind}
        self.emit(subscription, {**event, **placed})

    def _event_body(self, event: Json) -> Json:
        team = self.workspace.id
        return {
            "token": self.app.verification_token,
            "team_id": team,
            "context_team_id": team,
            "api_app_id": self.app.id,
            "event": event,
            "type": "event_callback",
            "event_id": self.workspace.new_id("Ev"),
            "event_time": int(time.time()),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": team,
                    "user_id": self.app.user_id,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": False,
            "event_context": f"4-{secrets.token_hex(8)}",
        }
