"""What officers put right, as labelled messages: a deployment learns of its own mistakes.

Texts are masked and enquirers go by the domain of their address, so that a file of them holds no
more than it must. The latest correction of a case is the one that counts.
"""

from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on

from handlers.case_life import Action
from handlers.tables import Case, CaseEvent, StoredDecision, StoredMessage
from handlers.unit import Unit
from triage.decision import Route
from triage.labelled import Labelled
from triage.masking import mask


async def corrections(unit: Unit) -> list[Labelled]:
    """Each corrected case's first message with the decision that it is owed, by the case's number.

    Where an officer said nothing of the route or the topics, those of triage stand.
    """
    rows = await unit.session.execute(
        select(Case.id, CaseEvent, StoredMessage, StoredDecision)
        .join(CaseEvent, CaseEvent.case_id == Case.id)
        .join(StoredMessage, StoredMessage.enquiry_id == Case.enquiry_id)
        .join(StoredDecision, StoredDecision.message_id == StoredMessage.id)
        .where(CaseEvent.kind == Action.RECLASSIFY, StoredMessage.direction == "in")
        .ext(distinct_on(Case.id))
        .order_by(Case.id, CaseEvent.id.desc(), StoredMessage.id)
    )
    return [_labelled(number, event, asked, made) for number, event, asked, made in rows]


def _labelled(
    number: int, event: CaseEvent, asked: StoredMessage, decision: StoredDecision
) -> Labelled:
    said: dict[str, Any] = event.detail
    route = said.get("route") or decision.route
    topics = said.get("topics") or (decision.topics if route == Route.ANSWER else [])
    domain = asked.author.rpartition("@")[2] if "@" in asked.author else "slack"
    return Labelled.model_validate(
        {
            "id": f"case-{number}",
            "channel": decision.channel,
            "from": f"enquirer@{domain}",
            "subject": mask(asked.subject),
            "body": mask(asked.text),
            "types": said["to"],
            # A flag is for a person, whatever else is said.
            "route": Route.ESCALATE if decision.flags else route,
            "topics": topics,
            "flags": decision.flags,
            "why": f"{event.actor_name} put it right on {event.at:%Y-%m-%d}",
        }
    )
