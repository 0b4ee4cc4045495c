"""The way out by mail: an outgoing row becomes a rendered mail, handed to the relay once."""

import asyncio
from dataclasses import dataclass

from bot.mail.parse import attachment_bytes
from bot.mail.render import Identity, render
from bot.mail.send import Relay
from handlers.case_files import CaseFile
from handlers.delivery import InDoubt, Refused, Result, Take
from handlers.feedback_links import FeedbackLinks
from handlers.letters import Letter
from handlers.raw_mail import raw_mail
from handlers.tables import Outgoing
from handlers.unit import Store


@dataclass(frozen=True, slots=True)
class MailTransport:
    """Hands letters over through the relay."""

    relay: Relay
    identity: Identity
    links: FeedbackLinks | None = None
    """Made where people can reach our pages: below an answer they ask whether it helped."""
    store: Store | None = None
    """Where the files of a case are; without it no reply can bring one."""

    async def deliver(self, outgoing: Outgoing, take_it: Take) -> Result:
        """Render the letter and hand it over; see `Relay.send`."""
        letter = Letter.model_validate(outgoing.payload)
        # Automatic mail has the null sender, so that a bounce of it goes nowhere (RFC 3834 3.3).
        sender = "" if letter.automatic else self.identity.address
        links = self.links.below(outgoing.id) if self.links and letter.template == "answer" else ()
        try:
            files = [await self._bytes(one) for one in letter.files]
        except LookupError:
            return Refused("a file that was to go with it is not kept any more")
        message = render(letter, self.identity, links=links, files=files)
        recipients = (letter.to, *letter.cc)
        return await self.relay.send(message, sender, recipients, take_it, ident=outgoing.key or "")

    async def _bytes(self, file: CaseFile) -> bytes:
        """A file out of the mail that it came in. Raises LookupError where there is none."""
        if self.store is None:
            raise LookupError
        async with self.store.unit() as unit:
            raw = await raw_mail(unit, file.inbound_id)
        if raw is None:
            raise LookupError
        return await asyncio.to_thread(attachment_bytes, raw, file.number)

    async def find(self, outgoing: Outgoing) -> InDoubt:
        """Nobody can say what became of it: SMTP has no such question."""
        del outgoing
        return InDoubt("we stopped after the mail was handed over and before the relay answered")
