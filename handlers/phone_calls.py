"""Enquiries that an officer took on the phone: kept, and then triaged as any other."""

from pydantic import BaseModel, ConfigDict
from sqlalchemy.dialects.postgresql import insert

from handlers.enquiries import Arrival
from handlers.inbound import Waiting
from handlers.tables import Inbound
from handlers.unit import Job, Store
from triage.decision import Reason
from triage.message import Message

CHANNEL = "phone"
TAKEN = "phone_call"
"""The reason that each of them has."""


class PhoneCall(BaseModel):
    """What was said, by whom, and to which address the reply goes."""

    model_config = ConfigDict(frozen=True)

    name: str
    email: str
    subject: str
    text: str
    taken_by: str
    """The officer's name."""


async def keep_call(store: Store, call: PhoneCall, *, key: str, officer: str) -> bool:
    """Commit a call and its `triage` job together; False where this key is here already.

    Raises StoreUnavailableError, and then nothing is kept.
    """
    async with store.unit() as unit:
        row = await unit.session.execute(
            insert(Inbound)
            .values(
                key=f"{CHANNEL}:{key}",
                channel=CHANNEL,
                origin=CHANNEL,
                envelope_from=call.email,
                envelope_to=[officer],
                peer="slack",
                raw=call.model_dump_json().encode(),
            )
            .on_conflict_do_nothing(index_elements=[Inbound.key])
            .returning(Inbound.id)
        )
        inbound_id = row.scalar_one_or_none()
        if inbound_id is not None:
            unit.defer(Job("triage", inbound_id))
    return inbound_id is not None


def read_call(waiting: Waiting) -> Arrival:
    """A kept call as an arrival, which a person gets whatever it asks.

    Raises pydantic's ValidationError where it is none.
    """
    call = PhoneCall.model_validate_json(waiting.raw)
    return Arrival(
        inbound_id=waiting.id,
        message=Message(
            channel="email",
            sender=call.email,
            sender_name=call.name,
            subject=call.subject,
            text=call.text,
            new_text=call.text,
        ),
        reply_to=call.email,
        for_person=Reason(
            rule=TAKEN,
            text=f"{call.taken_by} took it on the phone; the reply goes to the address given.",
        ),
    )
