"""One connection to a mailbox by IMAP. Everything here blocks: call it from a thread of its own.

Nothing relies on flags that people set by reading: what is in the folder is to be taken, and what
was taken is moved away. UIDs are used only within one SELECT, so a new UIDVALIDITY does no harm.
"""

import imaplib
import re
import socket
import ssl
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import imap_tools
from imap_tools.errors import ImapToolsError, MailboxLoginError
from imap_tools.utils import encode_folder

Tls = Literal["implicit", "starttls", "never"]

STEP_SECONDS = 30
"""Longest silence of the server within one command."""
MOST_A_LOOK = 256
"""Messages that one look lists; the rest are found by the next."""
_PASSING = ("[UNAVAILABLE]", "[INUSE]", "[LIMIT]")
"""Response codes (RFC 5530) by which a login fails though the password is right."""

_UID, _SIZE = re.compile(rb"\bUID (\d+)"), re.compile(rb"\bRFC822\.SIZE (\d+)")


class MailboxError(Exception):
    """The mailbox cannot be read now; the text is one line that says why."""


class LoginRefusedError(MailboxError):
    """The mailbox does not let us in; trying often may lock the account."""


class NotGivenError(Exception):
    """The server does not give one message, though it lists it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the mailbox is, and which folders of it are used."""

    host: str
    port: int
    tls: Tls
    authority: Path | None
    """PEM certificates that are trusted instead of the system's."""
    username: str
    folder: str
    done: str
    """Where a message goes once it is committed."""
    failed: str
    """Where a message goes that the store refuses."""


@dataclass(frozen=True, slots=True)
class Found:
    """One message in the folder; the UID holds as long as the UIDVALIDITY does."""

    uid: str
    size: int
    validity: str


