"""How many SMTP sessions there may be, in all and from one address, and what they may hold."""

from collections import Counter
from dataclasses import dataclass, field
from ipaddress import IPv6Address, ip_address


def neighbourhood(host: str) -> str:
    """What counts as one address: an IPv4 address, or the /64 network of an IPv6 one."""
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(IPv6Address(int(address) >> 64 << 64))
    return str(address)


@dataclass
class Gate:
    """Counts sessions, and the bytes of mails that are on their way in."""

    most: int
    most_an_address: int
    most_bytes: int
    """Of all sessions together, so that many large mails at once cannot fill the memory."""
    bytes_held: int = 0
    _inside: Counter[str] = field(default_factory=Counter)

    def enter(self, place: str) -> bool:
        """Let a session from this neighbourhood in, if there is room."""
        if self._inside.total() >= self.most or self._inside[place] >= self.most_an_address:
            return False
        self._inside[place] += 1
        return True

    def leave(self, place: str) -> None:
        """A session that was let in is over."""
        self._inside[place] -= 1
        if not self._inside[place]:
            del self._inside[place]

    @property
    def is_full(self) -> bool:
        """Whether sessions together hold more than they may."""
        return self.bytes_held > self.most_bytes
