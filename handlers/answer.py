"""Letters to enquirers: an answer from approved passages, or an acknowledgement."""

from typing import Literal

from handlers.desk import Desk
from handlers.enquiries import keep_outbound, thread_of
from handlers.letters import Content, Letter
from handlers.outbox import Effect, send_later
from handlers.references import outgoing_message_id
from handlers.tables import Enquiry
from handlers.unit import Unit

NOTHING = Content()


async def write_letter(
    unit: Unit,
    enquiry: Enquiry,
    desk: Desk,
    *,
    template: Literal["answer", "acknowledgement"],
    content: Content = NOTHING,
) -> None:
    """Queue one automatic letter of this kind; a second of the same kind is not written."""
    await post(
        unit,
        enquiry,
        desk,
        key=f"enquiry:{enquiry.id}:{template}",
        letter=Letter(
            template=template,
            reference=enquiry.reference,
            to=enquiry.requester,
            to_name=enquiry.requester_name,
            subject=enquiry.subject,
            content=content,
            message_id="",
        ),
    )


async def post(unit: Unit, enquiry: Enquiry, desk: Desk, *, key: str, letter: Letter) -> None:
    """Queue a letter by the enquirer's own channel, threaded, and keep it with the enquiry.

    What a person had sent waits for a moment, in which it can be taken back.
    """
    message_id = outgoing_message_id(enquiry.reference, key, desk.mail_domain, desk.signing_key)
    in_reply_to, references = await thread_of(unit, enquiry.id)
    threaded = letter.model_copy(
        update={
            "message_id": message_id,
            "in_reply_to": in_reply_to,
            "references": references,
        }
    )
    by_mail = enquiry.channel == "email"
    await send_later(
        unit,
        Effect(
            key=key,
            transport="mail" if by_mail else "slack",
            kind=letter.template,
            enquiry_id=enquiry.id,
            recipient=enquiry.requester.lower(),
            automatic=letter.automatic,
            payload=threaded.model_dump(mode="json"),
        ),
        after_seconds=0 if letter.automatic else desk.undo_seconds,
    )
    await keep_outbound(
        unit,
        enquiry,
        author=letter.officer_name or "triagebot",
        message_id=message_id,
        subject=enquiry.subject,
        text=letter.body or "\n\n".join(part.text for part in letter.content.parts),
    )
