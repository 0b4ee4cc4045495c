"""How posting to Slack stands, as the outbox has it: what waits there, and why."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Interval, func, literal_column, select, type_coerce

from handlers.tables import Outgoing
from handlers.unit import Unit

TOKEN_REFUSED = "Slack refuses the token: "  # noqa: S105  words about a token
"""How the kept error of a post begins that waits for a token which Slack takes."""


@dataclass(frozen=True, slots=True)
class SlackStanding:
    """Posts that have not left."""

    waiting: int
    oldest: timedelta | None
    """How long the oldest has waited."""
    refused: str | None
    """Why Slack refuses our token; None where it does not."""


async def slack_standing(unit: Unit) -> SlackStanding:
    """Count them, of all workers together."""
    refused = func.max(Outgoing.error).filter(Outgoing.error.startswith(TOKEN_REFUSED))
    row = await unit.session.execute(
        select(
            func.count(),
            type_coerce(func.now() - func.min(Outgoing.created_at), Interval()),
            refused,
        ).where(
            Outgoing.sent_at.is_(None),
            Outgoing.transport == "slack",
            Outgoing.state == literal_column("'ready'"),
        )
    )
    waiting, oldest, error = row.one()
    return SlackStanding(waiting, oldest, error and error.removeprefix(TOKEN_REFUSED))
