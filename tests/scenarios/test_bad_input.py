"""What cannot be used gets one clear answer, and everything else goes on."""

import asyncio
import random
import smtplib
import socket
import time

import aiohttp
import pytest
import pytest_asyncio
from scenarios.desk import contact_settings, open_desk
from scenarios.enquiries import GIVEN, check_answer
from scenarios.service import MAILBOX, PREPARED, post, until
from slack_world import words

from bot.sandbox.slack.signed_calls import signature
from bot.slack.app import EVENTS_PATH

COST = GIVEN[0]
UNREACHABLE = "postgresql://triagebot:a-secret@127.0.0.1:9/triagebot"
shared = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def desk():
    """A service desk that Slack calls by HTTP."""
    async with open_desk(without=("SLACK_APP_TOKEN",), signed=True) as opened:
        yield opened


@shared
async def test_noise_that_is_no_mail_becomes_a_case_with_the_bytes_kept(desk):
    chance = random.Random(5)
    lines = [bytes(chance.choices(range(14, 256), k=60)) for _ in range(40)]
    code, said = await asyncio.to_thread(hand_in, desk, b"\r\n".join(lines), "noise@uni.example")
    assert code == 250, said
    await until(lambda: case_of(desk, "noise@uni.example"), 5, "a case")
    await desk.card(case_of(desk, "noise@uni.example"), seconds=5)
    [(raw,)] = desk.service.rows(
        "SELECT raw FROM inbound WHERE envelope_from = %s", "noise@uni.example"
    )
    assert bytes(raw).replace(b"\r\n", b"\n").rstrip().endswith(lines[-1])


@shared
async def test_headers_that_break_the_rules_are_read_as_far_as_they_can_be(desk):
    raw = (
        b"From: =?utf-8?q?Robin =?x?b?broken <robin@broken.example>\r\n"
        b"Subject: =?utf-9?x?????=\r\nDate: yesterday\r\nMessage-ID: <<>>\r\n"
        b"Content-Type: multipart/mixed; boundary=\r\nMIME-Version: banana\r\n\r\n"
        b"Where has our application DARS-NIC-381078-Y9C5K got to?\r\n"
    )
    assert (await asyncio.to_thread(hand_in, desk, raw, "robin@broken.example"))[0] == 250
    await until(lambda: case_of(desk, "robin@broken.example"), 5, "a case")
    card = await desk.card(case_of(desk, "robin@broken.example"), seconds=5)
    assert "DARS-NIC-381078-Y9C5K" in words(card)


@shared
async def test_an_unknown_charset_is_guessed_and_the_question_answered(desk):
    asked = COST.mail("charset")
    asked.replace_header("Content-Type", 'text/plain; charset="x-klingon"')
    asked.replace_header("Content-Transfer-Encoding", "8bit")
    raw = asked.as_bytes().partition(b"\n\n")[0] + b"\n\n" + COST.text.encode()
    sender = asked["From"].addresses[0].addr_spec
    assert (await asyncio.to_thread(hand_in, desk, raw, sender))[0] == 250
    check_answer(await desk.reply_to(asked), COST)
    [(text,)] = desk.service.rows(
        "SELECT text FROM message WHERE message_id = %s", str(asked["Message-ID"])
    )
    assert "£9,450" in str(text)


@shared
async def test_thirty_megabytes_are_refused_before_they_are_sent(desk):
    with smtplib.SMTP("127.0.0.1", desk.service.port("mail"), timeout=30) as client:
        client.ehlo()
        assert client.esmtp_features["size"] == "26214400"
    with pytest.raises(smtplib.SMTPSenderRefused) as refusal:
        await asyncio.to_thread(hand_in, desk, b"Subject: big\r\n\r\n" + b"x" * 30_000_000)
    assert refusal.value.smtp_code == 552
    assert b"exceeds fixed maximum message size" in refusal.value.smtp_error


@shared
async def test_two_thousand_recipients_are_put_off_and_the_next_sender_is_served(desk):
    def send():
        codes = []
        with smtplib.SMTP("127.0.0.1", desk.service.port("mail"), timeout=30) as client:
            client.ehlo()
            client.mail("many@uni.example")
            while len(codes) < 2000 and 421 not in codes:
                codes.append(client.rcpt(f"dars+{len(codes)}@triagebot.example")[0])
            client.close()
        return codes

    codes = await asyncio.to_thread(send)
    assert codes[:100] == [250] * 100
    assert set(codes[100:-1]) == {452}
    assert codes[-1] == 421, "who never stops is told to go"
    asked = COST.mail("next-sender")
    await asyncio.to_thread(post, desk.service.port("mail"), asked)
    check_answer(await desk.reply_to(asked), COST)


@shared
async def test_a_call_that_slack_did_not_sign_is_refused_and_changes_nothing(desk):
    body = b'{"type": "url_verification", "challenge": "a challenge"}'
    good = desk.slack.app.signing_secret
    assert await call(desk, body, "not the secret") == (401, False)
    assert await call(desk, body, good, at=time.time() - 3600) == (401, False)
    assert await call(desk, b"\xff\xfe", good) == (400, False)
    assert await call(desk, body, good) == (200, True)
    assert "Traceback" not in desk.service.output


