"""A mailbox on a real server, and what reads it."""

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from mailbox_in.dovecot import DONE, FAILED, PASSWORD, USER, Dovecot

from bot.mail.mailbox import MailboxReader
from bot.mail.mailbox_setup import mailbox_problems, mailbox_reader
from bot.settings import Settings
from handlers.intake import keep_mail
from handlers.set_aside import keep_for_a_person
from handlers.unit import Store


@pytest.fixture
def make_dovecot(data_dir: Path) -> Iterator[Callable[..., Dovecot]]:
    """Start servers with folders in them; all end with the test."""
    if shutil.which("dovecot") is None:
        pytest.skip("the mail server dovecot (package dovecot-imapd) is not installed")
    made: list[Dovecot] = []

    def make(*folders: str, **given: str) -> Dovecot:
        one = Dovecot(data_dir / f"dovecot-{len(made)}", **given)
        made.append(one)
        one.start()
        if folders:
            one.make_folders(*folders)
        return one

    yield make
    for one in made:
        one.stop()


@pytest.fixture
def dovecot(make_dovecot: Callable[..., Dovecot]) -> Dovecot:
    """A server whose mailbox has the folders that are needed."""
    return make_dovecot(DONE, FAILED)


def settings_for(dovecot: Dovecot, **given: Any) -> Settings:
    """The settings that name this mailbox; looks are far apart unless a test says otherwise."""
    chosen = {
        "mailbox_imap_host": "127.0.0.1",
        "mailbox_imap_port": dovecot.port,
        "mailbox_imap_tls": "never",
        "mailbox_imap_username": USER,
        "mailbox_imap_password": PASSWORD,
        "mailbox_imap_poll_seconds": 600,
    }
    return Settings(**chosen | given)


@pytest.fixture
async def read(store: Store) -> AsyncIterator[Callable[..., MailboxReader]]:
    """Start reading a mailbox into the store; it is stopped at the end."""
    tasks: list[asyncio.Task[None]] = []

    def start(dovecot: Dovecot, keep: Any = None, **given: Any) -> None:
        settings = settings_for(dovecot, **given)
        assert mailbox_problems(settings) == []
        kept = keep or partial(keep_mail, store, origin="mailbox")
        alone = partial(store.advisory_lock, "mailbox")
        reader = mailbox_reader(settings, kept, partial(keep_for_a_person, store), alone)
        tasks.append(asyncio.create_task(reader.run()))

    yield start
    for task in tasks:
        assert not task.done(), task.exception()
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
