"""What another server wrote into a mail about its sender: Authentication-Results (RFC 8601)."""

import re
from dataclasses import dataclass
from functools import cache

import authres

from bot.mail.findings import Findings

LONGEST = 10_000
"""Characters; honest fields stay below two thousand."""
LONGEST_WORD = 253

_INSTANCE = re.compile(r"\s*i\s*=\s*(\d{1,2})\s*;\s*")


@dataclass(frozen=True, slots=True)
class Report:
    """One field: who wrote it, and what they found."""

    authserv_id: str
    found: Findings


def read_report(field: str) -> Report | None:
    """The field's value read; None where it is none, or too long to be honest."""
    if len(field) > LONGEST:
        return None
    try:
        header = _context().parse_value(field)
        results = list(header.results)
        return Report(str(header.authserv_id).lower(), _findings(results))
    except Exception:  # noqa: BLE001 - the library raises errors of many kinds on hostile fields
        return None


def read_arc_report(field: str) -> tuple[int, Report] | None:
    """The value of an ARC-Authentication-Results field, with its instance (RFC 8617 4.1.1)."""
    match = _INSTANCE.match(field[:LONGEST])
    report = read_report(field[match.end() :]) if match else None
    return (int(match[1]), report) if match and report else None


def _findings(results: list[authres.AuthenticationResult]) -> Findings:
    spf = next((one for one in results if one.method == "spf"), None)
    dmarc = next((one for one in results if one.method == "dmarc"), None)
    arc = next((one for one in results if one.method == "arc"), None)
    signed = [one for one in results if one.method == "dkim"]
    holding = [one for one in signed if _word(one) == "pass"]
    return Findings(
        spf=_word(spf),
        spf_domain=_property(spf, "mailfrom") or _property(spf, "helo"),
        dkim=_word((holding or signed or [None])[0]),
        dkim_domains=tuple(_property(one, "d") or _property(one, "i") for one in holding),
        dmarc=_word(dmarc),
        dmarc_domain=_property(dmarc, "from"),
        arc=_word(arc),
    )


def _word(result: authres.AuthenticationResult | None) -> str:
    word = str(result.result).lower() if result is not None and result.result else "none"
    return {"hardfail": "fail", "error": "temperror"}.get(word, word)[:LONGEST_WORD]


def _property(result: authres.AuthenticationResult | None, name: str) -> str:
    """A property such as `smtp.mailfrom`, its domain alone."""
    if result is None:
        return ""
    values = (one.value for one in result.properties if one.name == name and one.value)
    return str(next(values, "")).rpartition("@")[2].strip('<>"')[:LONGEST_WORD]


@cache
def _context() -> authres.FeatureContext:
    return authres.all_features()
