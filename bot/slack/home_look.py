"""What of App Home an officer is looking at; kept in the view itself, so that nothing else is."""

import json
from dataclasses import asdict, dataclass, replace

from handlers.case_queue import Queue, Sieve
from triage.decision import EnquiryType

ALL = "all"
"""The choice that keeps nothing out."""
LONGEST_WORDS = 100
MOST_PAGES = 10_000


@dataclass(frozen=True, slots=True)
class Look:
    """One list by pages, or with no list the beginnings of all; and what is kept out."""

    queue: str = ""
    page: int = 0
    kind: str = ""
    state: str = ""
    words: str = ""

    @property
    def sieve(self) -> Sieve:
        """Which cases are wanted."""
        return Sieve(self.kind, self.state, self.words)

    @property
    def is_narrow(self) -> bool:
        """Whether anything is kept out."""
        return self.sieve != Sieve()

    def at(self, queue: str, page: int = 0) -> "Look":
        """The same cases in another list."""
        return replace(self, queue=queue if queue in set(Queue) else "", page=max(0, page))

    def of_kind(self, kind: str) -> "Look":
        """Cases of one type, or of all."""
        return replace(self, kind=kind if kind in set(EnquiryType) else "", page=0)

    def in_state(self, state: str) -> "Look":
        """Cases in one state, or in all."""
        return replace(self, state="" if state == ALL else state, page=0)

    def with_words(self, words: str) -> "Look":
        """Cases that hold these words."""
        return replace(self, words=" ".join(words.split())[:LONGEST_WORDS], page=0)

    def dumped(self) -> str:
        """As a view's private metadata."""
        return json.dumps(asdict(self), separators=(",", ":"))


def look_in(metadata: str) -> Look:
    """What `Look.dumped` wrote; the whole where it is anything else."""
    try:
        said = json.loads(metadata or "{}")
        kind, state, words = (str(said.get(name) or "") for name in ("kind", "state", "words"))
        page = min(int(said.get("page") or 0), MOST_PAGES)
        return Look(kind=kind, state=state, words=words).at(str(said.get("queue") or ""), page)
    except (ValueError, TypeError, AttributeError):
        return Look()
