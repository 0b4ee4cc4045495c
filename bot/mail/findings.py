"""What was found about the sender of a mail, and the verdict that follows from it."""

from dataclasses import dataclass

from bot.mail.alignment import aligned
from handlers.authentication import Verdict


@dataclass(frozen=True, slots=True)
class Findings:
    """Results in the words of RFC 8601 2.7, with the domains that they speak for."""

    spf: str = "none"
    spf_domain: str = ""
    dkim: str = "none"
    dkim_domains: tuple[str, ...] = ()
    """Of the signatures that hold."""
    dmarc: str = "none"
    dmarc_domain: str = ""
    """The domain of From as whoever checked DMARC read it; empty where they do not say."""
    arc: str = "none"


def vouches(found: Findings, domain: str, *, strict_spf: bool, strict_dkim: bool) -> bool:
    """Whether SPF or a signature holds for this domain (RFC 7489 3.1)."""
    by_path = found.spf == "pass" and aligned(found.spf_domain, domain, strict=strict_spf)
    return by_path or any(aligned(one, domain, strict=strict_dkim) for one in found.dkim_domains)


def verdict_on(found: Findings, domain: str) -> Verdict:
    """What the findings say about an address in this domain.

    A broken signature alone says nothing (RFC 6376 6.1), nor does a failure of SPF where the
    domain of the envelope is another: forwarding causes both.
    """
    if not domain:
        return Verdict.UNKNOWN
    if found.dmarc_domain and not aligned(found.dmarc_domain, domain):
        # They read another sender in this mail than we do, which is how mail is forged.
        return Verdict.FAILED
    if found.dmarc == "fail":
        return Verdict.FAILED
    if found.dmarc == "pass" or vouches(found, domain, strict_spf=False, strict_dkim=False):
        return Verdict.VERIFIED
    spoofed = found.spf == "fail" and aligned(found.spf_domain, domain)
    return Verdict.FAILED if spoofed and found.dmarc == "none" else Verdict.UNKNOWN
