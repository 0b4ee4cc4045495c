"""Lists wrong decisions in a file, for people to read: unsafe ones first."""

import csv
from collections.abc import Sequence
from pathlib import Path

from triage.decision import Decision, Route
from triage.evaluation import is_unsafe
from triage.labelled import Labelled


def write_mistakes(path: Path, messages: Sequence[Labelled], decisions: Sequence[Decision]) -> int:
    """Write a row for each wrong route, types or first topic, unsafe ones first; returns how many.

    Bodies stay out of it: labelled messages may be real ones.
    """
    wrong = [pair for pair in zip(messages, decisions, strict=True) if _mistakes(*pair)]
    wrong.sort(key=lambda pair: (not is_unsafe(*pair), pair[0].route is pair[1].route, pair[0].id))
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "unsafe", "what", "expected", "got", "confidence", "reasons", "why"])
        for message, decision in wrong:
            writer.writerow(_row(message, decision))
    return len(wrong)


def _row(message: Labelled, decision: Decision) -> list[object]:
    return [
        message.id,
        "yes" if is_unsafe(message, decision) else "no",
        " ".join(_mistakes(message, decision)),
        f"{message.route}: {' '.join(message.types)}; {' '.join(message.topics)}",
        f"{decision.route}: {' '.join(decision.types)}; {' '.join(decision.topics)}",
        f"{decision.confidence:.3f}",
        "; ".join(reason.text for reason in decision.reasons),
        message.why,
    ]


def _mistakes(message: Labelled, decision: Decision) -> list[str]:
    wrong = []
    if decision.route is not message.route:
        wrong.append("route")
    if set(decision.types) != set(message.types):
        wrong.append("types")
    both_answer = decision.route is Route.ANSWER and message.route is Route.ANSWER
    if both_answer and decision.topics[0] not in message.topics:
        wrong.append("topic")
    return wrong
