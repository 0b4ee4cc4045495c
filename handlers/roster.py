"""Who takes which new cases, as the deployment says: an entry an officer."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from triage.decision import EnquiryType

OTHER_LANGUAGE = "other_language"
"""The rule of triage that says that a message is not in English."""


class Assigning(StrEnum):
    """How a new case gets its owner."""

    OFF = "off"
    """Not by itself: officers claim."""
    ROUND_ROBIN = "round_robin"
    """In turn: whoever has had none for longest."""
    LOAD = "load"
    """Whoever has the fewest cases to do."""


class RosterOfficer(BaseModel):
    """An officer who is given cases."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(min_length=1, max_length=200)
    """Their member id in Slack."""
    name: str = Field(min_length=1, max_length=200)
    types: frozenset[EnquiryType] = frozenset()
    """What they take; empty takes all."""
    other_languages: bool = False
    """Whether they take what is not in English."""


class Roster(BaseModel):
    """All of them, and how cases are shared out."""

    model_config = ConfigDict(frozen=True)

    how: Assigning = Assigning.OFF
    officers: tuple[RosterOfficer, ...] = ()

    def takers(self, types: list[str], rules: set[str]) -> list[RosterOfficer]:
        """Who may be given a case of these types, to which these rules spoke."""
        if self.how is Assigning.OFF:
            return []
        foreign = OTHER_LANGUAGE in rules
        return [
            one
            for one in self.officers
            if (not one.types or one.types & set(types)) and (one.other_languages or not foreign)
        ]

    def named(self, ident: str) -> RosterOfficer | None:
        """The officer with this id."""
        return next((one for one in self.officers if one.id == ident), None)
