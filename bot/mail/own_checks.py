"""Our own look at a sender, where mail comes straight to us: SPF, DKIM, ARC and DMARC."""

import ipaddress
import re
from dataclasses import dataclass, replace
from typing import Any, Literal

import dkim
import spf
from authheaders.dmarc_lookup import DMARCException, lookup_receiver_record

from bot.mail.alignment import aligned, domain_of, organisational
from bot.mail.findings import Findings, vouches
from bot.mail.lookup import Lookup, TemporaryDnsError

MOST_SIGNATURES = 4
"""Of the domain in From, and of others, that are looked at; each costs a question."""
_BEST_FIRST = ("pass", "temperror", "fail", "policy", "neutral")
_FIELD = b"dkim-signature"
_SIGNER = re.compile(rb"(?:^|;)\s*d\s*=\s*([^;\s]{1,253})")
_MOST_VOID_LOOKUPS = 2
"""Names without an answer that SPF may ask for (RFC 7208 4.6.4)."""


@dataclass(frozen=True, slots=True)
class Way:
    """How a mail came to us."""

    peer: str | None
    """The host that handed it over; None where that was not the sender's, so SPF says nothing."""
    helo: str
    envelope_from: str


@dataclass(frozen=True, slots=True)
class Chain:
    """What ARC says: whether it holds, and who sealed it, the first first."""

    result: str
    sealers: tuple[str, ...] = ()


def findings_on(raw: bytes, domain: str, way: Way, lookup: Lookup) -> tuple[Findings, Chain]:
    """What we find about a mail whose From names this domain. Blocks: for a thread.

    What the domain itself answers for is asked first: a forger whose own name servers are slow
    must not use up the time in which the domain could have said no.
    """
    policy = _policy(domain, lookup)
    own, others = _split(raw, domain)
    signatures = [_signature(raw, index, lookup) for index in own]
    found = _spf(way, lookup)
    unsure = _unsure(found, domain, signatures)
    signatures += [_signature(raw, index, lookup) for index in others]
    chain = _arc(raw, lookup)
    holding = (domain for word, domain in signatures if word == "pass")
    words = {word for word, _ in signatures}
    found = replace(
        found,
        dkim=next((word for word in _BEST_FIRST if word in words), "none"),
        dkim_domains=tuple(dict.fromkeys(holding)),
        arc=chain.result,
        dmarc_domain=domain,
    )
    dmarc = _dmarc(policy, found, unsure=unsure, knows_path=way.peer is not None)
    return replace(found, dmarc=dmarc), chain


def _unsure(found: Findings, domain: str, own: list[tuple[str, str]]) -> bool:
    """Whether what could vouch for the domain could not be asked."""
    by_path = found.spf == "temperror" and aligned(found.spf_domain, domain)
    return by_path or any(word == "temperror" for word, _ in own)


class _SpfQuery(spf.query):  # type: ignore[misc]  # the library publishes no types
    """pyspf with our resolver and its deadline, in place of the one of the whole process."""

    def __init__(self, lookup: Lookup, **question: str) -> None:
        super().__init__(**question)
        self._lookup = lookup

    def dns(
        self,
        name: str,
        qtype: str,
        cnames: object = None,
        ignore_void: bool = False,  # noqa: FBT001, FBT002 - the library's own signature
    ) -> list[Any]:
        """Records in the shapes that the library expects."""
        del cnames
        key = (str(name).lower().rstrip("."), qtype)
        if key not in self.cache:
            try:
                records = self._lookup.records(key[0], qtype)
            except TemporaryDnsError as error:
                raise spf.TempError(str(error)) from error
            self.cache[key] = [_spf_record(one, qtype) for one in records]
        found: list[Any] = self.cache[key]
        if not found and not ignore_void:
            self.void_lookups += 1
            if self.void_lookups > _MOST_VOID_LOOKUPS:
                raise spf.PermError(f"Void lookup limit of {_MOST_VOID_LOOKUPS} exceeded")
        return found


def _spf_record(record: Any, kind: str) -> Any:
    match kind:
        case "A" | "AAAA":
            return record.address
        case "MX":
            return record.preference, record.exchange.to_text(omit_final_dot=True)
        case "PTR":
            return record.target.to_text(omit_final_dot=True)
        case _:
            return record.strings


def _spf(way: Way, lookup: Lookup) -> Findings:
    """SPF of the envelope's sender; of a returned mail, which has none, of HELO (RFC 7208 2.4)."""
    domain = domain_of(way.envelope_from or way.helo)
    peer = _address(way.peer)
    if not domain or peer is None:
        return Findings()
    local = way.envelope_from.rpartition("@")[0] or "postmaster"
    try:
        query = _SpfQuery(lookup, i=peer, s=f"{local}@{domain}", h=domain_of(way.helo) or domain)
        word = str(query.check()[0])
    except Exception:  # noqa: BLE001 - a sender's record and address can make the library raise anything
        word = "permerror"
    return Findings(spf=word, spf_domain=domain)


