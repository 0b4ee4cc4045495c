"""Any bytes give a verdict, soon, and never the best one."""

import time
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from senders.mails import GATEWAY, OURS, gateway, judged, mail
from senders.names import Names, seconds_since

from bot.mail.authentic import SenderCheck

FIELDS = (
    b"From: ", b"Authentication-Results: mx.service.example;", b"DKIM-Signature: v=1; a=",
    b"ARC-Seal: i=1; ", b"ARC-Message-Signature: i=1; ", b"ARC-Authentication-Results: i=1; ",
    b"h=from; bh=; b=", b"d=", b"s=", b"dmarc=pass", b"spf=pass ", b"(", b";", b"\r\n", b" ",
    b"robin@uni-north.example", b"\xff\x00",
)  # fmt: skip
hostile = st.lists(st.sampled_from(FIELDS) | st.binary(max_size=40), max_size=40).map(b"".join)
thorough = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@given(raw=hostile, sender=st.text(max_size=30), helo=st.text(max_size=30))
@thorough
def test_any_bytes_give_a_verdict(
    straight: Callable[..., SenderCheck], raw: bytes, sender: str, helo: str
) -> None:
    found = judged(straight(), raw, envelope_from=sender, helo=helo)
    assert found.verdict in {"failed", "unknown"}
    assert found.in_words()


@given(raw=hostile)
@thorough
def test_so_do_any_bytes_from_the_gateway(raw: bytes) -> None:
    assert judged(gateway(), raw, peer=GATEWAY).in_words()


@pytest.mark.parametrize("piece", ["(", "a", "spf=pass; ", '"', "\\", "dkim=fail header.d=x; "])
def test_a_field_of_a_million_characters_is_judged_within_seconds(
    names: Names, straight: Callable[..., SenderCheck], piece: str
) -> None:
    long = piece * (1_000_000 // len(piece))
    start = time.monotonic()
    written = mail(head=f"Authentication-Results: {OURS}; {long}\n")
    assert judged(gateway(), written, peer=GATEWAY).verdict != "verified"
    signed = mail(head=f"DKIM-Signature: v=1; a=rsa-sha256; d=x.example; b={long}\n")
    assert judged(straight(), signed).verdict != "verified"
    assert seconds_since(start) < 5


def test_a_thousand_signatures_ask_no_more_than_a_few_questions(
    names: Names, straight: Callable[..., SenderCheck]
) -> None:
    one = "DKIM-Signature: v=1; a=rsa-sha256; d=x{0}.example; s=s; h=from; bh=AA==; b=AA==\n"
    raw = mail(head="".join(one.format(number) for number in range(1000)))
    assert judged(straight(), raw).verdict == "unknown"
    assert len(names.asked) < 20
