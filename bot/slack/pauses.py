"""When Slack may be asked again: a channel that is busy, and a token that it refuses.

While something is paused nothing is asked of Slack for it, so that a thousand cards that wait cost
no thousand refusals. Each process keeps its own.
"""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import structlog

from bot.slack.failures import ERRORS, Verdict, code_of, is_token_refused, verdict, wait_of
from handlers.slack_standing import TOKEN_REFUSED

log = structlog.get_logger(__name__)

TOKEN_SECONDS = 30.0
"""Between two tries of a token that was refused: the first effect then due tries it."""


class BusyError(Exception):
    """Slack wants the channel left alone for some seconds more."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = max(seconds, 0.1)


@dataclass(slots=True)
class Pauses:
    """What Slack asked us to leave alone, and until when, by this host's steady clock."""

    token_seconds: float = TOKEN_SECONDS
    _busy: dict[str, float] = field(default_factory=dict)
    _token_until: float = -math.inf
    _token_error: str | None = None

    @contextmanager
    def minding(self, channel: str) -> Iterator[None]:
        """Around a post to a channel: note what Slack asks for by refusing it."""
        try:
            yield
        except ERRORS as error:
            if verdict(error) is Verdict.BUSY:
                self.busy(channel, wait_of(error))
            raise
        self._token_taken()

    def asked_by(self, error: Exception) -> tuple[str, float] | None:
        """What Slack asks for by an error, and for how long; None where it is about one post."""
        if isinstance(error, BusyError):
            return "ratelimited", error.seconds
        if is_token_refused(error):
            return self.token_refused(code_of(error))
        return (code_of(error), wait_of(error)) if verdict(error) is Verdict.BUSY else None

    def only_if_free(self, channel: str) -> None:
        """Raises BusyError while Slack wants the channel left alone."""
        if seconds := self.busy_for(channel):
            raise BusyError(seconds)

    def busy(self, channel: str, seconds: float) -> None:
        """Slack asked to leave a channel alone for so long."""
        self._busy[channel] = max(time.monotonic() + seconds, self._busy.get(channel, 0))

    def busy_for(self, channel: str) -> float:
        """Seconds for which the channel is to be left alone; 0 where it is free."""
        left = self._busy.get(channel, 0.0) - time.monotonic()
        if left <= 0:
            self._busy.pop(channel, None)
        return max(left, 0.0)

    def token_refused(self, code: str) -> tuple[str, float]:
        """Slack refuses the token, which is said once; what is kept of that, and the wait."""
        if self._token_error != code:
            log.error("Slack refuses the bot token; posts wait, mail goes on", error=code)
        self._token_error = code
        self._token_until = time.monotonic() + self.token_seconds
        return f"{TOKEN_REFUSED}{code}", self.token_seconds

    def _token_taken(self) -> None:
        """Slack took the token."""
        if self._token_error is not None:
            log.info("Slack takes the bot token again")
        self._token_error = None

    def token_closed(self) -> tuple[str, float] | None:
        """Why nothing may be posted now, and for how long; None where it may be tried."""
        left = self._token_until - time.monotonic()
        if self._token_error is None or left <= 0:
            return None
        return f"{TOKEN_REFUSED}{self._token_error}", max(left, 1.0)
