"""Questions to the DNS about one mail: each short, all of them together bounded."""

import time
from collections.abc import Sequence
from typing import Any

import dns.exception
import dns.name
import dns.resolver

ONE_QUESTION_SECONDS = 5.0
MOST_QUESTIONS = 100
"""For one mail: SPF allows 10 names with 10 hosts each, a signature asks for one."""


class TemporaryDnsError(Exception):
    """No answer now, or no time left for one: nothing can be said about the mail by it."""


def resolver_at(server: str | None, port: int) -> dns.resolver.Resolver:
    """The resolver at this address, else the one that the system names; answers are kept."""
    resolver = dns.resolver.Resolver(configure=server is None)
    if server is not None:
        resolver.nameservers = [server]
        resolver.port = port
    resolver.cache = dns.resolver.LRUCache()
    return resolver


class Lookup:
    """What may be asked about one mail, in `seconds` at most. Blocks: for a thread."""

    def __init__(self, resolver: dns.resolver.Resolver, seconds: float) -> None:
        self._resolver = resolver
        self._ends_at = time.monotonic() + seconds
        self._left = MOST_QUESTIONS

    def records(self, name: str, kind: str) -> Sequence[Any]:
        """The records of this name, aliases followed; none where there are none.

        Raises TemporaryDnsError.
        """
        left = self._ends_at - time.monotonic()
        self._left -= 1
        if left <= 0 or self._left < 0:
            raise TemporaryDnsError("the time for questions about one mail is over")
        try:
            return list(
                self._resolver.resolve(
                    name, kind, lifetime=min(left, ONE_QUESTION_SECONDS), search=False
                )
            )
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except (dns.name.LabelTooLong, dns.name.NameTooLong, dns.name.EmptyLabel):
            return []  # no such name can exist
        except (dns.exception.DNSException, OSError) as error:
            raise TemporaryDnsError(type(error).__name__) from error

    def texts(self, name: str) -> list[bytes]:
        """The TXT records of this name, the strings of each put together."""
        return [b"".join(one.strings) for one in self.records(name, "TXT")]
