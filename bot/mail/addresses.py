"""Which addresses are the service's own, tags after a plus sign and postmaster included."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OwnAddresses:
    """Our mailboxes and domains, in lower case; `in` says whether an address is one of them."""

    mailboxes: frozenset[str]
    domains: frozenset[str]

    @classmethod
    def of(cls, *addresses: str) -> "OwnAddresses":
        """These addresses, and the domains that they stand in."""
        mailboxes = frozenset(address.lower() for address in addresses)
        return cls(mailboxes, frozenset(one.rpartition("@")[2] for one in mailboxes))

    def __contains__(self, address: str) -> bool:
        local, _, domain = address.lower().rpartition("@")
        if not local:
            # RFC 5321 4.5.1: postmaster is reachable without a domain too.
            return domain == "postmaster"
        if local == "postmaster":
            return domain in self.domains
        return f"{local.partition('+')[0]}@{domain}" in self.mailboxes
