"""The workspace that the sandbox starts with: a small service desk, all of its people invented."""

from collections.abc import Mapping

from bot.sandbox.slack.faults import SLACK_TIERS, RateLimit
from bot.sandbox.slack.model import User
from bot.sandbox.slack.state import PretendSlack
from bot.sandbox.slack.workspace import Workspace

CASES_CHANNEL = "dars-cases"
ENQUIRY_CHANNEL = "ask-dars"
OFFICERS_GROUP = "dars-officers"

_OFFICERS = (
    ("asha", "Asha Verma", "Case officer"),
    ("tom", "Tom Ellery", "Case officer"),
    ("mei", "Mei Tanaka", "Case officer"),
    ("ruth", "Ruth Okafor", "Lead case officer"),
)
_COLLEAGUE = ("callum", "Callum Reid", "Analyst, not a case officer")


def sandbox_workspace(
    app_name: str = "triagebot", *, limits: Mapping[str, RateLimit] = SLACK_TIERS
) -> PretendSlack:
    """A team of three officers, their lead and a colleague, with channels and a usergroup.

    Tokens are made anew in each process.

    Args:
        app_name: Name of the app and of its bot user.
        limits: Rate limits by method; an empty mapping for none.
    """
    workspace = Workspace("DARS sandbox", "dars-sandbox")
    slack = PretendSlack(workspace, app_name=app_name, limits=limits)
    officers = [_person(workspace, *who) for who in _OFFICERS]
    officers[-1].is_admin = True
    everyone = [*officers, _person(workspace, *_COLLEAGUE)]
    bot = slack.app.user_id
    ids = [user.id for user in everyone]
    workspace.add_channel(CASES_CHANNEL, [*ids, bot], purpose="Enquiries that need a case officer.")
    workspace.add_channel(
        ENQUIRY_CHANNEL, [*ids, bot], purpose="Ask about access to data; the bot answers."
    )
    workspace.add_usergroup(OFFICERS_GROUP, "DARS case officers", [user.id for user in officers])
    for user in everyone:
        workspace.direct_channel(user.id, bot)
    return slack


def _person(workspace: Workspace, name: str, real_name: str, title: str) -> User:
    email = f"{name}@dars.example"
    user = User(workspace.new_id("U"), name, real_name, email=email, title=title)
    return workspace.add_user(user)
