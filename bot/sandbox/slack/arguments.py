"""The arguments of a Web API call, whether they came as JSON, as a form or in the address."""

import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from bot.sandbox.slack.errors import SlackError


class Arguments:
    """Named values as the app sent them: JSON types in a JSON body, strings in a form."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def text(self, name: str) -> str:
        """A string, empty where the argument is missing."""
        value = self._values.get(name)
        return "" if value is None else str(value)

    def required(self, name: str) -> str:
        """A string that must be there.

        Raises:
            SlackError: `invalid_arguments`.
        """
        value = self.text(name)
        if not value:
            missing = f"[ERROR] missing required field: {name}"
            raise SlackError("invalid_arguments", messages=(missing,))
        return value

    def words(self, name: str) -> list[str]:
        """Some ids, given as an array or joined by commas."""
        value = self._values.get(name)
        given = value if isinstance(value, list) else self.text(name).split(",")
        return [str(word).strip() for word in given if str(word).strip()]

    def has(self, name: str) -> bool:
        """Whether the argument was given at all."""
        return self._values.get(name) is not None

    def flag(self, name: str, *, default: bool = False) -> bool:
        """A boolean; a form says `true` or `1`."""
        if not self.has(name):
            return default
        return self.text(name).lower() in ("true", "1")

    def number(self, name: str, default: int, most: int) -> int:
        """A whole number from 1 to `most`.

        Raises:
            SlackError: `invalid_limit`.
        """
        if not self.text(name):
            return default
        try:
            value = int(self.text(name))
        except ValueError as wrong:
            raise SlackError("invalid_limit") from wrong
        if value < 0:
            raise SlackError("invalid_limit")
        return min(value or default, most)

    def structure(self, name: str, error: str = "invalid_arguments") -> Any:
        """An object or array; a form sends it as a JSON string. None where it is missing.

        Raises:
            SlackError: with the word given, where it cannot be read.
        """
        value = self._values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError as wrong:
            raise SlackError(error) from wrong


async def read_arguments(request: web.Request) -> Arguments:
    """Read a request's body and query string.

    Raises:
        SlackError: `invalid_json`, `json_not_object` or `invalid_post_type`.
    """
    values: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        values |= _object(await request.text())
    elif request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        values |= dict(await request.post())
    elif await request.read():
        raise SlackError("invalid_post_type")
    return Arguments(values)


def _object(text: str) -> dict[str, Any]:
    if not text.strip():
        return {}
    try:
        value = json.loads(text)
    except ValueError as wrong:
        raise SlackError("invalid_json") from wrong
    if not isinstance(value, dict):
        raise SlackError("json_not_object")
    return value
