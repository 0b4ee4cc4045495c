"""Fixtures for use cases: decisions, and ways to arrive."""

from collections.abc import Callable
from datetime import date
from itertools import count

import pytest

from handlers.enquiries import Arrival
from handlers.intake import Accepted, keep_mail
from handlers.receive import Judged
from handlers.unit import Store
from knowledge.library import Library
from triage.decision import Decision, EnquiryType, Flag, PassageHit, Reason, Route
from triage.message import Message


@pytest.fixture
def total_cost(library: Library) -> PassageHit:
    """A passage that can be sent today."""
    passage = next(
        one
        for one in library.passages
        if one.topic == "ndrs-total-cost" and one.sendable(date.today(), library.contacts) is None
    )
    return PassageHit(
        article=passage.article.id, version=passage.article.version, passage=passage.id, score=1.0
    )


@pytest.fixture
def judged(total_cost: PassageHit) -> Callable[..., Judged]:
    """A decision as triage would make it, for a route and flags."""

    def judge(route: Route, flags: tuple[Flag, ...] = ()) -> Judged:
        return Judged(
            Decision(
                types=(EnquiryType.NDRS, EnquiryType.CHARGES),
                type_scores={EnquiryType.NDRS: 0.9, EnquiryType.CHARGES: 0.8},
                route=route,
                topics=("ndrs-total-cost",),
                flags=flags,
                confidence=0.95,
                reasons=(Reason(rule="example", text="An example reason."),),
                passages=(total_cost,) if route is not Route.IGNORE else (),
                series=(),
                model="example",
                thresholds={},
            ),
            milliseconds=1.0,
        )

    return judge


@pytest.fixture
def arrive(store: Store) -> Callable[..., object]:
    """Have a mail accepted, and give it as the arrival that a reader would make of it."""
    numbers = count(1)

    async def accept(
        text: str = "What does it cost?",
        *,
        sender: str = "asker@uni.example",
        subject: str | None = None,
        message_id: str | None = None,
        references: tuple[str, ...] = (),
        automatic_reason: str | None = None,
        is_bounce: bool = False,
    ) -> Arrival:
        number = next(numbers)
        if subject is None:
            # Mails of one person on one matter, shortly after one another, are one enquiry.
            subject = "A question" if message_id else f"Question {number}"
        [inbound_id] = await keep_mail(
            store,
            [
                Accepted(
                    key=f"mail-{number}",
                    envelope_from=sender,
                    envelope_to=("dars@triagebot.example",),
                    peer="127.0.0.1",
                    raw=b"kept as it came",
                )
            ],
        )
        return Arrival(
            inbound_id=inbound_id,
            message=Message(
                sender=sender,
                sender_name="Robin Asker",
                subject=subject,
                text=text,
                new_text=text,
                automatic_reason=automatic_reason,
                is_bounce=is_bounce,
            ),
            reply_to=sender,
            message_id=message_id or f"<{number}@uni.example>",
            references=references,
            may_auto_reply=automatic_reason is None,
        )

    return accept
