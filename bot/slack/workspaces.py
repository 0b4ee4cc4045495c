"""Which token speaks for a workspace, and who we are there.

An app is installed in one workspace, in several, or in a whole organisation; each installation has
a token of its own. What Slack sends is not refused because Slack cannot say just now who we are:
an event that is acknowledged and dropped never comes again.
"""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import structlog
from pydantic import SecretStr
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.failures import ERRORS, code_of

log = structlog.get_logger(__name__)

ASKING_SECONDS = 1.0
"""Longest wait for who we are: whoever pressed a button waits as well."""
ASKED_AGAIN_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a token makes us; empty while Slack does not say."""

    bot_id: str | None = None
    bot_user_id: str | None = None
    url: str | None = None


NOBODY = Identity()


@dataclass(slots=True)
class Workspaces:
    """Finds the token for what Slack sends. `others` are tokens by workspace or organisation."""

    base_url: str
    usual: SecretStr
    others: Mapping[str, SecretStr] = field(default_factory=dict)
    _known: dict[str, tuple[float, Identity]] = field(default_factory=dict)

    async def authorize(self, enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        """As whom a request is worked on; Bolt calls this with what the request says of itself."""
        token = self.token_of(enterprise_id, team_id).get_secret_value()
        known = await self._identity(token)
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            url=known.url,
            bot_id=known.bot_id,
            bot_user_id=known.bot_user_id,
            bot_token=token,
        )

    def token_of(self, enterprise_id: str | None, team_id: str | None) -> SecretStr:
        """The workspace's own token, else its organisation's, else the usual one."""
        for one in (team_id, enterprise_id):
            if one and one in self.others:
                return self.others[one]
        return self.usual

    async def _identity(self, token: str) -> Identity:
        until, known = self._known.get(token, (0.0, NOBODY))
        if until > time.monotonic():
            return known
        client = AsyncWebClient(token=token, base_url=self.base_url, retry_handlers=[])
        try:
            async with asyncio.timeout(ASKING_SECONDS):
                answer = await client.auth_test()
        except ERRORS as error:
            log.warning("Slack did not say who we are", error=code_of(error))
            self._known[token] = (time.monotonic() + ASKED_AGAIN_SECONDS, known)
            return known
        told = {name: answer.get(name) for name in ("bot_id", "user_id", "url")}
        found = Identity(*(value if isinstance(value, str) else None for value in told.values()))
        self._known[token] = (float("inf"), found)
        return found
