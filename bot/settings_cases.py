"""Settings on how cases are worked: taking mail back, and other teams."""

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings


class CaseSettings(BaseSettings):
    """A part of all settings."""

    reply_undo_seconds: float = Field(
        20,
        ge=0,
        le=600,
        description="How long an officer's mail waits, so that it can be taken back; 0 sends at"
        " once",
    )
    teams: dict[str, str] = Field(
        {},
        description="Other teams to which a case can be passed, each name with its mail address or"
        " the id of its Slack channel, as a JSON object",
    )

    @field_validator("teams")
    @classmethod
    def _reachable(cls, teams: dict[str, str]) -> dict[str, str]:
        """Each is an address or a channel. Raises ValueError."""
        for name, where in teams.items():
            is_channel = where[:1] in ("C", "G") and where.isalnum() and where.isupper()
            if not (name.strip() and len(name) <= 75):  # noqa: PLR2004 -- a menu's limit
                raise ValueError(f"{name[:40]!r} is no name of a team: 1 to 75 characters")
            if not (is_channel or where.count("@") == 1):
                raise ValueError(f"{name}: {where[:80]!r} is no address and no id of a channel")
        return teams
