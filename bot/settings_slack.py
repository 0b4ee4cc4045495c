"""Settings on people and places in Slack: who may what, and where cards appear."""

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings


class SlackPeopleSettings(BaseSettings):
    """A part of all settings. Members are named by their Slack id."""

    slack_bot_tokens: dict[str, SecretStr] = Field(
        default_factory=dict,
        description="Bot tokens of further workspaces or organisations, by their id (`T…`, `E…`)",
    )
    slack_officers: frozenset[str] = Field(
        frozenset(),
        description="Member ids of case officers, beside those of the usergroup; where these or the"
        " group are set, nobody else may act",
    )
    slack_leads: frozenset[str] = Field(
        frozenset(), description="Member ids of leads, beside those of their usergroup"
    )
    slack_analysts_group: str | None = Field(
        None, description="Handle of the usergroup of analysts, who read figures and no case"
    )
    slack_analysts: frozenset[str] = Field(
        frozenset(), description="Member ids of analysts, beside those of their usergroup"
    )
    slack_case_channels: dict[str, str] = Field(
        default_factory=dict,
        description="Channels for cases of one type, as type → channel id; the cases channel has"
        " the rest",
    )
