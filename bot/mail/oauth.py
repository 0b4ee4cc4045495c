"""Tokens for a mail server that takes no passwords, as Exchange Online does (RFC 6749 4.4)."""

import asyncio
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Protocol

import aiohttp
from pydantic import BaseModel, SecretStr, ValidationError

MARGIN = 0.2
"""Share of a token's life before its end in which it is replaced."""
PATIENCE_SECONDS = 15


class TokenError(Exception):
    """No token was to be had; the text may be logged, and never holds a secret."""


class Tokens(Protocol):
    """Where the token of a user comes from."""

    async def token(self) -> str:
        """A token that is good now. Raises TokenError."""
        ...

    def forget(self) -> None:
        """The other side does not take the one it was given: have a new one fetched."""
        ...


class _Granted(BaseModel):
    access_token: SecretStr
    expires_in: float = 300


@dataclass
class ClientCredentials:
    """Tokens for a service that signs in as itself, kept until shortly before their end."""

    url: str
    client_id: str
    secret: str = field(repr=False)
    scope: str
    _token: str = field(default="", repr=False)
    _good_until: float = 0.0
    _one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)

    async def token(self) -> str:
        """A token that is good now. Raises TokenError."""
        async with self._one_at_a_time:
            loop = asyncio.get_running_loop()
            if not self._token or loop.time() >= self._good_until:
                asked_at = loop.time()
                granted = await self._fetched()
                self._token = granted.access_token.get_secret_value()
                self._good_until = asked_at + (1 - MARGIN) * granted.expires_in
            return self._token

    def forget(self) -> None:
        """Have the next caller fetch a new token."""
        self._token = ""

    async def _fetched(self) -> _Granted:
        form = {
            "grant_type": "client_credentials",
            "client_id": self.client_id,
            "client_secret": self.secret,
            "scope": self.scope,
        }
        limit = aiohttp.ClientTimeout(total=PATIENCE_SECONDS)
        try:
            async with (
                aiohttp.ClientSession(timeout=limit) as session,
                session.post(self.url, data=form, allow_redirects=False) as response,
            ):
                body = await response.read()
        except (aiohttp.ClientError, OSError) as error:
            raise TokenError(
                f"the token server cannot be reached: {type(error).__name__}"
            ) from error
        if response.status != HTTPStatus.OK:
            raise TokenError(f"the token server refused with {response.status}")
        try:
            return _Granted.model_validate_json(body)
        except ValidationError as error:
            raise TokenError("the token server's answer cannot be read") from error
