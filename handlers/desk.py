"""What the use cases need to know of the deployment; made once, in `bot/wiring.py`."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from handlers.compose import Composer
from handlers.guard import Caution
from handlers.roster import Roster
from handlers.switches import Mode
from handlers.targets import ClockRules


@dataclass(slots=True)
class Desk:
    """Settings of the deployment, as the use cases see them."""

    signing_key: str
    """Signs references and Message-IDs; kept in the table `deployment`."""
    mail_domain: str
    """The domain of the service's mailbox, used in Message-IDs."""
    caution: Caution
    usual_mode: Mode
    """How much the bot does by itself where no lead has switched that."""
    composer: Composer
    """Replaced by another once an article was decided on; all else stays."""
    clocks: ClockRules = field(default_factory=ClockRules)
    """Working hours, and by when replies and resolutions are due."""
    roster: Roster = field(default_factory=Roster)
    """Who is given which new cases."""
    undo_seconds: float = 0
    """How long an officer's mail waits, so that it can be taken back."""
    teams: Mapping[str, str] = field(default_factory=dict)
    """Other teams by name, each with its address or the id of its Slack channel."""
