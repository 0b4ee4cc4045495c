"""What triage decides about one message. The words are those of the labelling page."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from knowledge.fit import Fit, Unmet
from knowledge.front_matter import Hindrance


class EnquiryType(StrEnum):
    """What a message is about; a message may have several."""

    NDRS = "ndrs"
    COPI_EXIT = "copi_exit"
    CHARGES = "charges"
    EXISTING_APPLICATION = "existing_application"
    PUBLISHED_DATA = "published_data"
    PROCESS = "process"
    OTHER = "other"


class Route(StrEnum):
    """What happens to a message, the safest first where two readings compete: escalate."""

    ANSWER = "answer"
    ESCALATE = "escalate"
    IGNORE = "ignore"


class Flag(StrEnum):
    """What makes a person necessary, whatever else a message asks."""

    PATIENT_DATA = "patient_data"
    INCIDENT = "incident"
    COMPLAINT = "complaint"
    STATUTORY = "statutory"
    MEDIA = "media"


class Reason(BaseModel):
    """One rule that spoke, and its sentence as an officer reads it."""

    model_config = ConfigDict(frozen=True)

    rule: str
    text: str


class PassageHit(BaseModel):
    """A passage that the answer or the draft rests on; the score is cosine-like, 0 to about 1.3."""

    model_config = ConfigDict(frozen=True)

    article: str
    version: int
    passage: str
    score: float


class Withheld(BaseModel):
    """An article that fits and may not be sent today: its owner can put that right."""

    model_config = ConfigDict(frozen=True)

    article: str
    version: int
    title: str
    owner: str
    hindrance: Hindrance | None = None
    """What kind of hindrance it is; None in a note of an earlier version."""
    why: str
    """In words for an officer."""


class Neighbour(BaseModel):
    """A labelled message that reads alike; the similarity is a cosine."""

    model_config = ConfigDict(frozen=True)

    id: str
    route: Route
    similarity: float
    why: str = ""
    """Why that route is right for it, in the words of who labelled it."""


class Counted(BaseModel):
    """A word or pair of words, and how much it spoke for the route, in logits."""

    model_config = ConfigDict(frozen=True)

    words: str
    weight: float


class Sentence(BaseModel):
    """A sentence that asks: where it stands in subject and text, and whom it needs by itself."""

    model_config = ConfigDict(frozen=True)

    start: int
    end: int
    needs_person: float


class Asked(BaseModel):
    """A question, where it stands in subject and text, and what of guidance answers it."""

    model_config = ConfigDict(frozen=True)

    start: int
    end: int
    passages: tuple[tuple[str, str], ...]
    """Article and passage of each; none where it needs a person, or series answer it."""


class Explanation(BaseModel):
    """What the classifier went by. It holds no text but words that labelled messages share."""

    model_config = ConfigDict(frozen=True)

    ground: str
    """What settled the route: `rule`, `flag`, `ignore`, `doubt`, `approval` or `answer`."""
    routes: dict[Route, float]
    words: tuple[Counted, ...]
    sentences: tuple[Sentence, ...]
    nearest: tuple[Neighbour, ...]


class Decision(BaseModel):
    """Types, route, topics and flags for one message, with all that is needed to explain it."""

    model_config = ConfigDict(frozen=True)

    types: tuple[EnquiryType, ...]
    type_scores: dict[EnquiryType, float]
    route: Route
    topics: tuple[str, ...]
    """What an answer may rest on, best first."""
    nearest_topics: tuple[str, ...] = ()
    """The three likeliest, best first: `topics`, then what would come next."""
    flags: tuple[Flag, ...]
    confidence: float
    """Calibrated probability that the route is right, 0 to 1."""
    reasons: tuple[Reason, ...]
    passages: tuple[PassageHit, ...]
    series: tuple[str, ...]
    """Ids of published-data entries that fit, best first, at most three."""
    fits: tuple[Fit, ...] = ()
    """What of the need each of them meets."""
    unmet: Unmet | None = None
    """Why nothing that is published meets the need, where that is known."""
    asked: tuple[Asked, ...] = ()
    """The questions in their order; none where nothing in it asks."""
    withheld: tuple[Withheld, ...] = ()
    """Articles for want of which it is not answered."""
    model: str
    """Identity of the classifier: hash of its data and settings, or `rules-only`."""
    thresholds: dict[str, float]
    likeness: float | None = None
    """Share of calibration messages that are no more like a labelled one; None without vectors."""
    explanation: Explanation | None = None
    """None where no model decided."""
