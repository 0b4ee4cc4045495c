"""A service mailbox is read: each mail is kept as one that came by SMTP, and moved away."""

import asyncio
import time

import psycopg
from mailbox_in.dovecot import DONE, FAILED
from structlog.testing import capture_logs

from handlers.errors import StoreUnavailableError

MAIL = (
    b"Return-Path: <robin@uni.example>\r\nDelivered-To: dars@triagebot.example\r\n"
    b"From: Robin Asker <robin@uni.example>\r\nTo: dars@triagebot.example\r\n"
    b"Subject: A question\r\nMessage-ID: <%s@uni.example>\r\n\r\nWhat does it cost?\r\n"
)


def mail(name: str, body: bytes = b"") -> bytes:
    return MAIL % name.encode() + body


async def until(condition, seconds: float = 15):
    async with asyncio.timeout(seconds):
        while not await asyncio.to_thread(condition):  # noqa: ASYNC110 -- another process does it
            await asyncio.sleep(0.05)


def rows(database: str, query: str):
    with psycopg.connect(database) as connection:
        return connection.execute(query).fetchall()


def kept(database: str) -> int:
    return rows(database, "SELECT count(*) FROM inbound")[0][0]


async def test_a_mail_is_kept_with_its_job_byte_for_byte_and_then_moved(dovecot, read, database):
    dovecot.put(mail("one"))
    read(dovecot)
    await until(lambda: dovecot.count(DONE) == 1)
    assert dovecot.count() == 0
    assert rows(
        database,
        "SELECT origin, channel, state, envelope_from, envelope_to, raw FROM inbound",
    ) == [("mailbox", "email", "new", "robin@uni.example", ["dars@triagebot.example"], mail("one"))]
    assert rows(database, "SELECT task_name FROM procrastinate_jobs") == [("triage",)]


async def test_what_somebody_has_read_is_taken_too_and_what_was_unread_stays_so(
    dovecot, read, database
):
    dovecot.put(mail("read"), flags=r"\Seen")
    dovecot.put(mail("unread"))
    read(dovecot)
    await until(lambda: dovecot.count(DONE) == 2)
    assert sorted(rb"\Seen" in one for one in await asyncio.to_thread(dovecot.flags, DONE)) == [
        False,
        True,
    ]
    assert kept(database) == 2


async def test_new_mail_is_taken_within_two_seconds_where_the_server_tells_of_it(
    dovecot, read, database
):
    dovecot.put(mail("first"))
    read(dovecot, mailbox_imap_poll_seconds=600)
    await until(lambda: kept(database) == 1)
    for number in range(3):
        await asyncio.sleep(0.5)
        await asyncio.to_thread(dovecot.put, mail(f"later-{number}"))
        start = time.monotonic()
        await until(lambda number=number: kept(database) == number + 2)
        assert time.monotonic() - start < 2


async def test_a_server_with_neither_idle_nor_move_is_polled_and_mail_copied(
    make_dovecot, read, database
):
    plain = make_dovecot(DONE, FAILED, extra="imap_capability = IMAP4rev1 UIDPLUS\n")
    plain.put(mail("deleted by a colleague, not yet expunged"), flags=r"\Deleted")
    read(plain, mailbox_imap_poll_seconds=1)
    plain.put(mail("one"))
    await until(lambda: plain.count(DONE) == 1)
    await until(lambda: plain.count() == 1)  # what a colleague marked is not ours to remove
    plain.put(mail("two"))
    await until(lambda: plain.count(DONE) == 2)
    assert kept(database) == 2


async def test_a_mail_that_is_here_already_is_moved_and_not_kept_again(dovecot, read, database):
    dovecot.put(mail("one"), b"X-Spam-Status: no\r\n" + mail("one"))
    read(dovecot)
    await until(lambda: dovecot.count(DONE) == 2)
    assert kept(database) == 1


async def test_two_processes_on_one_mailbox_keep_and_move_each_mail_once(dovecot, read, database):
    dovecot.put(*(mail(str(number)) for number in range(40)))
    read(dovecot)
    read(dovecot)
    await until(lambda: dovecot.count() == 0)
    await asyncio.sleep(0.5)
    assert dovecot.count(DONE) == 40
    assert kept(database) == 40


async def test_a_mail_too_large_stays_where_it_is_and_a_person_is_told_once(
    dovecot, read, database
):
    dovecot.put(mail("large", b"x" * 30_000), mail("small"))
    with capture_logs() as logs:
        read(dovecot, mailbox_imap_max_bytes=20_000, mailbox_imap_poll_seconds=1)
        await until(lambda: dovecot.count(DONE) == 1)
        await asyncio.sleep(2.5)  # it is seen again, and not told again
    told = [one for one in logs if one["event"] == "mail not taken from the mailbox"]
    assert len(told) == 1
    assert "20000 are taken; it is still in the mailbox's folder INBOX" in told[0]["why"]
    assert dovecot.count() == 1
    read(dovecot, mailbox_imap_max_bytes=20_000)  # another process, or the next start
    await asyncio.sleep(1)
    unread = rows(database, "SELECT error, raw FROM inbound WHERE failures > 0")
    assert len(unread) == 1
    assert b"Subject: A question" in unread[0][1]
    assert len(unread[0][1]) < 1000


async def test_a_mail_that_the_store_refuses_is_put_aside_and_the_others_are_kept(
    dovecot, read, database, store
):
    async def keep(mails):
        if any(b"poison" in one.raw for one in mails):
            raise ValueError("this one cannot be stored")
        taken.extend(mails)

    taken = []
    dovecot.put(mail("one"), mail("bad", b"poison\r\n"), mail("two"))
    read(dovecot, keep)
    await until(lambda: dovecot.count() == 0)
    assert (dovecot.count(DONE), dovecot.count(FAILED)) == (2, 1)
    assert len(taken) == 2
    [(error,)] = rows(database, "SELECT error FROM inbound")
    assert error == "the store raised ValueError; it is in the mailbox's folder Not taken"


async def test_while_the_database_is_away_mail_waits_in_the_mailbox(dovecot, read):
    tries = []

    async def keep(mails):
        tries.append(time.monotonic())
        if len(tries) < 3:
            assert await asyncio.to_thread(dovecot.count) == 1
            raise StoreUnavailableError

    dovecot.put(mail("one"))
    with capture_logs() as logs:
        read(dovecot, keep)
        await until(lambda: dovecot.count(DONE) == 1)
    assert len(tries) == 3
    assert tries[2] - tries[0] > 2  # with patience in between
    said = [one["why"] for one in logs if one["event"] == "mailbox cannot be read"]
    assert said == ["the database is away; mail waits in the mailbox"]
