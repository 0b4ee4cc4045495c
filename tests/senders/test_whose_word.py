"""Whose word on a sender is believed: the gateway's, and nobody else's who only says so."""

import pytest
from senders.mails import GATEWAY, OURS, gateway, judged, mail

from bot.mail.authentic import SenderCheck

PASSED = "spf=pass smtp.mailfrom=robin@uni-north.example; dmarc=pass header.from=uni-north.example"


def reported(results: str, *, by: str = OURS) -> str:
    return f"Authentication-Results: {by}; {results}\n"


def test_the_gateways_word_is_believed_and_named() -> None:
    found = judged(gateway(), mail(head=reported(PASSED)), peer=GATEWAY)
    assert found.verdict == "verified"
    assert (found.spf, found.dmarc, found.domain) == ("pass", "pass", "uni-north.example")
    assert OURS in found.in_words()


@pytest.mark.parametrize(
    ("by", "peer"),
    [
        pytest.param("mx.else.example", GATEWAY, id="another server's field"),
        pytest.param(OURS, "203.0.113.66", id="our name, from a host that is not our gateway"),
        pytest.param(f"{OURS}.evil.example", GATEWAY, id="a name that begins as ours"),
        pytest.param(OURS, "not an address", id="a peer without an address"),
    ],
)
def test_what_others_write_is_ignored(by: str, peer: str) -> None:
    found = judged(gateway(), mail(head=reported(PASSED, by=by)), peer=peer)
    assert (found.verdict, found.by) == ("unknown", "")
    assert found.in_words().startswith("Nobody checked")


def test_a_field_that_came_with_the_mail_does_not_stand_in_for_the_gateways_own() -> None:
    forged = reported("dmarc=fail header.from=uni-north.example") + "Received: by x\n"
    found = judged(gateway(), mail(head=forged + reported(PASSED)), peer=GATEWAY)
    assert (found.verdict, found.dmarc) == ("failed", "fail")


def test_networks_and_mapped_addresses_are_peers_too() -> None:
    check = gateway(trusted_peers=("198.51.100.0/24", "2001:db8::/32"))
    for peer in ("198.51.100.77", "::ffff:198.51.100.77", "2001:db8::1%eth0"):
        assert judged(check, mail(head=reported(PASSED)), peer=peer).verdict == "verified", peer


def test_a_mailbox_of_ours_stands_behind_the_gateway() -> None:
    raw = mail(head=reported(PASSED))
    assert judged(gateway(), raw, peer="", origin="mailbox").verdict == "verified"
    assert judged(gateway(), raw, peer="", origin="import").verdict == "unknown"


def test_without_any_setting_nobody_is_vouched_for() -> None:
    assert judged(SenderCheck(), mail(head=reported(PASSED)), peer=GATEWAY).verdict == "unknown"


@pytest.mark.parametrize(
    ("results", "verdict"),
    [
        ("dmarc=fail header.from=uni-north.example", "failed"),
        ("dmarc=temperror header.from=uni-north.example", "unknown"),
        ("dmarc=none; dkim=pass header.d=uni-north.example", "verified"),
        ("dmarc=none; dkim=pass header.d=sender.example", "unknown"),
        ("dmarc=none; dkim=fail header.d=x.example; dkim=pass header.d=a.uni-north.example",
         "verified"),
        ("dmarc=none; dkim=fail header.d=uni-north.example", "unknown"),
        ("dmarc=none; spf=fail smtp.mailfrom=uni-north.example", "failed"),
        ("dmarc=none; spf=fail smtp.mailfrom=list.example", "unknown"),
        ("dmarc=none; spf=softfail smtp.mailfrom=uni-north.example", "unknown"),
        ("dmarc=pass header.from=evil.example", "failed"),
        ("none", "unknown"),
    ],
)  # fmt: skip
def test_what_follows_from_the_results(results: str, verdict: str) -> None:
    found = judged(gateway(), mail(head=reported(results)), peer=GATEWAY)
    assert found.verdict == verdict


@pytest.mark.parametrize(
    "head",
    [
        "From: Eve <eve@evil.example>\n",
        "Sender: eve@evil.example\nFrom: robin@uni-north.example, eve@evil.example\n",
    ],
)
def test_a_mail_with_two_authors_is_never_verified(head: str) -> None:
    found = judged(gateway(), mail(head=reported(PASSED) + head), peer=GATEWAY)
    assert found.verdict == "failed"


def test_a_temporary_error_is_told_as_such() -> None:
    results = "spf=temperror smtp.mailfrom=uni-north.example; dmarc=temperror"
    found = judged(gateway(), mail(head=reported(results)), peer=GATEWAY)
    assert "could not be told" in found.in_words()
    assert "DMARC temporary error" in found.in_words()
