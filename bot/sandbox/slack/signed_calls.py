"""Calls to the app over HTTP, signed as Slack signs them (docs.slack.dev, verifying requests)."""

import asyncio
import hashlib
import hmac
import json
import time
import urllib.parse

import aiohttp

from bot.sandbox.slack.model import Json
from bot.sandbox.slack.socket_mode import NoAnswerError

_FORM = "application/x-www-form-urlencoded"


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """The value of `X-Slack-Signature` for a body sent at a Unix time in seconds."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def encoded(kind: str, payload: Json) -> tuple[bytes, str]:
    """Body and content type in which Slack sends this kind of thing."""
    if kind == "events_api":
        return json.dumps(payload).encode(), "application/json"
    fields = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
    return urllib.parse.urlencode(fields).encode(), _FORM


class SignedCalls:
    """Posts to the app's request URL and reads its answer."""

    def __init__(self, signing_secret: str) -> None:
        self._secret = signing_secret
        self._session: aiohttp.ClientSession | None = None

    async def send(
        self, url: str, kind: str, payload: Json, *, seconds: float, retry: tuple[int, str] | None
    ) -> Json:
        """Make one call; returns the JSON object of the answer, or text as `{"text": …}`.

        Raises:
            NoAnswerError: `http_timeout`, `http_error` or `connection_failed`.
        """
        body, content_type = encoded(kind, payload)
        timestamp = str(int(time.time()))
        headers = {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(self._secret, timestamp, body),
        }
        if retry is not None:
            headers |= {"X-Slack-Retry-Num": str(retry[0]), "X-Slack-Retry-Reason": retry[1]}
        try:
            async with (
                asyncio.timeout(seconds),
                self._client().post(
                    url, data=body, headers=headers, allow_redirects=False
                ) as answer,
            ):
                text = await answer.text()
        except TimeoutError as late:
            raise NoAnswerError("http_timeout") from late
        except aiohttp.ClientError as broken:
            raise NoAnswerError("connection_failed") from broken
        if answer.status // 100 != 2:  # noqa: PLR2004 - the class of success
            raise NoAnswerError("http_error", final=answer.headers.get("X-Slack-No-Retry") == "1")
        return _answer(text, answer.content_type)

    async def close(self) -> None:
        """Let connections go."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        return self._session


def _answer(text: str, content_type: str) -> Json:
    if not text.strip():
        return {}
    if content_type != "application/json":
        return {"text": text}
    try:
        said = json.loads(text)
    except ValueError as wrong:
        raise NoAnswerError("http_error") from wrong
    return said if isinstance(said, dict) else {}
