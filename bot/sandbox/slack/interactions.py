"""The payloads in which Slack tells an app what a person did (docs.slack.dev, interactivity)."""

import time

from bot.sandbox.slack.block_values import find_element, value_of
from bot.sandbox.slack.model import Channel, Json, User
from bot.sandbox.slack.state import PretendSlack


class Interactions:
    """Words and sends what one member did. Sending raises `NoAnswerError`, as `Delivery.now`."""

    def __init__(self, slack: PretendSlack, user: User) -> None:
        self._slack = slack
        self._user = user

    def command(self, channel: Channel, command: str, text: str) -> Json:
        """The fields of a slash command."""
        return {
            "token": self._slack.app.verification_token,
            "team_id": self._slack.workspace.id,
            "team_domain": self._slack.workspace.domain,
            "channel_id": channel.id,
            "channel_name": channel.name or "directmessage",
            "user_id": self._user.id,
            "user_name": self._user.name,
            "command": command,
            "text": text,
            "api_app_id": self._slack.app.id,
            "is_enterprise_install": "false",
            "response_url": self.response_url(channel.id, None),
            "trigger_id": self._slack.passes.new_trigger(self._user.id),
        }

    async def act(
        self,
        blocks: list[Json],
        *,
        block_id: str | None,
        action_id: str,
        chosen: str | list[str] | None,
        place: Json,
        view_id: str | None,
    ) -> None:
        """Send the press of one element as `block_actions`.

        Raises:
            SlackError: `action_not_found` or `invalid_option`.
        """
        block, element = find_element(blocks, block_id, action_id)
        action: Json = {
            **value_of(element, chosen),
            "action_id": action_id,
            "block_id": block["block_id"],
            "action_ts": self._slack.workspace.new_ts(),
        }
        if element["type"] == "button":
            action["text"] = element["text"]
            action |= {name: element[name] for name in ("value", "style") if name in element}
        await self.send("block_actions", action_id, {**place, "actions": [action]}, view_id)

    async def send(
        self,
        kind: str,
        name: str,
        more: Json,
        view_id: str | None = None,
        *,
        with_trigger: bool = True,
    ) -> Json:
        """Send an interaction of a kind; returns what the app answered."""
        team = {"id": self._slack.workspace.id, "domain": self._slack.workspace.domain}
        payload: Json = {
            "type": kind,
            "user": {
                "id": self._user.id,
                "username": self._user.name,
                "name": self._user.name,
                "team_id": team["id"],
            },
            "api_app_id": self._slack.app.id,
            "token": self._slack.app.verification_token,
            "team": team,
            "enterprise": None,
            "is_enterprise_install": False,
            **more,
        }
        if with_trigger:
            payload["trigger_id"] = self._slack.passes.new_trigger(self._user.id, view_id)
        return await self._slack.delivery.now("interactive", name, payload)

    def response_url(self, channel_id: str, ts: str | None) -> str:
        """An address at which the app may answer this person."""
        key = self._slack.passes.new_address(self._user.id, channel_id, ts)
        team = self._slack.workspace.id
        return f"{self._slack.base_url}/actions/{team}/{int(time.time())}/{key}"


def named(channel: Channel) -> Json:
    """A channel as interactions name it."""
    return {"id": channel.id, "name": channel.name or "directmessage"}
