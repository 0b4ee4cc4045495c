"""Which addresses are the service's own, postmaster included, and tags after a plus sign."""

from collections.abc import Iterable
from dataclasses import dataclass

LONGEST_LOCAL = 64
"""Octets before the at sign (RFC 5321 4.5.3.1.1)."""


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
        return not self.mailboxes.isdisjoint(
            (f"{local}@{domain}", f"{local.partition('+')[0]}@{domain}")
        )

    def tags(self, addresses: Iterable[str]) -> tuple[str, ...]:
        """What stands after the plus sign in those that are ours, each once, in lower case."""
        ours = (one.lower() for one in addresses if one in self)
        named = (one.rpartition("@")[0].partition("+")[2] for one in ours)
        return tuple(dict.fromkeys(tag for tag in named if tag))


def with_tag(address: str, tag: str) -> str:
    """The address with a tag after a plus sign; as it is where there is no room for one."""
    local, _, domain = address.rpartition("@")
    tagged = f"{local}+{tag}"
    if "+" in local or '"' in local or len(tagged.encode()) > LONGEST_LOCAL:
        return address
    return f"{tagged}@{domain}"
