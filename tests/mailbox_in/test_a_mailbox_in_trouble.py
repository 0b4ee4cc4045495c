"""Whatever happens to the connection or the mailbox: one clear line, patience, and no mail lost."""

import asyncio
import subprocess
import time

import psycopg
import pytest
from mailbox_in.conftest import settings_for
from mailbox_in.dovecot import DONE, FAILED, PASSWORD, USER, Wire
from mailbox_in.test_reading_a_mailbox import kept, mail, until
from scenarios.service import Service
from structlog.testing import capture_logs

from bot.mail.mailbox_setup import mailbox_problems


@pytest.fixture
def certificate(data_dir):
    """A certificate for this machine that signs itself, and its key."""
    chain, key = data_dir / "chain.pem", data_dir / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1",
         "-keyout", str(key), "-out", str(chain)],
        check=True,
        capture_output=True,
    )  # fmt: skip
    key.chmod(0o644)  # the server runs as another account
    return chain, key


def reasons(logs):
    return [one["why"] for one in logs if one["event"] == "mailbox cannot be read"]


async def test_killed_between_commit_and_move_the_mail_is_kept_once_and_moved_by_the_next(
    dovecot, database, data_dir
):
    dovecot.put(mail("one"))
    settings = {
        "DATABASE_URL": database,
        "MAILBOX_IMAP_HOST": "127.0.0.1",
        "MAILBOX_IMAP_TLS": "never",
        "MAILBOX_IMAP_USERNAME": USER,
        "MAILBOX_IMAP_PASSWORD": PASSWORD,
    }
    async with Wire(dovecot.port, hold=b"UID MOVE").laid() as wire:
        first = Service(data_dir, settings | {"MAILBOX_IMAP_PORT": str(wire.port)}, ("mailbox",))
        await first.start()
        async with asyncio.timeout(20):
            await wire.held.wait()
        first.kill()
    assert kept(database) == 1
    assert dovecot.count() == 1
    second = Service(data_dir, settings | {"MAILBOX_IMAP_PORT": str(dovecot.port)}, ("mailbox",))
    await second.start()
    await until(lambda: dovecot.count(DONE) == 1)
    assert await second.stop() == 0
    assert (dovecot.count(), kept(database)) == (0, 1)
    with psycopg.connect(database) as connection:
        jobs = connection.execute("SELECT count(*) FROM procrastinate_jobs").fetchall()
    assert jobs == [(1,)]


async def test_a_server_that_is_stopped_and_started_is_read_again(dovecot, read, database):
    dovecot.put(mail("one"))
    with capture_logs() as logs:
        read(dovecot)
        await until(lambda: kept(database) == 1)
        dovecot.stop()
        await asyncio.sleep(2.5)
        dovecot.start()
        dovecot.put(mail("two"))
        await until(lambda: kept(database) == 2)
        await until(lambda: dovecot.count(DONE) == 2)
    assert 1 <= len(reasons(logs)) <= 2  # the lost connection, then the refused ones as one
    assert "mailbox is read again" in [one["event"] for one in logs]


async def test_other_uids_after_a_restore_lose_nothing_and_tell_nothing_twice(
    dovecot, read, database
):
    dovecot.put(mail("large", b"x" * 30_000), mail("one"))
    read(dovecot, mailbox_imap_max_bytes=20_000)
    await until(lambda: dovecot.count(DONE) == 1)
    dovecot.stop()
    dovecot.renumber()
    dovecot.start()
    dovecot.put(mail("two"))
    await until(lambda: dovecot.count(DONE) == 2)
    assert dovecot.count() == 1
    assert kept(database) == 3  # the two, and the one word on the large one


async def test_a_wrong_password_is_told_in_one_line_and_not_tried_again_and_again(dovecot, read):
    before = dovecot.logins
    with capture_logs() as logs:
        read(dovecot, mailbox_imap_password="wrong")
        await until(lambda: reasons(logs), 20)
        await asyncio.sleep(3)
    assert reasons(logs) == [f"127.0.0.1:{dovecot.port} refuses the login of dars"]
    assert dovecot.logins - before <= 2  # Dovecot says two lines of one try


@pytest.mark.parametrize("missing", ["mailbox_imap_folder", "mailbox_imap_done"])
async def test_a_folder_that_is_not_there_is_named_and_no_mail_is_touched(
    dovecot, read, missing, database
):
    dovecot.put(mail("one"))
    with capture_logs() as logs:
        read(dovecot, **{missing: "Büro"})
        await asyncio.sleep(3)
    assert reasons(logs) == ["there is no folder 'Büro' in the mailbox of dars"]
    assert (dovecot.count(), kept(database)) == (1, 0)


async def test_folders_may_have_names_beyond_ascii(make_dovecot, read, database):
    server = make_dovecot("B&APw-ro", FAILED)  # as IMAP writes it
    server.put(mail("one"))
    read(server, mailbox_imap_done="Büro")
    await until(lambda: server.count("B&APw-ro") == 1)
    assert kept(database) == 1


async def test_a_server_whose_certificate_nobody_vouches_for_is_not_told_the_password(
    make_dovecot, read, database, certificate
):
    chain, key = certificate
    secure = make_dovecot(
        DONE,
        FAILED,
        extra=f"ssl = yes\nssl_cert = <{chain}\nssl_key = <{key}\n",
    )
    secure.put(mail("one"))
    before = secure.log.count("Login:")
    with capture_logs() as logs:
        read(secure, mailbox_imap_tls="starttls")
        await until(lambda: reasons(logs))
    assert "CERTIFICATE_VERIFY_FAILED" in reasons(logs)[0]
    assert secure.log.count("Login:") == before
    read(secure, mailbox_imap_tls="starttls", mailbox_imap_authority=chain)
    await until(lambda: secure.count(DONE) == 1)
    assert kept(database) == 1


def test_settings_that_would_send_the_password_in_the_clear_are_refused(dovecot):
    abroad = settings_for(dovecot, mailbox_imap_host="imap.example.org")
    assert mailbox_problems(abroad) == [
        "TRIAGEBOT_MAILBOX_IMAP_TLS=never would send the password in the clear"
    ]


async def test_an_unread_mailbox_is_left_at_once_when_the_service_stops(
    dovecot, data_dir, database
):
    settings = {
        "DATABASE_URL": database,
        "MAILBOX_IMAP_HOST": "127.0.0.1",
        "MAILBOX_IMAP_PORT": str(dovecot.port),
        "MAILBOX_IMAP_TLS": "never",
        "MAILBOX_IMAP_USERNAME": USER,
        "MAILBOX_IMAP_PASSWORD": PASSWORD,
    }
    one = Service(data_dir, settings, ("mailbox",))
    await one.start()
    await until(lambda: dovecot.logins > 1)
    await asyncio.sleep(1)  # it is in IDLE now
    start = time.monotonic()
    assert await one.stop() == 0
    assert time.monotonic() - start < 5
