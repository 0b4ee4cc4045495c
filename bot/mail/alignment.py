"""Which domains count as one: DMARC's alignment (RFC 7489 3.1)."""

import importlib.resources
import re
from functools import cache, lru_cache

import dns.exception
import dns.name
from publicsuffix2 import PublicSuffixList

_DOMAIN = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})+")
_LONGEST_DOMAIN = 253


def domain_of(address: str) -> str:
    """The domain of an address in ASCII and lower case (IDNA 2008); empty where it has none."""
    domain = address.rpartition("@")[2].strip().rstrip(".").lower()
    if len(domain) > _LONGEST_DOMAIN:
        return ""
    try:
        name = dns.name.from_text(domain, idna_codec=dns.name.IDNA_2008_UTS_46)
    except (dns.exception.DNSException, UnicodeError, ValueError):
        return ""
    in_ascii = name.to_text(omit_final_dot=True).lower()
    fits = len(in_ascii) <= _LONGEST_DOMAIN and _DOMAIN.fullmatch(in_ascii)
    return in_ascii if fits else ""


@lru_cache(4096)
def organisational(domain: str) -> str:
    """The domain under which one organisation's names stand, such as `uni.ac.uk`."""
    found = _suffixes().get_public_suffix(domain) or ""
    # Of a last label that is not on the list, the library takes all names for one domain; the
    # list's own rule is that such a label is a suffix.
    return str(found) if "." in found else ".".join(domain.split(".")[-2:])


def aligned(domain: str, with_domain: str, *, strict: bool = False) -> bool:
    """Whether what holds for one domain may speak for the other."""
    one, other = domain_of(domain), domain_of(with_domain)
    if not one or not other:
        return False
    return one == other or (not strict and organisational(one) == organisational(other))


@cache
def _suffixes() -> PublicSuffixList:
    # authheaders brings a newer list than publicsuffix2, but reads it anew for each question.
    listed = importlib.resources.files("authheaders") / "public_suffix_list.txt"
    with listed.open(encoding="utf-8") as lines:
        return PublicSuffixList(lines)
