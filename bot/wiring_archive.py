"""Puts the import of archives together, as `bot/wiring.py` does the processes."""

import asyncio

from bot.brain import load_brain
from bot.importing import ArchiveImport
from bot.mail.mailbox_setup import envelope_reader
from bot.reading import MailReader
from bot.settings import Settings
from bot.wiring_desk import desk_now, own_addresses
from handlers.unit import Store


async def archive_import(settings: Settings, store: Store) -> ArchiveImport:
    """What decides archived mail and records it, as this deployment is set."""
    brain = await asyncio.to_thread(load_brain, settings)
    desk, _ = await desk_now(settings, store, brain)
    return ArchiveImport(
        store,
        desk,
        brain,
        as_accepted=envelope_reader(settings),
        read=MailReader(own_addresses(settings)),
        most_bytes=settings.smtp_max_bytes,
    )
