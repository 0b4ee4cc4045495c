"""The way out by mail: an outgoing row becomes a rendered mail, handed to the relay once."""

from dataclasses import dataclass

from bot.mail.render import Identity, render
from bot.mail.send import Relay
from handlers.delivery import InDoubt, Result, Take
from handlers.feedback_links import FeedbackLinks
from handlers.letters import Letter
from handlers.tables import Outgoing


@dataclass(frozen=True, slots=True)
class MailTransport:
    """Hands letters over through the relay."""

    relay: Relay
    identity: Identity
    links: FeedbackLinks | None = None
    """Made where people can reach our pages: below an answer they ask whether it helped."""

    async def deliver(self, outgoing: Outgoing, take_it: Take) -> Result:
        """Render the letter and hand it over; see `Relay.send`."""
        letter = Letter.model_validate(outgoing.payload)
        # Automatic mail has the null sender, so that a bounce of it goes nowhere (RFC 3834 3.3).
        sender = "" if letter.automatic else self.identity.address
        links = self.links.below(outgoing.id) if self.links and letter.template == "answer" else ()
        message = render(letter, self.identity, links=links)
        recipients = (letter.to, *letter.cc)
        return await self.relay.send(message, sender, recipients, take_it, ident=outgoing.key or "")

    async def find(self, outgoing: Outgoing) -> InDoubt:
        """Nobody can say what became of it: SMTP has no such question."""
        del outgoing
        return InDoubt("we stopped after the mail was handed over and before the relay answered")
