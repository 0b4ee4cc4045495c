"""What the use cases need to know of the deployment; made once, in `bot/wiring.py`."""

from dataclasses import dataclass

from handlers.compose import Composer
from handlers.guard import Caution


@dataclass(slots=True)
class Desk:
    """Settings of the deployment, as the use cases see them."""

    signing_key: str
    """Signs references and Message-IDs; kept in the table `deployment`."""
    mail_domain: str
    """The domain of the service's mailbox, used in Message-IDs."""
    caution: Caution
    answers_enabled: bool
    """Off: what could be answered becomes a case, with the answer as its draft."""
    composer: Composer
    """Replaced by another once an article was decided on; all else stays."""
