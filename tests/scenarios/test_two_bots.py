"""Two deployments that write to each other stop, marked as machines or not."""

import asyncio
import contextlib
import re
import smtplib
from dataclasses import dataclass, field
from email.message import EmailMessage

import pytest
import pytest_asyncio
from scenarios.desk import contact_settings, short_folder
from scenarios.enquiries import GIVEN
from scenarios.service import Service, until

from bot.sandbox.mailbox import Mail, Mailbox

pytestmark = pytest.mark.asyncio(loop_scope="module")

ADDRESSES = ("dars@first.example", "enquiries@second.example")
QUIET_SECONDS = 3
MARKS = re.compile(
    rb"^(?:Auto-Submitted|X-Auto-Response-Suppress):[^\r]*\r\n(?:[ \t][^\r]*\r\n)*", re.MULTILINE
)
"""What tells a machine's mail; some gateways take such fields off."""


@dataclass
class Wire:
    """Two services and the mail between them, carried by SMTP from each to the other."""

    services: dict[str, Service]
    mailbox: Mailbox
    strips_marks: bool = False
    seen: int = 0
    carried: list[Mail] = field(default_factory=list)

    async def carry(self) -> None:
        """Hand on what leaves, for ever."""
        while True:
            for mail in reversed(self.mailbox.newest()):
                if mail.id > self.seen:
                    self.seen = mail.id
                    self.carried.append(mail)
                    await asyncio.to_thread(self._hand_on, mail)
            await asyncio.sleep(0.02)

    def _hand_on(self, mail: Mail) -> None:
        sender, raw = mail.envelope_from, mail.raw
        if self.strips_marks:
            sender, raw = mail.sender.address, MARKS.sub(b"", raw)
        for recipient in mail.envelope_to:
            self.post(sender, recipient, raw)

    def post(self, sender: str, recipient: str, raw: bytes) -> None:
        """Bring one mail to the service whose address it is for."""
        domain = recipient.rpartition("@")[2]
        [port] = [
            service.port("mail")
            for address, service in self.services.items()
            if address.endswith(f"@{domain}")
        ]
        with smtplib.SMTP("127.0.0.1", port, timeout=30) as client:
            client.sendmail(sender, [recipient], raw)

    async def until_quiet(self) -> list[Mail]:
        """What was carried until no mail went and nothing waited, for some seconds."""
        for _ in range(20):
            before = len(self.carried)
            await asyncio.sleep(QUIET_SECONDS)
            if before == len(self.carried) and not any(map(waiting, self.services.values())):
                return self.carried
        raise AssertionError(f"they do not stop: {len(self.carried)} mails so far")


def waiting(service: Service) -> bool:
    """Whether a mail is not followed through, or not yet handed over."""
    return bool(
        service.rows(
            "SELECT 1 FROM inbound WHERE state = 'new' UNION ALL"
            " SELECT 1 FROM outgoing WHERE transport = 'mail' AND state IN ('ready', 'sending')"
        )
    )


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pair():
    """Both services, each with a database, an address and a signing key of its own."""
    mailbox = Mailbox()
    async with contextlib.AsyncExitStack() as stack:
        port = await stack.enter_async_context(mailbox.listening())
        services = {}
        for address in ADDRESSES:
            settings = contact_settings() | {
                "MAILBOX_ADDRESS": address,
                "RELAY_HOST": "127.0.0.1",
                "RELAY_PORT": str(port),
            }
            service = Service(stack.enter_context(short_folder()), settings)
            stack.push_async_callback(service.stop)
            await service.start()
            services[address] = service
        yield services, mailbox


@contextlib.asynccontextmanager
async def wired(pair, *, strips_marks):
    """Mail goes to and fro, as long as the block lasts."""
    services, mailbox = pair
    wire = Wire(services, mailbox, strips_marks, seen=len(mailbox))
    task = asyncio.create_task(wire.carry())
    try:
        yield wire
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def question(name: str) -> EmailMessage:
    """A question to the first service under the address of the second, which answers mail."""
    first, second = ADDRESSES
    message = EmailMessage()
    message["From"] = f"Research Desk <{second}>"
    message["To"] = first
    message["Subject"] = f"{GIVEN[0].subject} ({name})"
    message["Message-ID"] = f"<{name}@second.example>"
    message.set_content(GIVEN[0].text)
    return message


async def test_a_marked_answer_is_never_answered(pair):
    async with wired(pair, strips_marks=False) as wire:
        first, second = ADDRESSES
        asked = question("marked")
        await asyncio.to_thread(wire.post, second, first, asked.as_bytes())
        await until(lambda: wire.carried, 10, "the answer")
        [answer] = await wire.until_quiet()
    assert answer.envelope_to == (second,)
    assert wire.services[second].rows("SELECT outcome FROM decision") == [("ignored",)]
    assert wire.services[second].rows("SELECT 1 FROM outgoing WHERE transport = 'mail'") == []


async def test_where_a_gateway_takes_the_marks_off_they_stop_all_the_same(pair):
    """One answer and one acknowledgement each, and then a person has it on both sides."""
    async with wired(pair, strips_marks=True) as wire:
        first, second = ADDRESSES
        asked = question("unmarked")
        await asyncio.to_thread(wire.post, second, first, asked.as_bytes())
        await until(lambda: wire.carried, 10, "the answer")
        carried = await wire.until_quiet()
    assert 2 <= len(carried) <= 4
    for service in wire.services.values():
        opened = service.rows("SELECT 1 FROM enquiry WHERE subject LIKE '%(unmarked)%'")
        assert len(opened) == 1
