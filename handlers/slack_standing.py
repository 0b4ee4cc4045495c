"""Whether what is to appear in Slack does appear there, for those who can work elsewhere."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Interval, and_, func, select, type_coerce

from handlers.tables import Outgoing, OutgoingState
from handlers.unit import Unit

PATIENCE = timedelta(minutes=2)
"""A post may wait as long for its turn; beyond that something is wrong."""
SHUT_OUT = frozenset(
    {
        *("invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive"),
        *("missing_scope", "not_allowed_token_type", "channel_not_found", "is_archived"),
    }
)
"""What Slack says where no waiting helps: it is told at once."""


@dataclass(frozen=True, slots=True)
class SlackTrouble:
    """Cards and notes are not appearing in Slack."""

    waiting: int
    """How many posts wait."""
    since: timedelta
    """How long the oldest has waited."""
    why: str
    """What Slack said last, such as `token_revoked`; empty where it was not asked."""


async def slack_trouble(unit: Unit) -> SlackTrouble | None:
    """What keeps posts from Slack; None while they get there."""
    waits = and_(
        Outgoing.sent_at.is_(None),
        Outgoing.transport == "slack",
        Outgoing.state.in_((OutgoingState.READY, OutgoingState.SENDING)),
    )
    why = (
        select(Outgoing.error)
        .where(waits, Outgoing.error.is_not(None))
        .order_by(Outgoing.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    since = type_coerce(func.now() - func.min(Outgoing.created_at), Interval())
    row = await unit.session.execute(select(func.count(), since, why).where(waits))
    waiting, waited, said = row.one()
    if not waiting or (waited < PATIENCE and said not in SHUT_OUT):
        return None
    return SlackTrouble(waiting, waited, said or "")
