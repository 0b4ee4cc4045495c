"""Clients of Slack's Web API, at the base address that the settings name."""

from typing import Literal

from pydantic import SecretStr
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient

CALL_SECONDS = 10
"""Longest wait for an answer; shorter than the patience of `handlers.delivery`."""


def web_client(
    base_url: str, token: SecretStr | None, manner: Literal["asks_again", "asks_once"]
) -> AsyncWebClient:
    """A client that tries again by itself, or one that leaves that to the outbox.

    What posts must ask once: a second request after a lost answer could post twice.
    """
    again = [
        AsyncRateLimitErrorRetryHandler(max_retry_count=2),
        AsyncConnectionErrorRetryHandler(),
        AsyncServerErrorRetryHandler(),
    ]
    return AsyncWebClient(
        token=None if token is None else token.get_secret_value(),
        base_url=base_url if base_url.endswith("/") else f"{base_url}/",
        timeout=CALL_SECONDS,
        retry_handlers=list(again) if manner == "asks_again" else [],
    )
