"""What a person does in the pretend Slack: writes, presses, submits, opens."""

import re

from bot.sandbox.slack.answers import follow, show_answer
from bot.sandbox.slack.block_values import Filled, incomplete, state_values
from bot.sandbox.slack.composer import rich_text, typed
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.interactions import Interactions, named
from bot.sandbox.slack.model import Channel, Json, Message, View
from bot.sandbox.slack.state import PretendSlack

_LINK = re.compile(r"<(https?://([^/|>\s]+)[^|>\s]*)(?:\|[^>]*)?>")


class Acting:
    """One member of the workspace, as whom a page or a test acts.

    Every method that reaches the app raises `NoAnswerError` where the app does not acknowledge
    in time, just as Slack shows its warning sign.
    """

    def __init__(self, slack: PretendSlack, user_id: str) -> None:
        self._slack = slack
        self._user = slack.workspace.user(user_id)
        self._interactions = Interactions(slack, self._user)

    def say(self, channel_id: str, text: str, thread_ts: str | None = None) -> Message:
        """Write in a channel, a direct message or a thread.

        Raises:
            SlackError: `no_text`, `channel_not_found` or `thread_not_found`.
        """
        channel = self._channel(channel_id)
        if not text.strip():
            raise SlackError("no_text")
        if thread_ts is not None:
            self._slack.workspace.message(channel_id, thread_ts, "thread_not_found")
        words = typed(text, self._slack.workspace)
        message = Message(
            channel.id, self._slack.workspace.new_ts(), self._user.id, words, thread_ts=thread_ts
        )
        message.blocks = [rich_text(words)]
        self._slack.post(message)
        self._tell_of_links(message)
        return message

    def react(self, channel_id: str, ts: str, name: str) -> None:
        """Add an emoji to a message, or take it back."""
        message = self._slack.workspace.message(channel_id, ts)
        users = message.reactions.setdefault(name, [])
        kind = "reaction_removed" if self._user.id in users else "reaction_added"
        if self._user.id in users:
            users.remove(self._user.id)
        else:
            users.append(self._user.id)
        if not users:
            del message.reactions[name]
        self._slack.changes.announce()
        item = {"type": "message", "channel": channel_id, "ts": ts}
        about = {"user": self._user.id, "reaction": name, "item_user": message.user, "item": item}
        self._slack.emit(kind, {"type": kind, **about})

    def open_home(self) -> None:
        """Look at the App Home."""
        channel = self._slack.workspace.direct_channel(self._user.id, self._slack.app.user_id)
        event: Json = {
            "type": "app_home_opened",
            "user": self._user.id,
            "channel": channel.id,
            "tab": "home",
        }
        home = self._slack.views.home(self._user.id)
        if home is not None:
            event["view"] = self._slack.view_json(home)
        self._slack.emit("app_home_opened", event)

    async def command(
        self, channel_id: str, command: str, text: str = "", thread_ts: str | None = None
    ) -> None:
        """Run a slash command; what the app answers at once is shown.

        Raises:
            SlackError: `invalid_command` where the app has no such command.
        """
        known = self._slack.app.commands
        if known is not None and command not in known:
            raise SlackError("invalid_command")
        channel = self._channel(channel_id)
        payload = self._interactions.command(channel, command, text)
        answer = await self._slack.delivery.now("slash_commands", command, payload)
        if answer.get("text") or answer.get("blocks"):
            show_answer(self._slack, self._user.id, channel, answer, thread_ts)

    async def shortcut(self, callback_id: str) -> None:
        """Choose a global shortcut."""
        payload = {"callback_id": callback_id, "action_ts": self._slack.workspace.new_ts()}
        await self._interactions.send("shortcut", callback_id, payload)

    async def message_shortcut(self, callback_id: str, channel_id: str, ts: str) -> None:
        """Choose a shortcut in a message's menu."""
        channel = self._channel(channel_id)
        message = self._slack.workspace.message(channel_id, ts)
        payload = {
            "callback_id": callback_id,
            "action_ts": self._slack.workspace.new_ts(),
            "message_ts": ts,
            "channel": named(channel),
            "message": self._slack.message_json(message),
            "response_url": self._interactions.response_url(channel_id, ts),
        }
        await self._interactions.send("message_action", callback_id, payload)

    async def press(
        self,
        channel_id: str,
        ts: str,
        action_id: str,
        *,
        block_id: str | None = None,
        chosen: str | list[str] | None = None,
        filled: Filled | None = None,
    ) -> None:
        """Press a button of a message, or choose in one of its menus.

        Args:
            channel_id: Where the message stands.
            ts: Which message.
            action_id: What is pressed.
            block_id: In which block, where the action_id alone does not say.
            chosen: The value of the option or the date chosen; nothing for a button.
            filled: What the message's other fields hold.
        """
        channel = self._channel(channel_id)
        message = self._slack.workspace.message(channel_id, ts)
        ephemeral = message.seen_only_by is not None
        blocks = [
            *message.blocks,
            *(b for one in message.attachments for b in one.get("blocks", [])),
        ]
        container = {
            "type": "message",
            "message_ts": ts,
            "channel_id": channel_id,
            "is_ephemeral": ephemeral,
        }
        if message.thread_ts:
            container["thread_ts"] = message.thread_ts
        place = {
            "container": container,
            "channel": named(channel),
            "message": self._slack.message_json(message),
            "state": {"values": state_values(blocks, filled or {})},
            "response_url": self._interactions.response_url(channel_id, ts),
        }
        await self._interactions.act(
            blocks, block_id=block_id, action_id=action_id, chosen=chosen, place=place, view_id=None
        )

    async def press_in_view(
        self,
        view_id: str,
        action_id: str,
        *,
        block_id: str | None = None,
        chosen: str | list[str] | None = None,
        filled: Filled | None = None,
    ) -> None:
        """Press a button, or choose in a menu, within a modal or the App Home."""
        view = self._view(view_id)
        values = state_values(view.blocks, filled or {})
        place = {
            "container": {"type": "view", "view_id": view.id},
            "view": self._slack.view_json(view, values),
        }
        await self._interactions.act(
            view.blocks,
            block_id=block_id,
            action_id=action_id,
            chosen=chosen,
            place=place,
            view_id=view.id,
        )

    async def submit(self, view_id: str, filled: Filled) -> dict[str, str]:
        """Submit a modal and do as the app answers.

        Returns:
            What is to be corrected, by block_id; empty when it was taken.
        """
        view = self._view(view_id)
        values = state_values(view.blocks, filled)
        errors = incomplete(view.blocks, values)
        if errors:
            return errors
        payload = {"view": self._slack.view_json(view, values), "response_urls": []}
        answer = await self._interactions.send(
            "view_submission", str(view.content.get("callback_id")), payload, view.id
        )
        return follow(self._slack, view, answer)

    async def close(self, view_id: str) -> None:
        """Close a modal; the app hears of it if it asked to."""
        view = self._view(view_id)
        clear = bool(view.content.get("clear_on_close"))
        closed = self._slack.views.clear(self._user.id) if clear else self._slack.views.close(view)
        self._slack.changes.announce()
        for one in closed:
            if one.content.get("notify_on_close"):
                payload = {"view": self._slack.view_json(one), "is_cleared": clear}
                name = str(one.content.get("callback_id"))
                await self._interactions.send("view_closed", name, payload, with_trigger=False)

    def _tell_of_links(self, message: Message) -> None:
        found = [
            {"url": url, "domain": domain}
            for url, domain in _LINK.findall(message.text)
            if domain.rpartition("@")[2].split(":")[0] in self._slack.app.unfurl_domains
        ]
        if found:
            told = {"channel": message.channel, "user": message.user, "message_ts": message.ts}
            thread = {"thread_ts": message.thread_ts} if message.thread_ts else {}
            self._slack.emit(
                "link_shared", {"type": "link_shared", **told, **thread, "links": found}
            )

    def _channel(self, channel_id: str) -> Channel:
        channel = self._slack.workspace.channel(channel_id)
        if not self._slack.may_read(channel, self._user.id):
            raise SlackError("channel_not_found")
        return channel

    def _view(self, view_id: str) -> View:
        view = self._slack.views.find(view_id)
        if view.user != self._user.id:
            raise SlackError("not_found")
        return view
