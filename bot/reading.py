"""A mail that was accepted, read into what the use cases need."""

from collections.abc import Collection
from dataclasses import dataclass

from bot.mail.parse import parse, to_message
from handlers.enquiries import Arrival
from handlers.inbound import Waiting


@dataclass(frozen=True, slots=True)
class MailReader:
    """Reads mail. `own_addresses` are those of the service, in lower case."""

    own_addresses: Collection[str]

    def __call__(self, waiting: Waiting) -> Arrival:
        """The mail as an arrival; never raises for any bytes."""
        mail = parse(
            waiting.raw, envelope_from=waiting.envelope_from, own_addresses=self.own_addresses
        )
        return Arrival(
            inbound_id=waiting.id,
            message=to_message(mail),
            reply_to=mail.sender,
            may_auto_reply=mail.may_auto_reply,
            message_id=mail.message_id,
            references=_thread(mail.references, mail.in_reply_to),
            attachments=[
                {"name": one.name, "type": one.type, "size": one.size, "md5": one.md5}
                for one in mail.attachments
            ],
        )


def _thread(references: tuple[str, ...], in_reply_to: str | None) -> tuple[str, ...]:
    named = (*references, in_reply_to) if in_reply_to else references
    return tuple(dict.fromkeys(named))
