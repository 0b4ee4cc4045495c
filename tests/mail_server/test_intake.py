"""From the socket into the real database: rows and jobs together, each mail once."""

import asyncio
import smtplib
from collections.abc import AsyncIterator, Sequence
from functools import partial
from typing import Any, LiteralString

import psycopg
import pytest
from mail_server.peers import Dial, Start

from handlers.intake import Accepted, keep_mail
from handlers.unit import Job, Store

US = "dars@triagebot.example"
MAIL = "From: Ann <ann@example.org>\r\nMessage-ID: <{}@example.org>\r\n\r\nHello\r\n"


class TableQueue:
    """Writes jobs into a table of the test, on the unit's own connection."""

    def __init__(self) -> None:
        self.fails = False

    async def defer(self, jobs: Sequence[Job], connection: psycopg.AsyncConnection[object]) -> None:
        if self.fails:
            raise RuntimeError("no queue")
        async with connection.cursor() as cursor:
            await cursor.executemany(
                "INSERT INTO test_job VALUES (%s, %s)", [(job.task, job.subject) for job in jobs]
            )


@pytest.fixture
def queue(database: str) -> TableQueue:
    with psycopg.connect(database) as connection:
        connection.execute("CREATE TABLE test_job (task text, subject bigint)")
    return TableQueue()


@pytest.fixture
async def store(database: str, queue: TableQueue) -> AsyncIterator[Store]:
    store = Store(database, queue)
    yield store
    await store.close()


def rows(database: str, query: LiteralString) -> list[tuple[Any, ...]]:
    with psycopg.connect(database) as connection:
        return connection.execute(query).fetchall()


def send(port: int, mail: str | bytes) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=30) as client:
        client.sendmail("ann@example.org", [US], mail)


async def test_a_mail_and_its_triage_job_are_there_when_250_is_heard(
    start: Start, store: Store, database: str
) -> None:
    server = await start(partial(keep_mail, store))
    mail = MAIL.format(1).encode() + b"Zo\xeb\x00\r\n"
    await asyncio.to_thread(send, server.port, mail)
    [(ident, *row)] = rows(
        database,
        "SELECT id, channel, envelope_from, envelope_to, peer, raw, state, failures FROM inbound",
    )
    assert row == ["email", "ann@example.org", [US], "127.0.0.1", mail, "new", 0]
    assert rows(database, "SELECT * FROM test_job") == [("triage", ident)]


async def test_how_the_sending_host_presents_itself_is_kept(
    start: Start, store: Store, database: str, dial: Dial
) -> None:
    line = await dial((await start(partial(keep_mail, store))).port)
    await line.hear()
    for command in ("EHLO mail.uni.example", "MAIL FROM:<ann@example.org>", f"RCPT TO:<{US}>"):
        await line.say(command)
    await line.say("DATA")
    assert (await line.say(MAIL.format(1) + "\r\n.")).startswith("250")
    assert rows(database, "SELECT helo FROM inbound") == [("mail.uni.example",)]


async def test_a_mail_sent_again_is_answered_250_and_kept_once(
    start: Start, store: Store, database: str
) -> None:
    server = await start(partial(keep_mail, store))
    for hop in ("a", "b", "c"):
        again = f"Received: from {hop}.example\r\n" + MAIL.format(1)
        await asyncio.to_thread(send, server.port, again)
    assert rows(database, "SELECT count(*) FROM inbound") == [(1,)]
    assert rows(database, "SELECT count(*) FROM test_job") == [(1,)]


async def test_duplicates_within_one_group_are_kept_once(store: Store, database: str) -> None:
    mail = Accepted("k", "ann@example.org", (US,), "192.0.2.1", b"x")
    assert len(await keep_mail(store, [mail, mail, mail])) == 1
    assert await keep_mail(store, [mail]) == []
    assert rows(database, "SELECT count(*) FROM test_job") == [(1,)]


async def test_without_its_job_a_mail_is_not_kept_and_not_accepted(
    start: Start, store: Store, queue: TableQueue, database: str
) -> None:
    queue.fails = True
    server = await start(partial(keep_mail, store))
    with pytest.raises(smtplib.SMTPDataError) as refusal:
        await asyncio.to_thread(send, server.port, MAIL.format(1))
    assert refusal.value.smtp_code == 451
    assert rows(database, "SELECT count(*) FROM inbound") == [(0,)]


async def test_mails_of_many_sessions_are_each_kept_once(
    start: Start, store: Store, database: str
) -> None:
    server = await start(partial(keep_mail, store))
    mails = [MAIL.format(number // 2) for number in range(120)]
    await asyncio.gather(*(asyncio.to_thread(send, server.port, mail) for mail in mails))
    assert rows(database, "SELECT count(*), count(DISTINCT key) FROM inbound") == [(60, 60)]
    assert rows(database, "SELECT count(*) FROM test_job") == [(60,)]


async def test_a_database_that_ends_the_connection_means_451_and_then_service_again(
    start: Start, store: Store, database: str
) -> None:
    server = await start(partial(keep_mail, store))
    await asyncio.to_thread(send, server.port, MAIL.format(1))
    rows(
        database,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )
    with pytest.raises(smtplib.SMTPDataError):
        await asyncio.to_thread(send, server.port, MAIL.format(2))
    await asyncio.to_thread(send, server.port, MAIL.format(2))
    assert rows(database, "SELECT count(*) FROM inbound") == [(2,)]
