"""A power cut at any instant costs no mail, and sends none twice."""

import asyncio
import contextlib
import os
import random
import signal
import smtplib
from collections import Counter
from collections.abc import Callable

import psycopg
import pytest
from scenarios.service import Service, enquiry, post, until

MAILS = 200
KILLS = 10
COST = "Total Cost at the top of our draft for cancer registrations says £9,450. Must we pay that?"
PERSON = "Where has our application DARS-NIC-381078-Y9C5K got to?"

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]


class Sender:
    """A mail server that keeps each mail until it hears 250, as mail servers do."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.waiting = [
            enquiry(
                f"{PERSON if number % 3 == 0 else COST} (number {number})",
                sender=f"asker{number}@uni.example",
                ident=f"kill-{number}",
            )
            for number in range(MAILS)
        ]

    async def send(self, pause: float) -> None:
        """Hand in what is left, trying again whenever nobody listens or somebody dies."""
        while self.waiting:
            with contextlib.suppress(OSError, smtplib.SMTPException, IndexError):
                await asyncio.to_thread(post, self.service.port("mail"), self.waiting[0])
                self.waiting.pop(0)
            await asyncio.sleep(pause)


async def kill_the_service(service: Service) -> None:
    service.kill()
    await service.start()


async def kill_the_database(service: Service) -> None:
    """The postmaster alone; the service starts it again by itself."""
    file = service.folder / "postgres" / "data" / "postmaster.pid"
    killed = False
    while not killed:
        # Right after the last kill there may be none yet.
        with contextlib.suppress(ProcessLookupError, FileNotFoundError, IndexError):
            os.kill(int(file.read_text(encoding="ascii").split()[0]), signal.SIGKILL)
            killed = True
        await asyncio.sleep(0.05)


@pytest.mark.parametrize("kill", [kill_the_service, kill_the_database])
async def test_two_hundred_mails_survive_ten_kills(
    relay, slack, service, kill: Callable[[Service], None]
):
    mailbox, to_relay = relay
    pretend, to_slack = slack
    chance = random.Random(7)
    # They have one subject, of which so many would else be taken for a loop.
    limits = {"RELAY_TIMEOUT": "2", "REPLIES_PER_SUBJECT_PER_HOUR": "1000"}
    one = service(**limits, **to_relay, **to_slack)
    await one.start()
    sender = Sender(one)
    sending = asyncio.create_task(sender.send(pause=0.05))
    for _ in range(KILLS):
        await asyncio.sleep(chance.uniform(0.1, 2.5))
        await kill(one)
    await sending
    await until(lambda: finished(one), 300, "everything to be done")

    assert one.rows("SELECT count(*), count(DISTINCT key) FROM inbound") == [(MAILS, MAILS)]
    assert one.rows("SELECT count(*) FROM inbound WHERE state = 'set_aside'") == [(0,)]
    assert one.rows("SELECT count(*) FROM decision") == [(MAILS,)]
    assert one.rows("SELECT count(*) FROM enquiry") == [(MAILS,)]
    assert_each_mail_left_once(one, mailbox)
    assert_each_case_has_one_card(one, pretend, to_slack["SLACK_CASES_CHANNEL"])


def finished(service: Service) -> bool:
    """Whether nothing is left to do; the database may be away for a moment."""
    with contextlib.suppress(psycopg.OperationalError):
        [(waiting,)] = service.rows("SELECT count(*) FROM inbound WHERE state = 'new'")
        [(unsent,)] = service.rows(
            "SELECT count(*) FROM outgoing WHERE state IN ('ready', 'sending')"
        )
        return waiting == 0 and unsent == 0
    return False


def assert_each_mail_left_once(service, mailbox) -> None:
    arrived = Counter(mail.message_id for mail in mailbox.newest(most=10_000))
    assert max(arrived.values()) == 1, "a mail was sent twice"
    states = dict(
        service.rows("SELECT state, count(*) FROM outgoing WHERE transport = 'mail' GROUP BY 1")
    )
    assert set(states) <= {"sent", "held"}, "neither sent nor held as in doubt"
    assert sum(states.values()) == MAILS
    assert len(arrived) >= states["sent"]


def assert_each_case_has_one_card(service, pretend, channel) -> None:
    cards = pretend.workspace.history(channel)
    posted = Counter(card.metadata["event_payload"]["key"] for card in cards if card.metadata)
    [(cases,)] = service.rows("SELECT count(*) FROM case_record")
    assert max(posted.values()) == 1, "a card was posted twice"
    assert sum(key.startswith("case:") for key in posted) == cases
