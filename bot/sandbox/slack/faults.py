"""What goes wrong on purpose: rate limits, refusals asked for in advance, and outages."""

import math
import time
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass

from bot.sandbox.slack.errors import SlackError


@dataclass(frozen=True)
class RateLimit:
    """At most `calls` in any `seconds`, counted for the method or for each channel of it."""

    calls: int
    seconds: float
    per_channel: bool = False


SLACK_TIERS: Mapping[str, RateLimit] = {
    "chat.postMessage": RateLimit(20, 20, per_channel=True),
    "chat.update": RateLimit(50, 60),
    "conversations.history": RateLimit(50, 60),
    "conversations.replies": RateLimit(50, 60),
    "conversations.list": RateLimit(20, 60),
    "users.list": RateLimit(20, 60),
    "usergroups.list": RateLimit(20, 60),
    "views.open": RateLimit(100, 60),
    "views.publish": RateLimit(100, 60),
}
"""About what Slack promises: the tiers of its methods, and a post a second in each channel."""


@dataclass
class _Failure:
    error: SlackError
    left: int


class Faults:
    """Decides, before a call is served, whether it fails.

    Args:
        limits: Rate limits by method; a method that is not named is unlimited.
    """

    def __init__(self, limits: Mapping[str, RateLimit] | None = None) -> None:
        self.limits: dict[str, RateLimit] = dict(limits or {})
        self.outage = False
        self._planned: dict[str, deque[_Failure]] = defaultdict(deque)
        self._calls: dict[tuple[str, str], deque[float]] = defaultdict(deque)

    def fail_next(
        self,
        method: str,
        error: str,
        *,
        times: int = 1,
        status: int = 200,
        retry_after: int | None = None,
    ) -> None:
        """Refuse the next `times` calls of a method with this error."""
        refusal = SlackError(error, status=status, retry_after=retry_after)
        self._planned[method].append(_Failure(refusal, times))

    def check(self, method: str, channel: str) -> None:
        """Let a call through, or raise what it fails with.

        Raises:
            SlackError: `service_unavailable` (503) in an outage, `ratelimited` (429) with
                seconds to wait, or what was planned.
        """
        if self.outage:
            raise SlackError("service_unavailable", status=503)
        planned = self._planned[method]
        if planned:
            failure = planned[0]
            failure.left -= 1
            if failure.left <= 0:
                planned.popleft()
            raise failure.error
        self._count(method, channel)

    def _count(self, method: str, channel: str) -> None:
        limit = self.limits.get(method)
        if limit is None:
            return
        calls = self._calls[method, channel if limit.per_channel else ""]
        now = time.monotonic()
        while calls and calls[0] <= now - limit.seconds:
            calls.popleft()
        if len(calls) >= limit.calls:
            wait = math.ceil(calls[0] + limit.seconds - now)
            raise SlackError("ratelimited", status=429, retry_after=max(1, wait))
        calls.append(now)
