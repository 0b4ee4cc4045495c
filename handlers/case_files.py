"""Files that an enquirer sent with a case, which an officer can send back with a reply."""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select

from handlers.errors import NotAllowed
from handlers.tables import StoredMessage
from handlers.unit import Unit

MOST_FILES = 20
"""Files that are offered, the latest."""
MOST_BYTES = 10_000_000
"""Of all files of one reply: more is refused by many mail servers."""


class CaseFile(BaseModel):
    """A file of one mail; its bytes stay in the mail as it arrived."""

    model_config = ConfigDict(frozen=True)

    inbound_id: int
    number: int
    """Its place among the mail's attachments."""
    name: str
    type: str
    size: int

    @property
    def key(self) -> str:
        """As forms name it."""
        return f"{self.inbound_id}-{self.number}"

    @property
    def label(self) -> str:
        """As officers read it."""
        return f"{self.name or 'a file without a name'} ({max(1, round(self.size / 1000)):,} kB)"


async def files_of(unit: Unit, enquiry_id: int) -> tuple[CaseFile, ...]:
    """The files of the enquirer's mails, the latest mail's first."""
    rows = await unit.session.execute(
        select(StoredMessage.inbound_id, StoredMessage.attachments)
        .where(
            StoredMessage.enquiry_id == enquiry_id,
            StoredMessage.direction == "in",
            StoredMessage.inbound_id.is_not(None),
            StoredMessage.attachments != [],
        )
        .order_by(StoredMessage.id.desc())
        .limit(MOST_FILES)
    )
    found = [
        CaseFile(
            inbound_id=inbound_id,
            number=number,
            name=str(one.get("name") or ""),
            type=str(one.get("type") or ""),
            size=int(one.get("size") or 0),
        )
        for inbound_id, attachments in rows
        for number, one in enumerate(attachments)
    ]
    return tuple(found[:MOST_FILES])


async def chosen_files(unit: Unit, enquiry_id: int, keys: Sequence[str]) -> tuple[CaseFile, ...]:
    """The files of an enquiry that these keys name. Raises NotAllowed."""
    if not keys:
        return ()
    known = {one.key: one for one in await files_of(unit, enquiry_id)}
    if any(key not in known for key in keys):
        raise NotAllowed("One of these files is not of this case; nothing was sent.")
    chosen = tuple(known[key] for key in dict.fromkeys(keys))
    if sum(one.size for one in chosen) > MOST_BYTES:
        raise NotAllowed(f"The files have more than {MOST_BYTES // 1_000_000} MB together.")
    return chosen
