"""What decides, loaded: the encoder, the classifier and the library, or as much as there is.

A missing encoder or model never stops the service: without the encoder the words alone decide,
and without a model every enquiry goes to a person. What is missing is said, in health and logs.
"""

from dataclasses import dataclass
from pathlib import Path

import structlog
from threadpoolctl import threadpool_limits

from bot.settings import Settings
from knowledge.library import Library
from triage.bounds import NEVER
from triage.chain import decide
from triage.decision import Decision
from triage.encoder import Encoder
from triage.message import Message
from triage.model import Model, ModelError

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Brain:
    """All that a decision takes. `missing` says, in words, what could not be loaded.

    The library is replaced by another once an article was decided on; all else stays.
    """

    encoder: Encoder | None
    model: Model | None
    library: Library
    missing: tuple[str, ...]

    def decide(self, message: Message) -> Decision:
        """Decide one message; plain work, for a thread."""
        return decide(message, self.model, self.library)

    @property
    def model_identity(self) -> str:
        """The model's identity, or `rules-only`."""
        return self.model.card.identity if self.model else "rules-only"

    @property
    def has_bound(self) -> bool:
        """Whether a threshold was shown at which answers leave without approval."""
        return self.model is None or self.model.card.thresholds.answer < NEVER


def load_encoder(settings: Settings) -> Encoder | None:
    """The encoder that set-up built, if it did."""
    return _loaded(settings.encoder_folder)


def load_published_encoder(settings: Settings) -> Encoder | None:
    """The encoder without what it learned from our messages, if set-up built it."""
    return _loaded(settings.published_encoder_folder)


def _loaded(folder: Path) -> Encoder | None:
    return Encoder.load(folder) if (folder / "encoder.onnx").is_file() else None


def load_brain(settings: Settings) -> Brain:
    """Load what is there. Raises only for our own broken articles or catalogue.

    From then on each decision of this process computes on its own thread alone.
    """
    # Matrices are small here, and many decisions are made at once. Shared among threads of the
    # library, each product waits for all of them: on two cores with other work this took three
    # times the processor time a decision. Only leaving a `with` would take the limit back.
    threadpool_limits(limits=1, user_api="blas")
    missing: list[str] = []
    encoder = load_encoder(settings)
    if encoder is None:
        missing.append("no encoder: deciding by words alone; 'triagebot setup' builds it")
    model: Model | None = None
    try:
        model = Model.load(settings.model_folder, encoder)
    except ModelError as error:
        missing.append(f"{error}; until then every enquiry goes to a person")
    library = Library.load(encoder, settings.contacts(), settings.data_dir / "cache")
    for one in missing:
        log.warning("running with less", missing=one)
    return Brain(encoder, model, library, tuple(missing))
