"""Our own checks of mail that comes straight to us, against a real name server."""

import time
from collections.abc import Callable

import dkim
import pytest
from senders.mails import HOST, judged, mail
from senders.names import Names, seconds_since

from bot.mail.authentic import SenderCheck

Straight = Callable[..., SenderCheck]
DOMAIN = "uni-north.example"
STRANGER = "203.0.113.66"
SIGNED = [b"from", b"to", b"subject", b"message-id"]


@pytest.fixture
def signed(names: Names, key: bytes, published: str) -> Callable[..., bytes]:
    """A mail with a signature of this domain, whose key is in the DNS."""

    def sign(raw: bytes, domain: str = DOMAIN, **options: object) -> bytes:
        names.tell(f"s1._domainkey.{domain}", "TXT", published)
        canon = (b"relaxed", b"relaxed")
        one = dkim.DKIM(raw)
        options = {"include_headers": SIGNED, "canonicalize": canon, **options}
        return bytes(one.sign(b"s1", domain.encode(), key, **options)) + raw

    return sign


@pytest.mark.parametrize(
    ("record", "peer", "word"),
    [
        (f"v=spf1 ip4:{HOST} -all", HOST, "pass"),
        (f"v=spf1 ip4:{HOST} -all", STRANGER, "fail"),
        (f"v=spf1 ip4:{HOST} ~all", STRANGER, "softfail"),
        ("v=spf1 a:mail.uni-north.example -all", HOST, "pass"),
        ("v=spf1 mx -all", f"::ffff:{HOST}", "pass"),
        ("v=spf1 include:missing.example -all", HOST, "permerror"),
        (None, HOST, "none"),
    ],
)
def test_spf_says_whether_the_host_may_write_for_the_domain(
    names: Names, straight: Straight, record: str | None, peer: str, word: str
) -> None:
    names.tell("mail.uni-north.example", "A", HOST)
    names.tell(DOMAIN, "MX", "10 mail.uni-north.example.")
    if record is not None:
        names.tell(DOMAIN, "TXT", "another text", record)
    assert judged(straight(), mail(), peer=peer).spf == word


def test_a_name_server_that_fails_is_a_temporary_error_and_no_verdict(
    names: Names, straight: Straight
) -> None:
    names.broken = {DOMAIN, f"_dmarc.{DOMAIN}"}
    found = judged(straight(), mail())
    assert (found.verdict, found.spf, found.dmarc) == ("unknown", "temperror", "temperror")


def test_a_silent_name_server_costs_no_more_than_the_time_allowed(
    names: Names, straight: Straight, signed: Callable[..., bytes]
) -> None:
    raw = signed(mail())
    names.silent = {DOMAIN, f"_dmarc.{DOMAIN}", f"s1._domainkey.{DOMAIN}"}
    start = time.monotonic()
    found = judged(straight(check_senders_seconds=0.5), raw)
    assert seconds_since(start) < 2
    assert (found.verdict, found.dkim, found.dmarc) == ("unknown", "temperror", "temperror")


def test_a_forger_with_a_slow_name_server_does_not_keep_the_domain_from_saying_no(
    names: Names, straight: Straight
) -> None:
    names.tell(f"_dmarc.{DOMAIN}", "TXT", "v=DMARC1; p=reject")
    names.tell(DOMAIN, "TXT", "v=spf1 -all")
    names.silent = {"s._domainkey.evil.example", "evil.example"}
    one = "DKIM-Signature: v=1; a=rsa-sha256; d=evil.example; s=s; h=from; bh=AA==; b=AA==\n"
    raw = mail(head=one)
    found = judged(
        straight(check_senders_seconds=0.5), raw, peer=STRANGER, envelope_from="x@evil.example"
    )
    assert (found.verdict, found.dmarc, found.spf) == ("failed", "fail", "temperror")


def test_a_returned_mail_has_its_hosts_name_checked(names: Names, straight: Straight) -> None:
    names.tell("mail.uni-north.example", "TXT", f"v=spf1 ip4:{HOST} -all")
    assert judged(straight(), mail(), envelope_from="").spf == "pass"


def test_a_signature_vouches_whatever_the_way(
    names: Names, straight: Straight, signed: Callable[..., bytes]
) -> None:
    names.tell(f"_dmarc.{DOMAIN}", "TXT", "v=DMARC1; p=reject")
    names.tell(DOMAIN, "TXT", "v=spf1 -all")
    found = judged(straight(), signed(mail()), peer=STRANGER)
    assert (found.verdict, found.spf, found.dkim, found.dmarc) == (
        "verified", "fail", "pass", "pass",
    )  # fmt: skip


def test_a_second_signature_counts_where_the_first_does_not_hold(
    names: Names, straight: Straight, signed: Callable[..., bytes]
) -> None:
    broken = b"DKIM-Signature: v=1; a=rsa-sha256; d=list.example; s=x; h=from; bh=AA==; b=AA==\r\n"
    found = judged(straight(), broken + signed(mail()), peer=STRANGER)
    assert (found.verdict, found.dkim) == ("verified", "pass")


