"""The fields of a mail, its text and its attachments, faults and all."""

import hashlib

import pytest

from bot.mail.parse import as_record, attachment_bytes, parse, to_message


@pytest.mark.parametrize(
    ("value", "sender", "name"),
    [
        ("Jane Doe <jane@x.example>", "jane@x.example", "Jane Doe"),
        ('"Doe, Jane" <jane@x.example>', "jane@x.example", "Doe, Jane"),
        ("DOE, Jane (TRUST) <jane@x.example>", "jane@x.example", "DOE, Jane (TRUST)"),
        ("jane@x.example (Jane Doe)", "jane@x.example", "Jane Doe"),
        ("<jane@x.example>", "jane@x.example", ""),
        ("jane@x.example", "jane@x.example", ""),
        ("=?utf-8?B?SsO8cmdlbiBEb2U=?= <j@x.example>", "j@x.example", "Jürgen Doe"),
        ("=?iso-8859-1?Q?J=FC?= =?iso-8859-1?Q?rgen?= <j@x.example>", "j@x.example", "Jürgen"),
        ("Jürgen <j@x.example>", "j@x.example", "Jürgen"),
        ("MAILER-DAEMON", "", "MAILER-DAEMON"),
        ("a@x.example, b@x.example", "a@x.example", ""),
        ("", "", ""),
    ],
)  # fmt: skip
def test_the_sender_is_read_however_it_is_written(value: str, sender: str, name: str) -> None:
    parsed = parse(f"From: {value}\n\nHello".encode())
    assert (parsed.sender, parsed.sender_name) == (sender, name)


@pytest.mark.parametrize(
    ("value", "subject"),
    [
        (b"Plain", "Plain"),
        (b"Folded\n\tsubject", "Folded subject"),
        (b"=?utf-8?Q?Caf=C3=A9?=", "Café"),
        (b"=?UTF-8?B?Q2Fmw6k?=", "Café"),
        (b"=?utf-8?B?w?= =?utf-8?B?6k=?=", "\N{REPLACEMENT CHARACTER}"),
        (b"=?utf-8?Q?Caf=C3?=\n =?utf-8?Q?=A9?=", "Café"),
        (b"=?utf-8?Q?Caf=C3=A9?=and more", "Caféand more"),
        (b"=?x-unknown?Q?Caf=E9?=", "Café"),
        (b"Caf\xe9", "Café"),
        (b"Caf\xc3\xa9", "Café"),
        (b"nul\x00 here", "nul here"),
    ],
)
def test_the_subject_is_read_with_its_charsets(value: bytes, subject: str) -> None:
    if subject == "\N{REPLACEMENT CHARACTER}":
        assert parse(b"Subject: " + value + b"\n\n").subject
    else:
        assert parse(b"Subject: " + value + b"\n\n").subject == subject


def test_dates_keep_their_offset_and_bad_ones_are_none() -> None:
    assert parse(b"Date: Thu, 3 Mar 2022 10:12:00 +0100\n\n").date == "2022-03-03T10:12:00+01:00"
    assert parse(b"Date: 3 Mar 2022 10:12 GMT (winter)\n\n").date == "2022-03-03T10:12:00+00:00"
    assert parse(b"Date: yesterday\n\n").date is None
    assert parse(b"Subject: x\n\n").date is None


def test_ids_of_the_thread_are_read_in_order() -> None:
    parsed = parse(
        b"Message-ID: <3@x.example>\nIn-Reply-To: <2@x.example> (of Monday)\n"
        b"References: <1@x.example>\n <2@x.example>\n\n"
    )
    assert parsed.message_id == "<3@x.example>"
    assert parsed.in_reply_to == "<2@x.example>"
    assert parsed.references == ("<1@x.example>", "<2@x.example>")


def test_all_recipients_are_listed_groups_included() -> None:
    parsed = parse(b"To: Team: a@x.example, B <b@x.example>;, c@x.example\nCc: d@x.example\n\n")
    assert parsed.to == ("a@x.example", "b@x.example", "c@x.example")
    assert parsed.cc == ("d@x.example",)


