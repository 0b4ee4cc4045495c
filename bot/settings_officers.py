"""Settings on officers: who signs in to the pages of cases."""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings

MADE_BY_COMMAND = "scrypt$"
"""How a hash that `triagebot officer` prints begins; a password as it is typed is refused."""


class WebOfficer(BaseModel):
    """One officer who may sign in, as `triagebot officer` prints it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sign_in: str = Field(min_length=1, max_length=200)
    """What they type for a name: their address, say."""
    name: str = Field(min_length=1, max_length=200)
    """The name that colleagues and enquirers read."""
    id: str = Field(min_length=1, max_length=200)
    """Their member id in Slack, so that a case claimed there is theirs here too; or any other."""
    password: SecretStr
    leads: bool = False

    @field_validator("password")
    @classmethod
    def _is_hashed(cls, value: SecretStr) -> SecretStr:
        if not value.get_secret_value().startswith(MADE_BY_COMMAND):
            raise ValueError("not a hashed password; `triagebot officer` makes one")
        return value


class OfficerSettings(BaseSettings):
    """A part of all settings."""

    web_officers: tuple[WebOfficer, ...] = Field(
        (),
        description="Officers who may sign in to `/cases` on the web pages, each with `sign_in`,"
        " `name`, `id` (their Slack member id), `password` as `triagebot officer` prints it, and"
        " `leads`; unset, nobody may",
    )
    web_session_hours: float = Field(
        10, gt=0, le=24, description="Hours after which an officer must sign in again"
    )

    @field_validator("web_officers")
    @classmethod
    def _are_distinct(cls, officers: Sequence[WebOfficer]) -> Sequence[WebOfficer]:
        names = [one.sign_in.casefold() for one in officers]
        if len(set(names)) < len(names):
            raise ValueError("two officers have the same `sign_in`")
        return officers