def test_a_changed_mail_breaks_its_signature_and_the_domains_wish_is_heard(
    names: Names, straight: Straight, signed: Callable[..., bytes]
) -> None:
    names.tell(f"_dmarc.{DOMAIN}", "TXT", "v=DMARC1; p=quarantine")
    changed = signed(mail()).replace(b"Where is it?", b"Send me all of it.")
    found = judged(straight(), changed, peer=STRANGER)
    assert (found.verdict, found.dkim, found.dmarc) == ("failed", "fail", "fail")


def test_words_added_below_what_is_signed_are_not_vouched_for(
    straight: Straight, signed: Callable[..., bytes]
) -> None:
    raw = signed(mail(), length=True) + b"Send it to eve@evil.example instead.\r\n"
    found = judged(straight(), raw, peer=STRANGER)
    assert (found.verdict, found.dkim) == ("unknown", "policy")


@pytest.mark.parametrize(
    ("signer", "policy", "result"),
    [
        ("mail.uni-north.example", "v=DMARC1; p=reject", "pass"),
        ("mail.uni-north.example", "v=DMARC1; p=reject; adkim=s", "fail"),
        # Neither what stands before the hyphen nor the label at the end makes one domain of two.
        ("uni.example", "v=DMARC1; p=reject", "fail"),
        ("sender.example", "v=DMARC1; p=none", "fail"),
        (DOMAIN, "v=spf1 -all", "none"),
        (DOMAIN, "v=DMARC1; nonsense", "permerror"),
    ],
)
class TestAlignment:
    """Only a domain of the same organisation may vouch."""

    def test_of_a_signature(
        self,
        names: Names,
        straight: Straight,
        *,
        signed: Callable[..., bytes],
        signer: str,
        policy: str,
        result: str,
    ) -> None:
        names.tell(f"_dmarc.{DOMAIN}", "TXT", policy)
        assert judged(straight(), signed(mail(), signer), peer=STRANGER).dmarc == result


def test_a_domain_that_begins_as_another_does_not_pass_for_it(
    names: Names, straight: Straight
) -> None:
    names.tell("_dmarc.nhs.example", "TXT", "v=DMARC1; p=reject")
    names.tell("nhs.example-evil.example", "TXT", "v=spf1 +all")
    found = judged(
        straight(),
        mail(sender="dr@nhs.example"),
        envelope_from="x@nhs.example-evil.example",
        peer=STRANGER,
    )
    assert (found.spf, found.dmarc, found.verdict) == ("pass", "fail", "failed")


class TestForwarded:
    """A mail that a list changed, which broke its signature, and sealed (RFC 8617)."""

    @pytest.fixture
    def sealed(self, names: Names, key: bytes, published: str) -> Callable[[str], bytes]:
        names.tell("arc._domainkey.list.example", "TXT", published)
        names.tell(f"_dmarc.{DOMAIN}", "TXT", "v=DMARC1; p=reject")

        def seal(results: str) -> bytes:
            head = f"Authentication-Results: list.example; {results}\n"
            raw = mail(head=head, text="Where is it?\n-- \nThe list")
            fields = dkim.ARC(raw).sign(b"arc", b"list.example", key, b"list.example", SIGNED)
            return b"".join(fields) + raw

        return seal

    PASSED = f"dmarc=pass header.from={DOMAIN}"

    def test_a_trusted_forwarder_is_believed(
        self, straight: Straight, sealed: Callable[[str], bytes]
    ) -> None:
        check = straight(trusted_arc_sealers=("list.example",))
        found = judged(check, sealed(self.PASSED), peer=STRANGER)
        assert (found.arc, found.dmarc, found.verdict) == ("pass", "fail", "verified")
        assert "list.example" in found.in_words()

    def test_any_other_forwarder_is_not(
        self, straight: Straight, sealed: Callable[[str], bytes]
    ) -> None:
        found = judged(straight(), sealed(self.PASSED), peer=STRANGER)
        assert (found.arc, found.verdict) == ("pass", "failed")

    def test_nor_a_trusted_one_whom_the_mail_reached_forged_already(
        self, straight: Straight, sealed: Callable[[str], bytes]
    ) -> None:
        check = straight(trusted_arc_sealers=("list.example",))
        found = judged(check, sealed(f"dmarc=fail header.from={DOMAIN}"), peer=STRANGER)
        assert found.verdict == "failed"

    def test_nor_one_whose_seal_is_broken(
        self, straight: Straight, sealed: Callable[[str], bytes]
    ) -> None:
        check = straight(trusted_arc_sealers=("list.example",))
        raw = sealed(self.PASSED).replace(b"The list", b"The lost")
        found = judged(check, raw, peer=STRANGER)
        assert (found.arc, found.verdict) == ("fail", "failed")
