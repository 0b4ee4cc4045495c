"""Messages decided together come out as each by itself."""

from datetime import date

from bot.mail.quotes import newly_written
from knowledge.library import Library
from triage.chain import decide
from triage.labelled import Labelled
from triage.many import decide_many
from triage.model import Model

TODAY = date(2026, 11, 28)


def test_messages_decided_together_come_out_as_each_alone(
    model: Model, library: Library, held: list[Labelled]
) -> None:
    messages = [one.message(newly_written) for one in held[:40]]
    together = decide_many(messages, model, library, today=TODAY)
    alone = [decide(one, model, library, today=TODAY) for one in messages]
    for one, other in zip(together, alone, strict=True):
        assert (one.route, one.types, one.topics, one.flags) == (
            other.route,
            other.types,
            other.topics,
            other.flags,
        )
        assert one.reasons == other.reasons


def test_without_a_model_every_message_goes_to_a_person(
    library: Library, held: list[Labelled]
) -> None:
    messages = [one.message(newly_written) for one in held[:3]]
    assert [one.model for one in decide_many(messages, None, library)] == ["rules-only"] * 3


def test_no_messages_give_no_decisions(model: Model, library: Library) -> None:
    assert decide_many([], model, library) == []