def _address(peer: str | None) -> str | None:
    try:
        address = ipaddress.ip_address((peer or "").partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return str(mapped or address)


def _split(raw: bytes, domain: str) -> tuple[list[int], list[int]]:
    """Which signatures, by their place, could vouch for the domain, and which others there are."""
    own: list[int] = []
    others: list[int] = []
    try:
        fields = [value for name, value in dkim.DKIM(raw).headers if name.lower() == _FIELD]
    except Exception:  # noqa: BLE001 - hostile headers make the library raise anything
        return [], []
    for index, value in enumerate(fields):
        signer = _SIGNER.search(value)
        fits = signer is not None and aligned(signer[1].decode("ascii", "replace"), domain)
        (own if fits else others).append(index)
    return own[:MOST_SIGNATURES], others[:MOST_SIGNATURES]


def _signature(raw: bytes, index: int, lookup: Lookup) -> tuple[str, str]:
    one = dkim.DKIM(raw)
    try:
        holds = one.verify(idx=index, dnsfunc=_keys(lookup))
        fields = one.signature_fields
        domain = domain_of(fields[b"d"].decode("ascii"))
    except TemporaryDnsError:
        return "temperror", ""
    except (dkim.MessageFormatError, dkim.KeyFormatError, dkim.UnknownKeyTypeError, NameError):
        # What cannot be read, or is of a kind that we have no library for, says nothing.
        return "neutral", ""
    except Exception:  # noqa: BLE001 - as above: no signature that holds
        return "fail", ""
    # Words may be added below what `l=` covers (RFC 6376 8.2), and SHA-1 is broken (RFC 8301).
    weak = b"l" in fields or fields.get(b"a", b"").endswith(b"sha1")
    return ("policy", "") if holds and weak else ("pass" if holds else "fail", domain)


def _arc(raw: bytes, lookup: Lookup) -> Chain:
    try:
        result, seals, _ = dkim.ARC(raw).verify(dnsfunc=_keys(lookup))
    except TemporaryDnsError:
        return Chain("temperror")
    except Exception:  # noqa: BLE001 - hostile chains make the library raise anything
        return Chain("fail")
    if result is None:
        return Chain("fail")
    ordered = sorted(seals, key=lambda seal: int(seal["instance"]))
    sealers = tuple(domain_of(seal["as-domain"].decode("ascii", "replace")) for seal in ordered)
    return Chain(result.decode("ascii"), sealers)


def _keys(lookup: Lookup) -> Any:
    """The DNS as dkimpy asks it: the one record of a name, or None."""

    def text(name: bytes | str, timeout: float = 0) -> bytes | None:
        del timeout  # the lookup has its own
        asked = name.decode("ascii", "replace") if isinstance(name, bytes) else name
        return next(iter(lookup.texts(asked)), None)

    return text


def _policy(domain: str, lookup: Lookup) -> dict[str, str] | Literal["temperror", "permerror"]:
    """What the domain wishes done with mail that nothing vouches for; empty where nothing."""
    if not domain:
        return {}
    ask = _policies(lookup)
    try:
        found = lookup_receiver_record(domain, ask) or lookup_receiver_record(
            organisational(domain), ask
        )
    except TemporaryDnsError:
        return "temperror"
    except DMARCException:
        return "permerror"
    return dict(found) if found and found.get("p") else {}


def _dmarc(
    policy: dict[str, str] | Literal["temperror", "permerror"],
    found: Findings,
    *,
    unsure: bool,
    knows_path: bool,
) -> str:
    if isinstance(policy, str):
        return policy
    if not policy:
        return "none"
    strict_spf, strict_dkim = policy.get("aspf") == "s", policy.get("adkim") == "s"
    if vouches(found, found.dmarc_domain, strict_spf=strict_spf, strict_dkim=strict_dkim):
        return "pass"
    if unsure:
        return "temperror"
    return "fail" if knows_path else "neutral"


def _policies(lookup: Lookup) -> Any:
    """The DNS as authheaders asks it. Two policies count as none (RFC 7489 6.6.3)."""

    def text(name: str) -> str | None:
        texts = [one.decode("ascii", "replace") for one in lookup.texts(name)]
        policies = [one for one in texts if one.startswith("v=DMARC1")]
        return policies[0] if len(policies) == 1 else None

    return text
