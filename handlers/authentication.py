"""Whether the sender of a mail is who they say, and whose word that is."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict

_RESULTS = {"temperror": "temporary error", "permerror": "error in the sender's own records"}


class Verdict(StrEnum):
    """`unknown` is what most mail is where nobody checks, or the sender's domain says nothing."""

    VERIFIED = "verified"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Authentication(BaseModel):
    """What was found about a sender, in the words of RFC 8601 2.7, and what follows from it."""

    model_config = ConfigDict(frozen=True)

    verdict: Verdict
    by: str = ""
    """Who says so, as a person reads it; empty where nobody looked."""
    spf: str = "none"
    dkim: str = "none"
    dmarc: str = "none"
    arc: str = "none"
    domain: str = ""
    """The domain of the address in From."""

    def in_words(self) -> str:
        """For a person who decides whether to believe the address."""
        if not self.by:
            return "Nobody checked whether the sender's address is genuine."
        if self.verdict == Verdict.VERIFIED:
            said = f"The sender's address is genuine, says {self.by}"
        elif self.verdict == Verdict.FAILED:
            said = f"The sender's address may be forged, says {self.by}"
        else:
            said = f"Whether the sender's address is genuine could not be told by {self.by}"
        return f"{said} ({self._details()})."

    def _details(self) -> str:
        results = {"SPF": self.spf, "DKIM": self.dkim, "DMARC": self.dmarc, "ARC": self.arc}
        found = [f"{name} {_RESULTS.get(one, one)}" for name, one in results.items() if one]
        return ", ".join([self.domain, *found] if self.domain else found)


def is_forged(authentication: Authentication | None) -> bool:
    """Whether a check failed: then no machine may act on whose address it says it is."""
    return authentication is not None and authentication.verdict == Verdict.FAILED
