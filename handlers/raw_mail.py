"""A message as it arrived, byte for byte, behind a link that an officer is given and that ends.

The token is the inbound row's id, the time at which it ends, and their signature by a key derived
for this purpose alone (HMAC-SHA256, 128 bits shown): whoever holds a link holds one mail.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from handlers.tables import Case, Inbound, StoredMessage
from handlers.unit import Unit

PATH = "/raw"
LASTS = timedelta(minutes=15)
"""Long enough to press it; a link that is copied elsewhere is soon worth nothing."""

_PURPOSE = b"triagebot: a message as it arrived, 1"
_SHOWN = 32
_TOKEN = re.compile(r"([1-9][0-9]{0,17})-([0-9]{1,12})-([0-9a-f]{32})", re.ASCII)


@dataclass(frozen=True, slots=True)
class RawLinks:
    """Makes and reads the links. `public_url` is where officers reach the web pages."""

    public_url: str
    signing_key: str

    def link(self, inbound_id: int, now: datetime) -> str:
        """The address of one message, good for LASTS."""
        until = int((now + LASTS).timestamp())
        token = f"{inbound_id}-{until}-{_signature(inbound_id, until, self.signing_key)}"
        return f"{self.public_url.rstrip('/')}{PATH}/{token}"


def inbound_of(token: str, signing_key: str, now: datetime) -> int | None:
    """The id in a token that we signed and that has not ended; None for any other text."""
    found = _TOKEN.fullmatch(token)
    if found is None:
        return None
    number, until, sign = int(found[1]), int(found[2]), found[3]
    if not hmac.compare_digest(_signature(number, until, signing_key), sign):
        return None
    return number if now < datetime.fromtimestamp(until, UTC) else None


async def latest_inbound(unit: Unit, case_id: int) -> int | None:
    """The row of the enquirer's latest message in a case; None where its bytes are not kept."""
    row = await unit.session.execute(
        select(StoredMessage.inbound_id)
        .join(Case, Case.enquiry_id == StoredMessage.enquiry_id)
        .where(Case.id == case_id, StoredMessage.inbound_id.is_not(None))
        .order_by(StoredMessage.id.desc())
        .limit(1)
    )
    return row.scalar_one_or_none()


async def raw_mail(unit: Unit, inbound_id: int) -> bytes | None:
    """The bytes as they arrived; None where there is no such mail."""
    row = await unit.session.execute(
        select(Inbound.raw).where(Inbound.id == inbound_id, Inbound.channel == "email")
    )
    return row.scalar_one_or_none()


def _signature(inbound_id: int, until: int, signing_key: str) -> str:
    purpose = hmac.new(signing_key.encode(), _PURPOSE, hashlib.sha256).digest()
    said = f"{inbound_id} {until}".encode()
    return hmac.new(purpose, said, hashlib.sha256).hexdigest()[:_SHOWN]