async def test_without_slack_encoder_and_model_each_is_one_line_and_a_person_reads_the_mail(
    service, data_dir, relay
):
    mailbox, to_relay = relay
    one = service(**to_relay, **contact_settings())
    for prepared in (PREPARED / "encoder", PREPARED / "model"):
        (data_dir / prepared.name).unlink()
    await one.start()
    said = [line for line in plain(one.output) if line.startswith("slack")]
    assert said == ["slack      Slack is off: TRIAGEBOT_SLACK_BOT_TOKEN is not set"]
    assert "no encoder: deciding by words alone" in one.output
    assert "until then every enquiry goes to a person" in one.output
    asked = COST.mail("nothing-set-up")
    await asyncio.to_thread(post, one.port("mail"), asked)
    await until(lambda: len(mailbox), 5, "the acknowledgement")
    assert "a person will read it" in mailbox.newest()[0].parsed.text
    assert one.rows("SELECT state FROM case_record") == [("new",)]
    assert "Traceback" not in one.output


async def test_a_model_that_cannot_be_read_counts_as_none(service, data_dir, database):
    one = service("worker", DATABASE_URL=database)
    (data_dir / "model").unlink()
    (data_dir / "model").mkdir()
    (data_dir / "model" / "card.json").write_bytes((PREPARED / "model/card.json").read_bytes())
    (data_dir / "model" / "model.skops").write_bytes(b"of another version, or half written")
    await one.start()
    assert "until then every enquiry goes to a person" in one.output
    # Before its database goes.
    await one.stop()


async def test_a_token_that_slack_refuses_is_named(service, slack, database):
    _, to_slack = slack
    one = service("slack", **to_slack | {"SLACK_BOT_TOKEN": "xoxb-wrong"}, DATABASE_URL=database)
    await one.start()
    [said] = [line for line in plain(one.output) if line.startswith("slack")]
    await one.stop()
    assert "refused the bot token (invalid_auth); check TRIAGEBOT_SLACK_BOT_TOKEN" in said
    assert "xoxb-wrong" not in one.output


@pytest.mark.parametrize(
    ("part", "setting"),
    [("smtp", "SMTP_PORT"), ("web", "WEB_PORT"), ("sandbox", "SANDBOX_PORT")],
)
async def test_a_port_in_use_is_named_in_one_line(service, database, part, setting):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = ("serve", "--sandbox") if part == "sandbox" else (part,)
        one = service(*command, DATABASE_URL=database, **{setting: port})
        code, said = await ended(one)
    assert code == 1
    assert len(said) == 1
    assert said[0].startswith("triagebot: ")
    assert f"TRIAGEBOT_{setting}" in said[0]
    assert port in said[0]


async def test_a_bad_setting_is_named_in_one_line(service):
    code, said = await ended(service(SMTP_PORT="abc", WEB_PORT="99999"))
    assert (code, len(said)) == (1, 1)
    assert said[0].startswith("triagebot: settings: ")
    assert "TRIAGEBOT_SMTP_PORT" in said[0]
    assert "TRIAGEBOT_WEB_PORT" in said[0]


@pytest.mark.parametrize(
    "command",
    [("serve",), ("migrate",), ("case", "list")],
    ids=" ".join,
)
async def test_a_database_out_of_reach_is_one_line_without_its_password(service, command):
    code, said = await ended(service(*command, DATABASE_URL=UNREACHABLE))
    assert (code, len(said)) == (1, 1), "\n".join(said[-5:])
    assert said[0].startswith("triagebot: ")
    assert "TRIAGEBOT_DATABASE_URL" in said[0]
    assert "a-secret" not in said[0]


async def test_the_data_of_another_postgresql_is_refused_with_what_to_do(service, data_dir):
    cluster = data_dir / "postgres" / "data"
    cluster.mkdir(parents=True)
    (cluster / "PG_VERSION").write_text("12\n")
    code, said = await ended(service())
    assert (code, len(said)) == (1, 1), "\n".join(said[-5:])
    assert "was made by PostgreSQL 12" in said[0]
    assert "TRIAGEBOT_POSTGRES_BIN" in said[0]
    assert (cluster / "PG_VERSION").read_text() == "12\n"


def hand_in(desk, raw, sender="robin@uni.example"):
    """Hand bytes in as they are; the answer to them. Raises what smtplib raises."""
    with smtplib.SMTP("127.0.0.1", desk.service.port("mail"), timeout=30) as client:
        client.ehlo()
        size = [f"SIZE={len(raw)}"] if client.has_extn("size") else []
        code, said = client.mail(sender, size)
        if code != 250:
            raise smtplib.SMTPSenderRefused(code, said, sender)
        client.rcpt(MAILBOX)
        return client.data(raw)


def case_of(desk, sender):
    """The reference of the case that a sender's mail became; None before that."""
    rows = desk.service.rows(
        "SELECT e.reference FROM case_record c JOIN enquiry e ON e.id = c.enquiry_id"
        " JOIN message m ON m.enquiry_id = e.id JOIN inbound i ON i.id = m.inbound_id"
        " WHERE i.envelope_from = %s",
        sender,
    )
    return rows[0][0] if rows else None


async def call(desk, body, secret, at=None):
    """Call as Slack would; status, and whether the body came back."""
    stamp = str(int(at or time.time()))
    headers = {
        "Content-Type": "application/json",
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": signature(secret, stamp, body),
    }
    address = f"http://127.0.0.1:{desk.service.port('dashboard')}{EVENTS_PATH}"
    async with (
        aiohttp.ClientSession() as session,
        session.post(address, data=body, headers=headers) as answer,
    ):
        return answer.status, "a challenge" in await answer.text()


def plain(output):
    """What it said to the person who started it: all lines that are no log lines."""
    return [line for line in output.splitlines() if line.strip() and not line.startswith("{")]


async def ended(one):
    """Start something that cannot run; its exit code, and what it said."""
    one.spawn()
    code = await asyncio.to_thread(one.process.wait, 60)
    return code, plain(one.output)
