"""A mail that was accepted, read into what the use cases need."""

from collections.abc import Collection
from dataclasses import dataclass, field

from bot.mail.addresses import OwnAddresses
from bot.mail.authentic import SenderCheck
from bot.mail.parse import parse, to_message
from handlers.enquiries import Arrival
from handlers.inbound import Waiting
from handlers.references import outgoing_ids_in

LONGEST_NAME = 998
"""Bytes of a Message-ID or an address: a line holds no more (RFC 5322 2.1.1), nor does an index
hold much more. A longer one is as good as none."""
MOST_IDS = 200
"""Message-IDs of a thread that are looked for; a statement takes 65,535 values."""


@dataclass(frozen=True, slots=True)
class MailReader:
    """Reads mail. `own_addresses` are those of the service, in lower case."""

    own_addresses: Collection[str]
    check: SenderCheck = field(default_factory=SenderCheck)

    def __call__(self, waiting: Waiting) -> Arrival:
        """The mail as an arrival; never raises for any bytes."""
        mail = parse(
            waiting.raw, envelope_from=waiting.envelope_from, own_addresses=self.own_addresses
        )
        message = to_message(mail)
        if not _fits(message.sender):
            message = message.model_copy(update={"sender": ""})
        # A report on delivery names the mail that it is about only in the copy that it returns.
        ours = OwnAddresses.of(*self.own_addresses)
        returned = outgoing_ids_in(waiting.raw) if mail.returned else []
        return Arrival(
            inbound_id=waiting.id,
            message=message,
            reply_to=message.sender,
            may_auto_reply=mail.may_auto_reply,
            authentication=self.check(waiting, mail),
            message_id=mail.message_id if _fits(mail.message_id or "") else None,
            references=_thread((*mail.references, *returned), mail.in_reply_to),
            reply_tags=ours.tags((*waiting.envelope_to, *mail.to, *mail.cc))[:MOST_IDS],
            returned=mail.returned,
            attachments=[
                {"name": one.name, "type": one.type, "size": one.size, "md5": one.md5}
                for one in mail.attachments
            ],
        )


def _thread(references: tuple[str, ...], in_reply_to: str | None) -> tuple[str, ...]:
    """The ids that a mail names, each once; of very many the first and the latest."""
    named = (*references, in_reply_to) if in_reply_to else references
    ids = list(dict.fromkeys(one for one in named if _fits(one)))
    return tuple(ids if len(ids) <= MOST_IDS else (ids[0], *ids[1 - MOST_IDS :]))


def _fits(name: str) -> bool:
    return len(name.encode()) <= LONGEST_NAME
