"""Passes that are valid once or for a while: trigger ids, response addresses, socket tickets."""

import secrets
import time
from dataclasses import dataclass

from bot.sandbox.slack.errors import SlackError


@dataclass(frozen=True)
class Trigger:
    """A person's press, in answer to which one modal may be opened."""

    user: str
    view_id: str | None
    expires: float


@dataclass
class ResponseAddress:
    """Where an app may answer one interaction, five times within half an hour."""

    user: str
    channel: str
    message_ts: str | None
    expires: float
    left: int = 5


class Passes:
    """Issues passes and honours each no longer than Slack does.

    Args:
        trigger_seconds: Life of a trigger id; Slack's is three seconds.
        response_seconds: Life of a response address; Slack's is half an hour.
    """

    def __init__(self, *, trigger_seconds: float = 3.0, response_seconds: float = 1800.0) -> None:
        self.trigger_seconds = trigger_seconds
        self.response_seconds = response_seconds
        self._triggers: dict[str, Trigger] = {}
        self._spent: set[str] = set()
        self._addresses: dict[str, ResponseAddress] = {}
        self._tickets: set[str] = set()

    def new_trigger(self, user: str, view_id: str | None = None) -> str:
        """A trigger id for one modal in answer to this person."""
        stamp = f"{time.time_ns() // 1000}"
        key = f"{stamp[:13]}.{stamp[-11:]}.{secrets.token_hex(16)}"
        self._triggers[key] = Trigger(user, view_id, time.monotonic() + self.trigger_seconds)
        return key

    def spend_trigger(self, key: str) -> Trigger:
        """Use a trigger id up.

        Raises:
            SlackError: `invalid_trigger_id`, `exchanged_trigger_id` or `expired_trigger_id`.
        """
        if key in self._spent:
            raise SlackError("exchanged_trigger_id")
        trigger = self._triggers.get(key)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if time.monotonic() > trigger.expires:
            raise SlackError("expired_trigger_id")
        del self._triggers[key]
        self._spent.add(key)
        return trigger

    def new_address(self, user: str, channel: str, message_ts: str | None) -> str:
        """The last part of a response address."""
        key = secrets.token_urlsafe(18)
        expires = time.monotonic() + self.response_seconds
        self._addresses[key] = ResponseAddress(user, channel, message_ts, expires)
        return key

    def use_address(self, key: str) -> ResponseAddress:
        """Count one answer to a response address.

        Raises:
            SlackError: `expired_url` or `used_url`, both with status 404.
        """
        address = self._addresses.get(key)
        if address is None or time.monotonic() > address.expires:
            raise SlackError("expired_url", status=404)
        if address.left <= 0:
            raise SlackError("used_url", status=404)
        address.left -= 1
        return address

    def new_ticket(self) -> str:
        """A ticket for one Socket Mode connection."""
        ticket = secrets.token_urlsafe(24)
        self._tickets.add(ticket)
        return ticket

    def spend_ticket(self, ticket: str) -> bool:
        """Whether the ticket was good; it is not afterwards."""
        known = ticket in self._tickets
        self._tickets.discard(ticket)
        return known
