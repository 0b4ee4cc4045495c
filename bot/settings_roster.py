"""Settings on who takes which cases."""

from collections.abc import Sequence

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings

from handlers.roster import Assigning, Roster, RosterOfficer


class RosterSettings(BaseSettings):
    """A part of all settings."""

    case_assignment: Assigning = Field(
        Assigning.OFF,
        description="Whether new cases get an owner by themselves: `off`, `round_robin` (in turn)"
        " or `load` (whoever has the fewest to do)",
    )
    roster: tuple[RosterOfficer, ...] = Field(
        (),
        description="Officers who are given cases, each with `id` (their Slack member id), `name`,"
        " and if wanted `types` (those that they take; unset takes all) and `other_languages`",
    )

    @field_validator("roster")
    @classmethod
    def _named_once(cls, officers: Sequence[RosterOfficer]) -> Sequence[RosterOfficer]:
        ids = [one.id for one in officers]
        if len(set(ids)) < len(ids):
            raise ValueError("an officer is named twice")
        return officers

    def roster_now(self) -> Roster:
        """Who takes what."""
        return Roster(how=self.case_assignment, officers=self.roster)
