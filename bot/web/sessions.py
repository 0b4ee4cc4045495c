"""Sessions of officers: a signed cookie, and the token that each form of a session carries.

Nothing is stored. The signature covers the officer's password hash, so that a new password, or an
officer taken out of the settings, ends every session at the next start.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.settings_officers import WebOfficer
from handlers.cases import Officer

COOKIE = "triagebot_officer"
PATH = "/cases"
"""Below which the cookie is sent: no other page ever sees it."""
_PURPOSE = b"triagebot: a session of an officer, 1"
_FORMS = b"triagebot: the forms of a session, 1"


@dataclass(frozen=True, slots=True)
class Session:
    """One officer, signed in."""

    officer: Officer
    token: str
    """What the cookie holds."""
    form_token: str
    """What every form of the session carries; no other site can know it."""


class Sessions:
    """Makes and reads sessions.

    Args:
        officers: who may sign in.
        signing_key: the deployment's key; sessions are signed by one derived from it.
        lasts: after which an officer must sign in again.
    """

    def __init__(self, officers: Sequence[WebOfficer], signing_key: str, lasts: timedelta) -> None:
        self._officers = {one.sign_in.casefold(): one for one in officers}
        self._key = hmac.new(signing_key.encode(), _PURPOSE, hashlib.sha256).digest()
        self.lasts = lasts

    @property
    def are_possible(self) -> bool:
        """Whether anybody may sign in at all."""
        return bool(self._officers)

    def find(self, sign_in: str) -> WebOfficer | None:
        """The officer who goes by this name."""
        return self._officers.get(sign_in.strip().casefold())

    def begin(self, officer: WebOfficer) -> Session:
        """A new session, good until `lasts` is over."""
        until = int((datetime.now(UTC) + self.lasts).timestamp())
        who = base64.urlsafe_b64encode(officer.sign_in.casefold().encode()).decode()
        said = f"{who}.{until}.{secrets.token_hex(16)}"
        return self._session(officer, f"{said}.{self._signature(said, officer)}")

    def read(self, token: str) -> Session | None:
        """The session of a cookie that we signed and that has not ended; None for any other."""
        said, _, signature = token.rpartition(".")
        try:
            who, until, _nonce = said.split(".")
            officer = self._officers.get(base64.urlsafe_b64decode(who).decode())
            ended = datetime.fromtimestamp(int(until), UTC) <= datetime.now(UTC)
        except (ValueError, OverflowError, OSError):
            return None
        if officer is None or ended:
            return None
        if not _same(self._signature(said, officer), signature):
            return None
        return self._session(officer, token)

    def _session(self, officer: WebOfficer, token: str) -> Session:
        form_token = hmac.new(self._key + _FORMS, token.encode(), hashlib.sha256).hexdigest()
        who = Officer(officer.id, officer.name, may_act=True, leads=officer.leads)
        return Session(who, token, form_token)

    def _signature(self, said: str, officer: WebOfficer) -> str:
        covered = f"{said} {officer.password.get_secret_value()}".encode()
        return hmac.new(self._key, covered, hashlib.sha256).hexdigest()


def is_of(session: Session, form_token: str) -> bool:
    """Whether a form was made for this session."""
    return _same(session.form_token, form_token)


def _same(ours: str, theirs: str) -> bool:
    return hmac.compare_digest(ours.encode(), theirs.encode("utf-8", "replace"))