class ImapConnection:
    """A mailbox that is logged in to.

    Every method raises MailboxError where the connection is lost or the server refuses.
    """

    def __init__(self, place: Place, secret: str, *, is_token: bool) -> None:
        self._place = place
        with self._told():
            self._mailbox = _connected(place)
        with ExitStack() as stack:
            stack.callback(self.close)
            self._log_in(secret, is_token=is_token)
            with self._told():
                self._prepare()
            stack.pop_all()

    def look(self, passed_over: Collection[tuple[str, str]]) -> list[Found]:
        """What is in the folder now, oldest first, but for these (UIDVALIDITY, UID)."""
        with self._told():
            self._mailbox.folder.set(self._place.folder)
            validity = self._mailbox.client.response("UIDVALIDITY")[1][-1]
            named = validity.decode() if validity else ""
            uids = [
                uid
                for uid in self._mailbox.uids("UNDELETED", charset=None)
                if (named, uid) not in passed_over
            ][:MOST_A_LOOK]
            sizes = dict(self._sizes(uids))
        return [Found(uid, sizes[uid], named) for uid in uids if uid in sizes]

    def fetch(self, uid: str, most: int) -> bytes | None:
        """A message, unread as before; at most so many bytes. None where it is gone.

        Raises NotGivenError.
        """
        return self._part(uid, f"BODY.PEEK[]<0.{most}>")

    def fetch_header(self, uid: str, most: int) -> bytes | None:
        """Its header alone, at most so many bytes. None where it is gone. Raises NotGivenError."""
        return self._part(uid, f"BODY.PEEK[HEADER]<0.{most}>")

    def move(self, uids: Sequence[str], folder: str) -> None:
        """Move these; those that another process moved meanwhile are passed over."""
        chosen, name = ",".join(uids), encode_folder(folder).decode("ascii")
        with self._told():
            if self._can_move:
                self._done(self._mailbox.client.uid("MOVE", chosen, name))
                return
            self._done(self._mailbox.client.uid("COPY", chosen, name))
            self._done(self._mailbox.client.uid("STORE", chosen, "+FLAGS.SILENT", r"(\Deleted)"))
            # By UID: a plain EXPUNGE would also remove what others have marked.
            self._done(self._mailbox.client.uid("EXPUNGE", chosen))

    @property
    def can_idle(self) -> bool:
        """Whether the server tells of new mail by itself."""
        return "IDLE" in self._mailbox.client.capabilities

    def wait(self, seconds: float) -> None:
        """Wait until the server tells of something, at most so long. IDLE must be offered."""
        with self._told():
            self._mailbox.idle.wait(timeout=seconds)

    def interrupt(self) -> None:
        """End at once whatever another thread waits for here; the connection is lost by it."""
        with suppress(OSError):
            # The socket below TLS: closing the layer above is for the thread that reads it.
            socket.socket.shutdown(self._mailbox.client.sock, socket.SHUT_RDWR)

    def close(self) -> None:
        """Log out, as far as that is possible."""
        with suppress(OSError, imaplib.IMAP4.error, ImapToolsError):
            self._mailbox.logout()
        with suppress(OSError):
            self._mailbox.client.shutdown()

    def _log_in(self, secret: str, *, is_token: bool) -> None:
        user = self._place.username
        try:
            if is_token:
                self._mailbox.xoauth2(user, secret, initial_folder=None)
            elif user.isascii() and secret.isascii():
                self._mailbox.login(user, secret, initial_folder=None)
            else:
                self._mailbox.login_utf8(user, secret, initial_folder=None)
        except imaplib.IMAP4.abort as error:
            raise MailboxError(f"{self._server} hung up during login: {_words(error)}") from None
        except (MailboxLoginError, imaplib.IMAP4.error) as error:
            words = _words(error)
            if any(code in words.upper() for code in _PASSING):
                raise MailboxError(f"{self._server} lets nobody in now: {words}") from None
            raise LoginRefusedError(f"{self._server} refuses the login of {user}") from None
        except OSError as error:
            raise MailboxError(f"{self._server} was lost: {_words(error)}") from None

    def _prepare(self) -> None:
        """Learn what the server offers after login, and that the folders are there."""
        client = self._mailbox.client
        # The login may have told it too; what was said last holds.
        offered = client.capability()[1][-1]
        client.capabilities = tuple(offered.decode("ascii", "replace").upper().split())
        self._can_move = "MOVE" in client.capabilities
        if not self._can_move and "UIDPLUS" not in client.capabilities:
            raise MailboxError(f"{self._server} offers neither MOVE nor UIDPLUS (RFC 6851, 4315)")
        folders = (self._place.folder, self._place.done, self._place.failed)
        missing = [one for one in folders if not self._mailbox.folder.exists(one)]
        if missing:
            raise MailboxError(f"there is no folder {missing[0]!r} in the mailbox of {self._user}")

    def _sizes(self, uids: Sequence[str]) -> Iterator[tuple[str, int]]:
        if not uids:
            return
        _, lines = self._done(self._mailbox.client.uid("FETCH", ",".join(uids), "(RFC822.SIZE)"))
        for line in lines:
            uid, size = _UID.search(line or b""), _SIZE.search(line or b"")
            if uid and size:
                yield uid[1].decode(), int(size[1])

    def _part(self, uid: str, part: str) -> bytes | None:
        with self._told():
            status, data = self._mailbox.client.uid("FETCH", uid, f"({part})")
        if status != "OK":
            raise NotGivenError
        return next((bytes(one[1]) for one in data if isinstance(one, tuple)), None)

    def _done(self, answer: tuple[str, list[bytes]]) -> tuple[str, list[bytes]]:
        status, data = answer
        if status != "OK":
            words = (data[0] or b"").decode("utf-8", "replace")
            raise MailboxError(f"{self._server} refuses: {words[:200]}")
        return answer

    @property
    def _user(self) -> str:
        return self._place.username

    @property
    def _server(self) -> str:
        return f"{self._place.host}:{self._place.port}"

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Whatever the library raises becomes one line."""
        try:
            yield
        except ssl.SSLError as error:
            raise MailboxError(f"no TLS with {self._server}: {_words(error)}") from None
        except (OSError, imaplib.IMAP4.error, ImapToolsError) as error:
            raise MailboxError(f"{self._server} cannot be used: {_words(error)}") from None


def _connected(place: Place) -> imap_tools.BaseMailBox:
    if place.tls == "never":
        return imap_tools.MailBoxUnencrypted(place.host, place.port, timeout=STEP_SECONDS)
    # The library checks no certificate unless it is given a context that does.
    context = ssl.create_default_context(cafile=place.authority)
    kind = imap_tools.MailBox if place.tls == "implicit" else imap_tools.MailBoxStartTls
    return kind(place.host, place.port, timeout=STEP_SECONDS, ssl_context=context)


def _words(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
