"""How much mail goes to one domain in a minute: large receivers put off who sends in bursts."""

from collections import deque
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

WINDOW_SECONDS = 60.0


@dataclass
class _Domain:
    taken: deque[float] = field(default_factory=deque)
    """When the last mails went."""
    promised: float = 0.0
    """Until when places were given to mails that were sent away to come again."""


@dataclass
class Pace:
    """Counts the mails that this worker hands over, by domain of their recipients."""

    most: int | None
    """In a minute; None sets no limit."""
    clock: Callable[[], float]
    _domains: dict[str, _Domain] = field(default_factory=dict)

    def seconds_to_wait(self, domains: Collection[str]) -> float:
        """0 where a mail may go to all of these now, which is then counted; else how long not.

        Mails that are told to wait are told different times, so that they do not all come back
        at once to be sent away again.
        """
        if self.most is None:
            return 0.0
        now = self.clock()
        self._forget_the_idle(now)
        known = [self._domains.setdefault(one, _Domain()) for one in set(domains)]
        full = [one for one in known if len(one.taken) >= self.most]
        if full:
            return max(self._place(one, self.most) for one in full) - now
        for one in known:
            one.taken.append(now)
        return 0.0

    def _place(self, domain: _Domain, most: int) -> float:
        first_free = domain.taken[0] + WINDOW_SECONDS
        domain.promised = max(domain.promised + WINDOW_SECONDS / most, first_free)
        return domain.promised

    def _forget_the_idle(self, now: float) -> None:
        for name, domain in list(self._domains.items()):
            while domain.taken and domain.taken[0] <= now - WINDOW_SECONDS:
                domain.taken.popleft()
            if not domain.taken and domain.promised <= now:
                del self._domains[name]
