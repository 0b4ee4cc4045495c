"""Who may call the Web API: tokens of bots and apps, made at random, and taken back."""

import secrets
from dataclasses import dataclass, replace
from typing import Literal

from bot.sandbox.slack.errors import SlackError

TokenKind = Literal["bot", "app"]
_PREFIX: dict[TokenKind, str] = {"bot": "xoxb", "app": "xapp-1"}


@dataclass(frozen=True)
class Token:
    """A token as presented. `scopes` None grants every scope."""

    value: str
    kind: TokenKind
    scopes: frozenset[str] | None = None


class Tokens:
    """The tokens that were issued, and those revoked since."""

    def __init__(self) -> None:
        self._issued: dict[str, Token] = {}
        self._revoked: set[str] = set()

    def issue(self, kind: TokenKind, scopes: frozenset[str] | None = None) -> str:
        """Make a token that no one can guess."""
        value = f"{_PREFIX[kind]}-{secrets.token_hex(16)}"
        self._issued[value] = Token(value, kind, scopes)
        return value

    def limit(self, value: str, scopes: frozenset[str]) -> None:
        """Hold a token to these scopes."""
        self._issued[value] = replace(self._issued[value], scopes=scopes)

    def revoke(self, value: str) -> None:
        """Refuse this token from now on, as after an uninstall."""
        self._revoked.add(value)

    def check(self, value: str, *, kind: TokenKind | None, scope: str | None) -> Token:
        """The token, if it may make this call.

        Raises:
            SlackError: `not_authed`, `invalid_auth`, `token_revoked`, `not_allowed_token_type`
                or `missing_scope`.
        """
        if not value:
            raise SlackError("not_authed")
        token = self._issued.get(value)
        if token is None:
            raise SlackError("invalid_auth")
        if value in self._revoked:
            raise SlackError("token_revoked")
        if kind is not None and token.kind != kind:
            raise SlackError("not_allowed_token_type")
        if scope is not None and token.scopes is not None and scope not in token.scopes:
            raise SlackError("missing_scope", messages=(f"needed: {scope}",))
        return token
