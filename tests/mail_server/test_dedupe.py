"""The key by which a mail that is sent once more is known."""

from bot.mail.dedupe import dedupe_key

HEADER = (
    b"From: Ann <ann@example.org>\r\nSubject: Costs of\r\n data\r\nMessage-ID: <1@example.org>\r\n"
)
BODY = b"\r\nHello\r\n"
TO = ("dars@triagebot.example", "data@triagebot.example")


def key(
    raw: bytes = HEADER + BODY, sender: str = "ann@example.org", to: tuple[str, ...] = TO
) -> str:
    return dedupe_key(sender, to, raw)


def test_a_resend_with_new_trace_fields_has_the_same_key() -> None:
    trace = (
        b"Received: from a.example\r\n\tby b.example; Mon, 2 Mar 2026 10:00:00 +0000\r\n"
        b"Return-Path: <ann@example.org>\r\nDelivered-To: dars@triagebot.example\r\n"
        b"X-Received: by 10.0.0.1\r\nX-Spam-Score: 0.1\r\nARC-Seal: i=1; a=rsa-sha256\r\n"
        b"Authentication-Results: b.example; spf=pass\r\nDKIM-Signature: v=1; t=1\r\n"
    )
    assert key(trace + HEADER + BODY) == key()


def test_a_field_that_a_hop_folds_anew_changes_nothing() -> None:
    assert key(HEADER.replace(b"\r\n data", b" data") + BODY) == key()


def test_the_order_of_recipients_changes_nothing() -> None:
    assert key(to=TO[::-1]) == key()


def test_another_body_subject_message_id_or_envelope_is_another_mail() -> None:
    others = {
        key(HEADER + b"\r\nHello!\r\n"),
        key(HEADER.replace(b"Costs", b"Cost") + BODY),
        key(HEADER.replace(b"<1@", b"<2@") + BODY),
        key(sender="bob@example.org"),
        key(to=TO[:1]),
    }
    assert len(others) == 5
    assert key() not in others


def test_what_looks_like_a_trace_field_in_the_body_counts() -> None:
    assert key(HEADER + BODY + b"Received: x\r\n") != key()


def test_any_bytes_have_a_key() -> None:
    for raw in (
        b"",
        b"\r\n",
        b"\r\n\r\n",
        b"no colon",
        b"\x00\xff",
        b"\n\nbody",
        b" folded first\r\n",
    ):
        assert len(key(raw)) == 64
