"""Whether the sender of a mail is who they say: whose word on it is believed, and what it is."""

import ipaddress
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

import dns.resolver
import structlog

from bot.mail import headers as heading
from bot.mail.alignment import domain_of
from bot.mail.findings import Findings, verdict_on
from bot.mail.headers import Headers
from bot.mail.lookup import Lookup, resolver_at
from bot.mail.own_checks import Chain, Way, findings_on
from bot.mail.parse import ParsedMail
from bot.mail.vouched import read_arc_report, read_report
from bot.settings import Settings
from handlers.authentication import Authentication, Verdict
from handlers.inbound import Waiting

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Trust:
    """Whose words are believed."""

    authserv_ids: Collection[str] = ()
    """Names, in lower case, under which our gateway writes Authentication-Results."""
    peers: Collection[Network] = ()
    """Hosts that are our gateway: what others write under its name is forged."""
    arc_sealers: Collection[str] = ()
    """Domains of forwarders whose word on how a mail reached them is believed."""

    def believes(self, waiting: Waiting) -> bool:
        """Whether a mail came from our gateway, or out of our own mailbox behind it."""
        if waiting.origin == "mailbox":
            return True
        try:
            peer = ipaddress.ip_address(waiting.peer.partition("%")[0])
        except ValueError:
            return False
        if isinstance(peer, ipaddress.IPv6Address) and peer.ipv4_mapped is not None:
            peer = peer.ipv4_mapped
        return any(peer in network for network in self.peers)


@dataclass(frozen=True, slots=True)
class OwnChecks:
    """Our own checks, for mail that no gateway of ours looked at."""

    resolver: dns.resolver.Resolver
    seconds: float
    """For all questions about one mail."""


@dataclass(frozen=True, slots=True)
class SenderCheck:
    """Judges senders. As it stands, without trust and checks, nobody is vouched for."""

    trust: Trust = field(default_factory=Trust)
    own: OwnChecks | None = None

    @classmethod
    def of(cls, settings: Settings) -> "SenderCheck":
        """Whose word is believed as the settings have it."""
        trust = Trust(
            frozenset(one.lower() for one in settings.trusted_authserv_ids),
            settings.trusted_peers,
            frozenset(domain_of(one) for one in settings.trusted_arc_sealers),
        )
        if not settings.check_senders:
            return cls(trust)
        resolver = resolver_at(settings.dns_server, settings.dns_port)
        return cls(trust, OwnChecks(resolver, settings.check_senders_seconds))

    def __call__(self, waiting: Waiting, mail: ParsedMail) -> Authentication:
        """Whether the sender is who they say; never raises. Asks the DNS: for a thread."""
        domain = domain_of(mail.sender) if "@" in mail.sender else ""
        try:
            return self._judged(waiting, mail, domain)
        except Exception as error:  # noqa: BLE001 - the edge: no mail may fail for want of a verdict
            log.warning("sender not checked", inbound=waiting.id, error=type(error).__name__)
            return Authentication(verdict=Verdict.UNKNOWN, domain=domain)

    def _judged(self, waiting: Waiting, mail: ParsedMail, domain: str) -> Authentication:
        ours = self.trust.believes(waiting)
        if ours and (report := self._gateway_report(mail.headers)):
            by, found, chain = f"our mail gateway {report[0]}", report[1], None
        elif self.own is not None:
            by = "our own checks"
            found, chain = self._own_findings(self.own, waiting, domain, behind_gateway=ours)
        else:
            return Authentication(verdict=Verdict.UNKNOWN, domain=domain)
        verdict = verdict_on(found, domain)
        if verdict == Verdict.FAILED and chain is not None:
            forwarder = self._forwarder(mail.headers, chain, domain)
            by, verdict = (forwarder, Verdict.VERIFIED) if forwarder else (by, verdict)
        if not _has_one_author(mail.headers, domain):
            verdict = Verdict.FAILED
        return Authentication(
            verdict=verdict,
            by=by,
            spf=found.spf,
            dkim=found.dkim,
            dmarc=found.dmarc,
            arc=found.arc,
            domain=domain,
        )

    def _gateway_report(self, headers: Headers) -> tuple[str, Findings] | None:
        """What our gateway wrote: the topmost field under its name.

        It writes at the top, and what stands below may have come with the mail.
        """
        for value in _values(headers, "authentication-results"):
            report = read_report(value)
            if report is not None and report.authserv_id in self.trust.authserv_ids:
                return report.authserv_id, report.found
        return None

    def _own_findings(
        self, own: OwnChecks, waiting: Waiting, domain: str, *, behind_gateway: bool
    ) -> tuple[Findings, Chain]:
        direct = waiting.origin == "smtp" and not behind_gateway
        way = Way(waiting.peer if direct else None, waiting.helo or "", waiting.envelope_from)
        return findings_on(waiting.raw, domain, way, Lookup(own.resolver, own.seconds))

    def _forwarder(self, headers: Headers, chain: Chain, domain: str) -> str | None:
        """Who vouches for a mail that was changed on its way, where all who sealed are trusted."""
        sealed = chain.result == "pass" and set(chain.sealers) <= set(self.trust.arc_sealers)
        if not sealed or not chain.sealers:
            return None
        for value in _values(headers, "arc-authentication-results"):
            read = read_arc_report(value)
            if read is not None and read[0] == 1:
                found = verdict_on(read[1].found, domain)
                return chain.sealers[0] if found == Verdict.VERIFIED else None
        return None


def _values(headers: Headers, name: str) -> Iterable[str]:
    return (value for key, value in headers.fields if key.lower() == name)


def _has_one_author(headers: Headers, domain: str) -> bool:
    """Whether From can be read in one way only: whoever checks may else have checked another."""
    fields = list(_values(headers, "from"))
    if len(fields) != 1:
        return False
    return all(domain_of(one.address) == domain for one in heading.addresses(fields[0]))
