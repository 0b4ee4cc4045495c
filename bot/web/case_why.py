"""Why a message was decided as it was, in lines under headings; sentences are quoted masked."""

from collections.abc import Iterator
from typing import NamedTuple

from triage.decision import Decision, Explanation
from triage.explain import percent
from triage.explanation import GROUNDS, quoted
from triage.masking import birth_dates, mask, nhs_numbers
from triage.message import Message

MOST_QUOTED = 160


class Why(NamedTuple):
    """One heading, and what stands below it."""

    title: str
    lines: tuple[str, ...]


def why(decision: Decision, message: Message) -> list[Why]:
    """All that a decision rests on, without headings that would have nothing below them."""
    route = f"{str(decision.route).capitalize()}, {percent(decision.confidence)} sure to be right"
    found = [
        Why("Route", (route, *_settled(decision.explanation))),
        Why("Rules and conditions that spoke", tuple(one.text for one in decision.reasons)),
        *(_explained(decision.explanation, message) if decision.explanation else ()),
        Why(
            "Passages found",
            tuple(
                f"{hit.article} v{hit.version}, {hit.passage}: {hit.score:.2f}"
                for hit in decision.passages
            ),
        ),
        Why("Model", (decision.model, *_likeness(decision))),
    ]
    return [one for one in found if one.lines]


def _settled(explanation: Explanation | None) -> Iterator[str]:
    if explanation is not None:
        yield f"Settled by {GROUNDS.get(explanation.ground, explanation.ground)}"
        routes = ", ".join(f"{one} {percent(chance)}" for one, chance in explanation.routes.items())
        if routes:
            yield f"By the classifier alone: {routes}"


def _explained(explanation: Explanation, message: Message) -> Iterator[Why]:
    counted = ", ".join(f"“{one.words}” {one.weight:+.2f}" for one in explanation.words)
    yield Why("Words that counted", (counted,) if counted else ())
    yield Why("Each question by itself", tuple(_sentences(explanation, message)))
    alike = (
        f"{one.id}: {one.route}, likeness {one.similarity:.2f}"
        + (f" ({one.why})" if one.why else "")
        for one in explanation.nearest
    )
    yield Why("Labelled messages most like it", tuple(alike))


def _sentences(explanation: Explanation, message: Message) -> Iterator[str]:
    whole = f"{message.subject}\n{message.new_text}"
    # What makes a date one of birth may stand in another sentence.
    hidden = [*nhs_numbers(whole), *birth_dates(whole)]
    for one, words in quoted(explanation, message):
        yield f"{percent(one.needs_person)} needs a person: {mask(words, hidden)[:MOST_QUOTED]}"


def _likeness(decision: Decision) -> Iterator[str]:
    if decision.likeness is not None:
        yield f"More usual than {percent(decision.likeness)} of calibration messages"
