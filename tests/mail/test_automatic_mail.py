"""Machines' mail is known for what it is, and no person's mail is taken for it."""

import pytest

from bot.mail.parse import ParsedMail, parse

PERSON = b"From: Jane Doe <jane.doe@trust.example>\nTo: dars@triagebot.example\n"
LETTER = b"\n\nDear team,\nwhere do we apply for hospital data?\nJane\n"


def read(fields: bytes, *, base: bytes = PERSON, body: bytes = LETTER) -> ParsedMail:
    return parse(base + fields + body)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        (b"Auto-Submitted: auto-replied", "auto-submitted"),
        (b"Auto-Submitted: auto-generated (rejected)", "auto-submitted"),
        (b"Subject: Hello\nX-Autoreply: yes", "auto-reply"),
        (b"X-Autorespond: Away", "auto-reply"),
        (b"X-Precedence: auto_reply", "auto-reply"),
        (b"X-FC-MachineGenerated: true", "auto-reply"),
        (b"Precedence: bulk", "bulk"),
        (b"Precedence: junk", "precedence"),
        (b"List-Unsubscribe: <mailto:off@news.example>\nList-Id: <news.example>", "mailing-list"),
        (b"List-Id: <news.example>\nList-Post: NO", "mailing-list"),
        (b"Return-Path: <>", "null-sender"),
        (b"Content-Class: urn:content-classes:calendarmessage", "calendar"),
    ],
)
def test_a_header_by_which_a_machine_names_itself_is_believed(fields: bytes, reason: str) -> None:
    parsed = read(fields)
    assert parsed.automatic_reason == reason
    assert not parsed.may_auto_reply
    assert not parsed.is_bounce


@pytest.mark.parametrize(
    "subject",
    [
        "Out of office",
        "Out of Office: Re: Hospital data",
        "Automatic reply: Hospital data",
        "Autoreply: Hospital data",
        "Automatische Antwort: Daten",
        "Abwesenheitsnotiz: Daten",
        "Réponse automatique : Données",
        "Respuesta automática: Datos",
        "Risposta automatica: Dati",
        "Resposta automática: Dados",
        "Automatisch antwoord: Gegevens",
        "Autosvar: Data",
        "Automatisk svar: Data",
        "Automaattinen vastaus: Data",
        "Odpowiedź automatyczna: Dane",
        "Автоматический ответ: Данные",
        "自動応答: データ",
        "自动答复: 数据",
        "Atebiad awtomatig: Data",
    ],
)
def test_an_absence_notice_is_known_by_how_its_subject_begins(subject: str) -> None:
    parsed = read(f"Subject: {subject}".encode(), body=b"\n\nI am back on Monday.\n")
    assert parsed.automatic_reason == "out-of-office"
    assert not parsed.may_auto_reply


@pytest.mark.parametrize(
    "subject",
    [
        "Re: Out of office: Hospital data",
        "FW: Automatic reply: your enquiry",
        "Your automatic reply did not help",
        "Out of office hours contact for the service",
        "On leave policy data",
        "Leave to appeal",
        "Undeliverable promises in the contract?",
        "Automatic replies from your service",
        "Absence statistics for nurses",
    ],
)
def test_a_person_who_speaks_of_absence_or_of_automatic_mail_stays_a_person(subject: str) -> None:
    parsed = read(f"Subject: {subject}".encode())
    assert parsed.automatic_reason is None
    assert parsed.may_auto_reply


@pytest.mark.parametrize(
    "fields",
    [
        b"Auto-Submitted: no",
        b"In-Reply-To: <1@x.example>\nReferences: <1@x.example>",
        b"X-Mailer: Outlook\nThread-Index: abc",
        b"X-Auto-Response-Suppress: DR, RN, NRN",
    ],
)
def test_an_ordinary_letter_may_be_answered(fields: bytes) -> None:
    parsed = read(fields)
    assert parsed.automatic_reason is None
    assert parsed.may_auto_reply


@pytest.mark.parametrize(
    "fields",
    [
        b"X-Auto-Response-Suppress: All",
        b"List-Id: <data.list.example>\nList-Post: <mailto:data@list.example>\nPrecedence: list",
        b"Feedback-ID: 1:campaign",
        b"X-MS-Exchange-Inbox-Rules-Loop: jane.doe@trust.example",
        b"X-Loop: somebody",
    ],
)
def test_suspicion_forbids_our_answer_but_does_not_make_a_person_a_machine(fields: bytes) -> None:
    parsed = read(fields)
    assert parsed.automatic_reason is None
    assert not parsed.may_auto_reply


