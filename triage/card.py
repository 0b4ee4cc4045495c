"""What a model's card holds: its thresholds, and what was measured when it was made."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict

from triage.decision import EnquiryType


class Thresholds(BaseModel):
    """Where probabilities turn into decisions.

    `answer` is shown by Learn-then-Test at training; above 1 it means that nothing may be
    answered without a person. `ignore` is high, since to ignore a person is worse than to open a
    case for a machine, and lower where a rule already doubts that anyone waits. `flag` is low,
    since a flag missed is worse than a case too many; from `flag_doubt` on none is raised yet, but
    nothing is answered. `types` are learned at training, `type` stands for the rest. `likeness`
    is the share of calibration messages that may be less like a labelled one before a person is
    asked.
    """

    model_config = ConfigDict(frozen=True)

    answer: float = 0.9
    ignore: float = 0.9
    ignore_doubted: float = 0.25
    flag: float = 0.2
    flag_doubt: float = 0.15
    type: float = 0.45
    types: Mapping[EnquiryType, float] = {}
    topic: float = 0.3
    part: float = 0.95
    passage: float = 0.5
    passage_sure: float = 0.35
    topic_sure: float = 0.7
    passage_by_words: float = 0.1
    likeness: float = 0.005

    def of(self, kind: EnquiryType) -> float:
        """The probability from which a message has a type."""
        return self.types.get(kind, self.type)

    def by_name(self) -> dict[str, float]:
        """All of them, those of types as `type charges`, as a decision's record keeps them."""
        single = self.model_dump(exclude={"types"})
        return {**single, **{f"type {kind}": limit for kind, limit in self.types.items()}}


class SearchBound(BaseModel):
    """What calibration authors show of search where nothing fits: for `series` or `passages`."""

    model_config = ConfigDict(frozen=True)

    risk: float
    doubt: float
    threshold: float
    """The lowest score that is shown to keep to `risk`; above 1 there is none."""
    messages: int
    """Messages of calibration authors for which nothing of the kind fits."""
    floor: float
    """The lowest score from which it is offered, chosen without these messages."""
    offered: int
    """How many of them are offered something all the same, in a draft or a reply."""
    at_most: float
    """The share of such messages that this shows for what is offered, but for `doubt`."""
    sent: int
    """How many could be sent it, at whatever threshold for answers."""
    sent_at_most: float

    @property
    def holds(self) -> bool:
        """Whether the floor in use keeps to the risk, in drafts as in replies."""
        return self.at_most <= self.risk

    @property
    def holds_for_replies(self) -> bool:
        """Whether what is sent without a person keeps to the risk: by the route, not the floor."""
        return self.sent_at_most <= self.risk


class Card(BaseModel):
    """What a model is: its data, its settings, and what was measured when it was made."""

    model_config = ConfigDict(frozen=True)

    identity: str
    recipe: str
    """Names data, encoder and settings: the same recipe gives the same model."""
    messages: int
    data: str
    encoder: str | None
    thresholds: Thresholds
    bound: Mapping[str, float]
    """What calibration authors show of answers: at most `risk`, but for a chance of `doubt`."""
    search: Mapping[str, SearchBound] = {}
    """What they show of search, for `series` and `passages`; none in a card made before."""
    confidence: Mapping[str, tuple[float, float]]
    """For each ground of a route: slope and shift from the route's logit to that of being right."""
    unseen: Mapping[str, float]
    """Figures of decisions on training messages by models that had seen nothing of the author."""
    calibration: Mapping[str, float]
    """Figures on the authors by whom thresholds were set: a little too good."""
    test: Mapping[str, float]
    """Figures on authors who had no part in it."""
