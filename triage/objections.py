"""Why a message is not answered, or not without approval: each condition, in order."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import NamedTuple

from knowledge.topics import Topic
from triage import explain
from triage.coverage import Coverage
from triage.decision import EnquiryType, Flag, Reason, Route
from triage.features import Reading
from triage.language import is_english
from triage.message import Message
from triage.model import Prediction, Thresholds

SpeakingRule = Callable[[Message], Reason | None]


class Rule(NamedTuple):
    """A rule, the route that it forces, the flag that it raises, and what the message is about."""

    speaks: SpeakingRule
    route: Route
    flag: Flag | None = None
    types: tuple[EnquiryType, ...] = ()


class Heard(NamedTuple):
    """A message without instructions to the bot, and what the rules said of it, in order."""

    message: Message
    spoken: tuple[tuple[Rule, Reason], ...]
    doubts: tuple[Reason, ...]
    signals: frozenset[str]

    @property
    def forced(self) -> tuple[Rule, Reason] | None:
        """The rule that decides the route."""
        return self.spoken[0] if self.spoken else None


class Weighed(NamedTuple):
    """All that the route is decided from, once the rules have spoken."""

    heard: Heard
    reading: Reading
    whole: Prediction
    parts: Sequence[Prediction]
    topics: tuple[Topic, ...]
    nearest_topics: tuple[Topic, ...]
    coverage: Coverage
    flags: tuple[Flag, ...]
    thresholds: Thresholds
    likeness: float | None = None


class Ground(StrEnum):
    """What settled a route."""

    RULE = "rule"
    FLAG = "flag"
    IGNORE = "ignore"
    DOUBT = "doubt"
    APPROVAL = "approval"
    """It would be answered, but that nothing shows it safe: a person may have it sent."""
    ANSWER = "answer"


class Settled(NamedTuple):
    """A route, what settled it, and why, in words."""

    route: Route
    ground: Ground
    reasons: tuple[Reason, ...]


def first_objection(weighed: Weighed) -> Reason | None:
    """The first condition of an answer that does not hold, or None."""
    return next((said for object_to in OBJECTIONS if (said := object_to(weighed))), None)


def first_caution(weighed: Weighed) -> Reason | None:
    """Why an answer to which nothing objects is not sent before a person approves it, or None."""
    return next((said for warn_of in CAUTIONS if (said := warn_of(weighed))), None)


def nobody_may_wait(weighed: Weighed) -> Reason | None:
    """A rule doubts that a person waits for a reply."""
    return weighed.heard.doubts[0] if weighed.heard.doubts else None


def flag_possible(weighed: Weighed) -> Reason | None:
    """A flag is possible, though not likely enough to be raised."""
    flag = max(weighed.whole.flags, key=lambda one: weighed.whole.flags[one])
    chance = weighed.whole.flags[flag]
    return explain.flag_possible(flag, chance) if chance >= weighed.thresholds.flag_doubt else None


def person_likelier(weighed: Weighed) -> Reason | None:
    """That a person is needed is likelier than that guidance suffices."""
    answer, person = (weighed.whole.routes[route] for route in (Route.ANSWER, Route.ESCALATE))
    return explain.needs_person(person) if person > answer else None


def not_sure_enough(weighed: Weighed) -> Reason | None:
    """That an answer is right is not as sure as the bound asks."""
    answer, asked = weighed.whole.routes[Route.ANSWER], weighed.thresholds.answer
    return None if answer >= asked else explain.unsure(answer, asked)


def unlike(weighed: Weighed) -> Reason | None:
    """The message is like none of those by which the threshold was set."""
    if weighed.likeness is None or weighed.likeness >= weighed.thresholds.likeness:
        return None
    return explain.unlike(weighed.likeness)


def part_needs_person(weighed: Weighed) -> Reason | None:
    """One question among several needs a person, read by itself: the strictest decides."""
    for number, part in enumerate(weighed.parts, start=1):
        chance = part.routes[Route.ESCALATE]
        if chance >= weighed.thresholds.part:
            return explain.part_needs_person(number, len(weighed.parts), chance)
    return None


def guidance_withheld(weighed: Weighed) -> Reason | None:
    """What would answer it may not be sent today."""
    barred = weighed.coverage.withheld
    return explain.withheld("; ".join(dict.fromkeys(one.why for one in barred))) if barred else None


def not_covered(weighed: Weighed) -> Reason | None:
    """Approved guidance does not answer all that is asked."""
    coverage = weighed.coverage
    return explain.not_covered(coverage.gap, coverage.questions) if coverage.gap else None


def not_english(weighed: Weighed) -> Reason | None:
    """Encoder, rules and articles are in English; what they make of other languages is chance."""
    return None if is_english(weighed.reading.text) else explain.other_language()


OBJECTIONS: tuple[Callable[[Weighed], Reason | None], ...] = (
    nobody_may_wait,
    flag_possible,
    not_english,
    person_likelier,
    part_needs_person,
    guidance_withheld,
    not_covered,
)
CAUTIONS: tuple[Callable[[Weighed], Reason | None], ...] = (not_sure_enough, unlike)