MIXED = b"""Subject: Files
Content-Type: multipart/mixed; boundary="b"

--b
Content-Type: text/plain; charset=utf-8

See the files.
--b
Content-Type: application/pdf
Content-Disposition: attachment; filename*0*=utf-8''Caf%C3%A9; filename*1=.pdf
Content-Transfer-Encoding: base64

SGVs
bG8
--b
Content-Type: image/png
Content-ID: <1@x.example>
Content-Disposition: inline

PNG
--b
Content-Type: message/rfc822

Subject: Inner matter

Inner text.
--b
Content-Type: application/ms-tnef; name="folder/winmail.dat"

x
--b--
"""


def test_attachments_are_named_measured_and_reachable() -> None:
    parsed = parse(MIXED)
    assert parsed.text == "See the files."
    assert [(file.name, file.type) for file in parsed.attachments] == [
        ("Café.pdf", "application/pdf"),
        ("attachment.png", "image/png"),
        ("Inner matter.eml", "message/rfc822"),
        ("winmail.dat", "application/ms-tnef"),
    ]
    assert parsed.attachments[0].md5 == hashlib.md5(b"Hello").hexdigest()  # noqa: S324 - the format's
    assert attachment_bytes(MIXED, 0) == b"Hello"
    assert parsed.protection == "tnef"


def test_a_boundary_that_never_closes_loses_nothing() -> None:
    parsed = parse(b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nOne.\n--b\n\nTwo.")
    assert parsed.text == "One.\n\nTwo."


def test_a_multipart_without_its_boundary_is_kept_as_a_file() -> None:
    parsed = parse(b"Content-Type: multipart/mixed\n\nAll the text.\n")
    assert "All the text." in parsed.text or parsed.attachments


def test_a_mail_without_headers_is_text() -> None:
    assert parse(b"Where do we apply?").text == "Where do we apply?"
    assert parse(b"").text == ""


def test_the_plain_form_is_preferred_and_the_html_kept() -> None:
    parsed = parse(
        b"Content-Type: multipart/alternative; boundary=b\n\n--b\n\nPlain.\n"
        b"--b\nContent-Type: text/html\n\n<p>Rich.</p>\n--b--\n"
    )
    assert parsed.text == "Plain."
    assert parsed.html == "<p>Rich.</p>"


def test_encrypted_mail_is_recognised_and_kept() -> None:
    parsed = parse(
        b"Content-Type: multipart/encrypted; boundary=b\n\n--b\n"
        b"Content-Type: application/pgp-encrypted\n\nVersion: 1\n--b\n"
        b"Content-Type: application/octet-stream\n\nsecret\n--b--\n"
    )
    assert parsed.protection == "pgp-encrypted"
    assert len(parsed.attachments) == 2


def test_quoted_text_and_signature_are_kept_beside_the_new_text() -> None:
    parsed = parse(b"Subject: Re: x\n\nYes.\n\n-- \nJane\n\n> Shall we?\n")
    assert (parsed.new_text, parsed.signature, parsed.quoted_text) == (
        "Yes.",
        "Jane",
        "> Shall we?",
    )


def test_the_record_has_the_promised_keys_and_triage_gets_the_message() -> None:
    parsed = parse(b"From: Jane <jane@x.example>\nSubject: Data\n\nWhere?\n")
    assert list(as_record(parsed, "a.eml")) == [
        "file", "subject", "from", "to", "date", "message_id", "in_reply_to", "references",
        "text", "new_text", "attachments", "is_automatic", "automatic_reason", "is_bounce",
        "may_auto_reply",
    ]  # fmt: skip
    message = to_message(parsed)
    assert (message.sender, message.subject, message.new_text) == (
        "jane@x.example",
        "Data",
        "Where?",
    )


def test_a_multipart_without_a_boundary_is_shown_as_its_text() -> None:
    raw = (
        b"From: robin@broken.example\r\nSubject: x\r\n"
        b"Content-Type: multipart/mixed; boundary=\r\n\r\nWhere has our application got to?\r\n"
    )
    mail = parse(raw)
    assert mail.text == "Where has our application got to?"
    assert mail.attachments == ()