def test_a_mail_without_a_sender_to_write_to_is_not_answered() -> None:
    assert not parse(b"Subject: Hello" + LETTER).may_auto_reply
    assert not read(b"Subject: x", base=b"From: undisclosed\n").may_auto_reply


def test_the_null_sender_of_the_envelope_is_a_machine() -> None:
    assert parse(PERSON + LETTER, envelope_from="").automatic_reason == "null-sender"
    assert parse(PERSON + LETTER, envelope_from="jane.doe@trust.example").may_auto_reply


def test_mail_from_our_own_address_is_never_answered() -> None:
    parsed = parse(
        b"From: DARS <Dars+case@triagebot.example>" + LETTER,
        own_addresses=["dars@triagebot.example"],
    )
    assert parsed.automatic_reason == "own-mail"
    assert not parsed.may_auto_reply


def test_a_no_reply_sender_waits_for_nothing() -> None:
    for sender in (b"no-reply", b"donotreply", b"do_not_reply", b"noreply+42"):
        parsed = parse(b"From: Shop <" + sender + b"@shop.example>" + LETTER)
        assert parsed.automatic_reason == "no-reply"


def test_a_web_form_that_names_its_user_carries_a_persons_letter() -> None:
    parsed = parse(b"From: no-reply@form.example\nReply-To: jane.doe@trust.example" + LETTER)
    assert parsed.automatic_reason is None
    assert not parsed.may_auto_reply


REPORT = b"""From: Mail Delivery System <mailer-daemon@relay.example>
Subject: Delivery report
Content-Type: multipart/report; report-type=%s; boundary=b

--b
Content-Type: text/plain

About your message.
--b
Content-Type: message/%s

Reporting-MTA: dns; relay.example

Final-Recipient: rfc822; jane.doe@trust.example
%s
--b--
"""


@pytest.mark.parametrize(
    ("action", "is_bounce"),
    [(b"failed", True), (b"delayed", True), (b"delivered", False), (b"relayed", False)],
)
def test_a_delivery_report_is_a_bounce_unless_the_mail_arrived(
    action: bytes, *, is_bounce: bool
) -> None:
    parsed = parse(REPORT % (b"delivery-status", b"delivery-status", b"Action: " + action))
    assert parsed.automatic_reason == "delivery-report"
    assert parsed.is_bounce is is_bounce


def test_a_read_receipt_is_automatic_and_no_bounce() -> None:
    kind = b"disposition-notification"
    parsed = parse(REPORT % (kind, kind, b"Disposition: manual-action/MDN-sent; displayed"))
    assert parsed.automatic_reason == "read-receipt"
    assert not parsed.is_bounce


@pytest.mark.parametrize(
    ("sender", "subject", "body"),
    [
        (b"MAILER-DAEMON", b"failure notice", b"Hi. This is the qmail-send program."),
        (b"postmaster@x.example", b"Undeliverable: Data", b"550 5.1.1 User unknown"),
        (b"System Administrator <a@x.example>", b"Undeliverable: Data", b"did not reach"),
        (b"MAILER-DAEMON@x.example (Mail Delivery System)", b"Returned mail", b"was undeliverable"),
        (b"mailer-daemon@x.example", b"Unzustellbar: Daten", b"konnte nicht zugestellt werden"),
    ],
)
def test_the_bounces_of_old_servers_are_known_without_a_standard_report(
    sender: bytes, subject: bytes, body: bytes
) -> None:
    parsed = parse(b"From: " + sender + b"\nSubject: " + subject + b"\n\n" + body)
    assert parsed.is_bounce
    assert parsed.automatic_reason == "delivery-report"


def test_a_person_who_asks_about_a_bounce_sends_none() -> None:
    body = b"\n\nMy mail to you could not be delivered: 550 5.1.1 user unknown. What now?\n"
    parsed = read(b"Subject: Delivery failure of my application", body=body)
    assert not parsed.is_bounce
    assert parsed.automatic_reason is None


INVITATION = b"""Content-Type: multipart/%s; boundary=b

--b
Content-Type: text/plain

Meeting
--b
Content-Type: text/calendar; method=REQUEST%s

BEGIN:VCALENDAR
METHOD:REQUEST
END:VCALENDAR
--b--
"""


def test_an_invitation_is_a_calendar_notice_but_an_attached_calendar_is_not() -> None:
    notice = parse(PERSON + INVITATION % (b"alternative", b""))
    letter = parse(PERSON + INVITATION % (b"mixed", b"\nContent-Disposition: attachment"))
    assert notice.automatic_reason == "calendar"
    assert letter.automatic_reason is None
