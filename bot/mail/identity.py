"""Who this deployment writes as."""

from bot.mail.render import Identity
from bot.settings import Settings


def identity_of(settings: Settings) -> Identity:
    """What stands in From and below each mail, from the settings."""
    return Identity(
        address=settings.mailbox_address,
        name=settings.mailbox_name,
        organisation=settings.organisation,
        telephone=settings.telephone,
        contact=settings.contact_dars or settings.mailbox_address,
    )
