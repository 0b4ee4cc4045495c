"""Mail in by IMAP: a service mailbox is watched, and each message moved once it is committed.

A message is fetched without marking it read, committed as one that came by SMTP, and only then
moved to another folder. Killed between the two, it is fetched again, and its key makes that
harmless. Of several processes on one mailbox one takes mail at a time: some servers copy a message
twice that two move at once. What cannot be taken becomes a case for a person.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import structlog

from bot.faults import fault
from bot.mail.acceptor import MOST_A_GROUP, MOST_BYTES_A_GROUP, Keep
from bot.mail.headers import split
from bot.mail.imap import (
    Found,
    ImapConnection,
    LoginRefusedError,
    MailboxError,
    NotGivenError,
    Place,
)
from bot.mail.token import Token
from handlers.errors import StoreUnavailableError
from handlers.intake import Accepted

log = structlog.get_logger(__name__)

FIRST_WAIT, LONGEST_WAIT = 1.0, 120.0
"""Seconds between tries, doubled each time."""
REFUSED_WAIT = 300.0
"""After a refused login: more tries in a row could lock the account."""
MOST_HEADER_BYTES = 64 * 1024
SHOWN_FIELDS = ("From", "To", "Subject", "Date", "Message-ID")
"""What an officer is shown of a message that was not taken."""

_T = TypeVar("_T")

AsAccepted = Callable[[bytes], Accepted]
"""Reads the envelope back from a stored mail."""
SetAside = Callable[[Accepted, str], Awaitable[None]]
"""Makes a case of a mail that was not taken, once, with the reason."""

Alone = Callable[[], AbstractAsyncContextManager[bool]]
"""Whether this process alone takes mail now, to the end of the block; never waits for it."""


@dataclass(frozen=True, slots=True)
class Taking:
    """What is done with a mail: how it is read, kept, or given to a person."""

    read: AsAccepted
    keep: Keep
    set_aside: SetAside
    alone: Alone
    most_bytes: int


class MailboxReader:
    """Watches one mailbox until cancelled; it never ends by itself.

    Args:
        place: the mailbox and its folders.
        secret: the password, or where access tokens come from.
        taking: what is done with a mail.
        poll_seconds: how often is looked where the server tells of nothing, or was not heard.
    """

    def __init__(
        self, place: Place, secret: str | Token, taking: Taking, *, poll_seconds: float
    ) -> None:
        self._place = place
        self._secret = secret
        self._taking = taking
        self._poll_seconds = poll_seconds
        # One thread of its own: waits here must not take threads from what decides.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="mailbox")
        self._passed_over: set[tuple[str, str]] = set()

    async def run(self) -> None:
        """Read, and try again whatever goes wrong, ever more patiently; a fault is told once."""
        loop = asyncio.get_running_loop()
        told, wait = "", FIRST_WAIT
        while True:
            begun = loop.time()
            try:
                await self._read(told)
            except MailboxError as error:
                why, refused = str(error), isinstance(error, LoginRefusedError)
            except StoreUnavailableError:
                why, refused = "the database is away; mail waits in the mailbox", False
            except Exception as error:  # noqa: BLE001 -- the edge of a loop: reading must go on
                why, refused = fault(error), False
            if loop.time() - begun > LONGEST_WAIT:
                told, wait = "", FIRST_WAIT
            if why != told:
                log.warning("mailbox cannot be read", why=why)
            told = why
            await asyncio.sleep(max(wait, REFUSED_WAIT) if refused else wait)
            wait = min(2 * wait, LONGEST_WAIT)

    async def _read(self, told: str) -> None:
        """Take what is there and wait for more, as long as the connection lasts."""
        async with self._connected() as connection:
            await self._take_all(connection)
            if told:
                log.info("mailbox is read again")
            while True:
                if connection.can_idle:
                    await self._aside(connection.wait, self._poll_seconds)
                else:
                    await asyncio.sleep(self._poll_seconds)
                await self._take_all(connection)

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[ImapConnection]:
        is_token = not isinstance(self._secret, str)
        secret = self._secret if isinstance(self._secret, str) else await self._secret.fresh()
        connection = await self._aside(ImapConnection, self._place, secret, is_token=is_token)
        try:
            yield connection
        finally:
            connection.interrupt()
            self._thread.submit(connection.close)

    async def _take_all(self, connection: ImapConnection) -> None:
        """Take what is there, unless another process is at it."""
        async with self._taking.alone() as is_ours:
            if is_ours:
                await self._take_each(connection)

    async def _take_each(self, connection: ImapConnection) -> None:
        while found := await self._aside(connection.look, self._passed_over):
            small = [one for one in found if one.size <= self._taking.most_bytes]
            for one in found:
                if one.size > self._taking.most_bytes:
                    await self._leave(connection, one, self._too_large(one.size))
            for group in _groups(small):
                await self._take(connection, group)

    async def _take(self, connection: ImapConnection, group: Sequence[Found]) -> None:
        """Commit these mails, then move them. Raises StoreUnavailableError, and moves none."""
        mails: dict[str, Accepted] = {}
        for one in group:
            raw = await self._fetched(connection, one)
            if raw is not None:
                mails[one.uid] = await asyncio.to_thread(self._taking.read, raw)
        refused = await self._refused(mails)
        kept = [uid for uid in mails if uid not in refused]
        if kept:
            await self._aside(connection.move, kept, self._place.done)
            log.info("mail taken from the mailbox", mails=len(kept))
        for uid, why in refused.items():
            await self._give_up(connection, uid, mails[uid], why)

    async def _fetched(self, connection: ImapConnection, one: Found) -> bytes | None:
        """The mail; None where it is gone, or was left to a person."""
        most = self._taking.most_bytes
        try:
            raw = await self._aside(connection.fetch, one.uid, most + 1)
        except NotGivenError:
            await self._leave(connection, one, "the mail server does not give it")
            return None
        if raw is not None and len(raw) > most:  # some servers only estimate sizes
            await self._leave(connection, one, self._too_large(len(raw)))
            return None
        return raw

    async def _refused(self, mails: dict[str, Accepted]) -> dict[str, str]:
        """Commit these mails; of those that the store refuses, why."""
        try:
            if mails:
                await self._taking.keep(list(mails.values()))
        except StoreUnavailableError:
            raise
        except Exception as error:  # noqa: BLE001 -- whatever the store raises of one mail
            if len(mails) == 1:
                # Its text may quote the row, and so the mail: only its type is told.
                return dict.fromkeys(mails, f"the store raised {type(error).__name__}")
            alone = [await self._refused({uid: mail}) for uid, mail in mails.items()]
            return {uid: why for one in alone for uid, why in one.items()}
        return {}

    async def _give_up(
        self, connection: ImapConnection, uid: str, mail: Accepted, why: str
    ) -> None:
        await self._tell(mail.raw, f"{why}; it is in the mailbox's folder {self._place.failed}")
        await self._aside(connection.move, [uid], self._place.failed)

    async def _leave(self, connection: ImapConnection, one: Found, why: str) -> None:
        """Let a message be where it is; a person is told, once however often we start."""
        try:
            header = await self._aside(connection.fetch_header, one.uid, MOST_HEADER_BYTES)
        except NotGivenError:
            header = f"X-Mailbox-Uid: {one.validity}-{one.uid}\r\n\r\n".encode()
        if header is None:
            return
        await self._tell(header, f"{why}; it is still in the mailbox's folder {self._place.folder}")
        self._passed_over.add((one.validity, one.uid))

    async def _tell(self, raw: bytes, why: str) -> None:
        mail = self._taking.read(raw[:MOST_HEADER_BYTES])
        notice = replace(mail, key=f"left:{mail.key}", raw=_notice(mail.raw, why))
        log.warning("mail not taken from the mailbox", why=why)
        await self._taking.set_aside(notice, why)

    def _too_large(self, size: int) -> str:
        return f"it has {size} bytes, and {self._taking.most_bytes} are taken"

    async def _aside(self, work: Callable[..., _T], *given: Any, **named: Any) -> _T:
        """Do blocking work in the mailbox's own thread."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, lambda: work(*given, **named))


def _groups(found: Sequence[Found]) -> Iterator[list[Found]]:
    """What is fetched and committed at once: so many, and so many bytes, but one at least."""
    group: list[Found] = []
    for one in found:
        size = sum(other.size for other in group) + one.size
        if group and (len(group) == MOST_A_GROUP or size > MOST_BYTES_A_GROUP):
            yield group
            group = []
        group.append(one)
    if group:
        yield group


def _notice(raw: bytes, why: str) -> bytes:
    headers, _ = split(raw)
    lines = [f"{name}: {value}" for name in SHOWN_FIELDS if (value := headers.get(name))]
    return "\n".join([*lines, "", f"This mail could not be taken: {why}.", ""]).encode()
