"""Settings on people and places in Slack: who may what, who is asked first, where cards appear."""

from datetime import date
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings


class SlackPeopleSettings(BaseSettings):
    """A part of all settings. Members are named by their Slack id or their email address."""

    slack_bot_tokens: dict[str, SecretStr] = Field(
        default_factory=dict,
        description="Bot tokens of further workspaces or organisations, by their id (`T…`, `E…`)",
    )
    slack_officers: tuple[str, ...] = Field(
        (), description="Case officers beside the usergroup's members, as Slack ids or addresses"
    )
    slack_leads: tuple[str, ...] = Field((), description="Leads beside the usergroup's members")
    slack_knowledge_owners_group: str | None = Field(
        None, description="Handle of the usergroup of knowledge owners; unset, the leads are"
    )
    slack_knowledge_owners: tuple[str, ...] = Field((), description="Knowledge owners beside them")
    slack_analysts_group: str | None = Field(
        None, description="Handle of the usergroup of analysts, who see figures and change nothing"
    )
    slack_analysts: tuple[str, ...] = Field((), description="Analysts beside them")
    slack_case_channels: dict[str, str] = Field(
        default_factory=dict,
        description="Channels for cases of one type, as type → channel id; the cases channel has"
        " the rest",
    )
    case_assignment: Literal["off", "round_robin", "load"] = Field(
        "off",
        description="Whether new cases get an owner by themselves: in turn, or whoever has fewest;"
        " needs officers that are named",
    )
    officer_types: dict[str, tuple[str, ...]] = Field(
        default_factory=dict,
        description="Types of enquiry that an officer takes, as officer → types; unset takes all",
    )
    officers_other_languages: tuple[str, ...] = Field(
        (), description="Officers who read languages other than English; such cases go to them"
    )
    officers_absent: dict[str, date] = Field(
        default_factory=dict,
        description="Officers who are on leave, as officer → last day of it; a Slack status that"
        " says so counts as well",
    )
