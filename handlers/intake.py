"""Keeping what arrived: the raw mail and its `triage` job, together or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from sqlalchemy import LargeBinary, Text, bindparam, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.sql.dml import ReturningInsert

from handlers.tables import Inbound
from handlers.unit import Job, Store

# The table, not its class: what is inserted comes out of a SELECT, which the ORM does not read.
_INBOUND = Inbound.metadata.tables[Inbound.__tablename__]


@dataclass(frozen=True, slots=True)
class Accepted:
    """One mail as its envelope and bytes came in; `key` is the same when it is sent once more."""

    key: str
    envelope_from: str
    envelope_to: tuple[str, ...]
    peer: str
    """The address of the host that handed it over."""
    raw: bytes
    helo: str | None = None
    """How that host presented itself."""


async def keep_mail(
    store: Store, mails: Sequence[Accepted], *, origin: Literal["smtp", "mailbox"] = "smtp"
) -> list[int]:
    """Commit these mails and the jobs that triage them; a mail that is here already is left out.

    Returns the ids of the new ones. Raises what the database raises, and then none is kept.
    """
    values = {
        "keys": [mail.key for mail in mails],
        "senders": [mail.envelope_from for mail in mails],
        "recipients": ["\n".join(mail.envelope_to) for mail in mails],
        "peers": [mail.peer for mail in mails],
        "helos": [mail.helo for mail in mails],
        "raws": [mail.raw for mail in mails],
    }
    async with store.unit() as unit:
        ids = list((await unit.session.execute(_insertion(origin), values)).scalars())
        for inbound_id in ids:
            unit.defer(Job("triage", inbound_id))
    return ids


@cache
def _insertion(origin: str) -> ReturningInsert[int]:
    # A list of rows would make another statement for each length of it; arrays make one for all,
    # which is compiled once and takes half the time.
    unnested = func.unnest(
        bindparam("keys", type_=ARRAY(Text)),
        bindparam("senders", type_=ARRAY(Text)),
        bindparam("recipients", type_=ARRAY(Text)),
        bindparam("peers", type_=ARRAY(Text)),
        bindparam("helos", type_=ARRAY(Text)),
        bindparam("raws", type_=ARRAY(LargeBinary)),
    )
    named = ("key", "sender", "recipients", "peer", "helo", "raw")
    new = unnested.table_valued(*named).render_derived().c
    rows = select(
        new.key,
        literal("email"),
        new.sender,
        func.string_to_array(new.recipients, "\n"),
        new.peer,
        new.helo,
        new.raw,
        literal(origin),
    )
    columns = ["key", "channel", "envelope_from", "envelope_to", "peer", "helo", "raw", "origin"]
    return (
        insert(_INBOUND)
        .from_select(columns, rows)
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(Inbound.id)
    )
