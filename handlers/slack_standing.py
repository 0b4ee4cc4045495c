"""How posting to Slack stands, as the outbox has it: what waits there, how long, and why."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Interval, and_, func, select, type_coerce

from handlers.tables import Outgoing, OutgoingState
from handlers.unit import Unit

TOKEN_REFUSED = "Slack refuses the token: "  # noqa: S105  words about a token
"""How the kept error of a post begins that waits for a token which Slack takes."""
PATIENCE = timedelta(minutes=2)
"""A post may wait as long for its turn; beyond that something is wrong."""
SHUT_OUT = frozenset(
    {"missing_scope", "not_allowed_token_type", "channel_not_found", "is_archived"}
)
"""What Slack says of a post where no waiting helps: it is told at once, as a refused token is."""


@dataclass(frozen=True, slots=True)
class SlackStanding:
    """Posts that have not left."""

    waiting: int
    oldest: timedelta | None
    """How long the oldest has waited."""
    refused: str | None
    """Why Slack refuses our token, such as `token_revoked`; None where it does not."""
    said: str = ""
    """What is kept of the latest try of any of them; empty where none was tried."""

    @property
    def why(self) -> str:
        """Why they wait, as Slack says it."""
        return self.refused or self.said

    @property
    def is_trouble(self) -> bool:
        """Whether cards and notes are not appearing, so that people should work elsewhere."""
        if not self.waiting or self.oldest is None:
            return False
        return bool(self.refused) or self.said in SHUT_OUT or self.oldest >= PATIENCE


async def slack_standing(unit: Unit) -> SlackStanding:
    """Count them, of all workers together."""
    waits = and_(
        Outgoing.sent_at.is_(None),
        Outgoing.transport == "slack",
        Outgoing.state.in_((OutgoingState.READY, OutgoingState.SENDING)),
    )
    said = (
        select(Outgoing.error)
        .where(waits, Outgoing.error.is_not(None))
        .order_by(Outgoing.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    refused = func.max(Outgoing.error).filter(Outgoing.error.startswith(TOKEN_REFUSED))
    oldest = type_coerce(func.now() - func.min(Outgoing.created_at), Interval())
    row = await unit.session.execute(select(func.count(), oldest, refused, said).where(waits))
    waiting, waited, token, latest = row.one()
    return SlackStanding(waiting, waited, token and token.removeprefix(TOKEN_REFUSED), latest or "")
