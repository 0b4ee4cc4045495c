"""What the classifier went by: words that counted, sentences that need a person, messages alike."""

import numpy as np

from triage.decision import Asked, Counted, Decision, Explanation, Route, Sentence
from triage.features import Reading
from triage.message import Message
from triage.model import LABELS, Model
from triage.objections import Ground, Weighed
from triage.parts import full_text
from triage.rules.instructions import without_instructions

GROUNDS = {
    "rule": "a rule that always needs a person, or that no person waits",
    "flag": "a flag that always needs a person",
    "ignore": "the classifier: no person waits",
    "doubt": "a doubt: a condition of an automatic answer does not hold",
    "approval": "the evidence: it could be answered, once a person approves",
    "answer": "every condition of an automatic answer",
}
"""What settled a route, in words for officers."""


def explained(weighed: Weighed, model: Model, route: Route, ground: Ground) -> Explanation:
    """The explanation of a route; it quotes nothing, so that it may be kept anywhere."""
    reading = weighed.reading
    asking = [part for part in reading.parts if part.asks] if weighed.parts else []
    sentences = [
        Sentence(
            start=part.start, end=part.end, needs_person=round(chance.routes[Route.ESCALATE], 3)
        )
        for part, chance in zip(asking, weighed.parts, strict=True)
    ]
    return Explanation(
        ground=ground,
        routes={one: round(chance, 4) for one, chance in weighed.whole.routes.items()},
        words=words_that_counted(model, reading, route),
        sentences=tuple(sentences),
        nearest=tuple(model.remembered.nearest(reading.whole)),
    )


def quoted(explanation: Explanation, message: Message) -> list[tuple[Sentence, str]]:
    """The sentences of an explanation with their words, which it does not hold itself."""
    text = _as_read(message)
    return [(one, text[one.start : one.end]) for one in explanation.sentences]


def questions(decision: Decision, message: Message) -> list[tuple[Asked, str]]:
    """The questions of a decision with their words, which it does not hold itself."""
    text = _as_read(message)
    return [(one, text[one.start : one.end]) for one in decision.asked]


def _as_read(message: Message) -> str:
    read = without_instructions(message).message
    return full_text(read.subject, read.new_text)


def words_that_counted(
    model: Model, reading: Reading, route: Route, most: int = 5
) -> tuple[Counted, ...]:
    """The words that spoke most for a route, by their linear weights times their value."""
    ngrams = model.fitted.features.ngrams_
    columns, weights = ngrams.row(reading.text)
    worth = weights * model.fitted.heads.coef_[LABELS.index(route), columns]
    found: list[Counted] = []
    for place in np.argsort(-worth, kind="stable"):
        name = str(ngrams.grams_[columns[place]])
        if len(found) == most or worth[place] <= 0:
            break
        if name.startswith("w:"):
            found.append(Counted(words=name[2:], weight=round(float(worth[place]), 3)))
    return tuple(found)
