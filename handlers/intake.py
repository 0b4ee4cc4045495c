"""Keeping what arrived: the raw mail and its `triage` job, together or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy.dialects.postgresql import insert

from handlers.tables import Inbound
from handlers.unit import Job, Store


@dataclass(frozen=True, slots=True)
class Accepted:
    """One mail as its envelope and bytes came in; `key` is the same when it is sent once more."""

    key: str
    envelope_from: str
    envelope_to: tuple[str, ...]
    peer: str
    """The address of the host that handed it over."""
    raw: bytes


async def keep_mail(store: Store, mails: Sequence[Accepted]) -> list[int]:
    """Commit these mails and the jobs that triage them; a mail that is here already is left out.

    Returns the ids of the new ones. Raises what the database raises, and then none is kept.
    """
    return await _keep(store, "email", mails)


async def _keep(
    store: Store, channel: Literal["email", "slack"], mails: Sequence[Accepted]
) -> list[int]:
    rows = [
        {
            "key": mail.key,
            "channel": channel,
            "envelope_from": mail.envelope_from,
            "envelope_to": list(mail.envelope_to),
            "peer": mail.peer,
            "raw": mail.raw,
        }
        for mail in mails
    ]
    statement = (
        insert(Inbound).on_conflict_do_nothing(index_elements=[Inbound.key]).returning(Inbound.id)
    )
    async with store.unit() as unit:
        ids = list((await unit.session.execute(statement, rows)).scalars())
        for inbound_id in ids:
            unit.defer(Job("triage", inbound_id))
    return ids
