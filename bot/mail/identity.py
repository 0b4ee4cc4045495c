"""Who this deployment writes as."""

from bot.mail.render import Identity
from bot.settings import Settings


def identity_of(settings: Settings, signing_key: str | None = None) -> Identity:
    """What stands in From, in Reply-To and below each mail, from the settings."""
    return Identity(
        address=settings.mailbox_address,
        name=settings.mailbox_name,
        organisation=settings.organisation,
        telephone=settings.telephone,
        contact=settings.contact_dars or settings.mailbox_address,
        reply_key=signing_key if settings.mailbox_plus_addressing else None,
    )
