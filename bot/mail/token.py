"""Access tokens for mailboxes that take no password, such as Exchange Online's."""

from dataclasses import dataclass
from typing import Protocol

import aiohttp
from pydantic import SecretStr

from bot.mail.imap import LoginRefusedError, MailboxError

ANSWER_SECONDS = 30
_REFUSED = range(400, 500)


class Token(Protocol):
    """Where access tokens come from."""

    async def fresh(self) -> str:
        """A token that is good now. Raises MailboxError where none is to be had."""
        ...


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    """A token for the service itself, with no person signed in (RFC 6749 4.4).

    None is kept: one is needed only where a connection is made, which is seldom.
    """

    url: str
    client_id: str
    client_secret: SecretStr
    scope: str

    async def fresh(self) -> str:
        """Ask the token server. Raises MailboxError, LoginRefusedError where it knows us not."""
        form = {
            "grant_type": "client_credentials",
            "client_id": self.client_id,
            "client_secret": self.client_secret.get_secret_value(),
            "scope": self.scope,
        }
        timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout, trust_env=True) as session,
                session.post(self.url, data=form) as answer,
            ):
                if answer.status in _REFUSED:
                    raise LoginRefusedError(f"{self._place} refuses us a token: {answer.status}")
                token = (await answer.json()).get("access_token") if answer.ok else None
        except (TimeoutError, aiohttp.ClientError, ValueError, AttributeError) as error:
            raise MailboxError(f"{self._place} gives no token: {type(error).__name__}") from None
        if not isinstance(token, str) or not token:
            raise MailboxError(f"{self._place} gives no token: {answer.status}")
        return token

    @property
    def _place(self) -> str:
        return self.url.partition("?")[0]
