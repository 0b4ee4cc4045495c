"""Training with the project's own labelled messages, and those that the deployment adds."""

from dataclasses import dataclass
from pathlib import Path

from bot.brain import load_encoder
from bot.long_work import CommandError, Progress, Report
from bot.mail.quotes import newly_written
from bot.settings import Settings
from knowledge.library import Library
from triage import labelled
from triage.bounds import NEVER
from triage.labelled import Labelled
from triage.model import Card
from triage.promotion import NotPromotedError
from triage.training import TooFewMessagesError
from triage.training import train as train_on


@dataclass(frozen=True, slots=True)
class Material:
    """The labelled messages of a deployment, by what they are for."""

    teach: list[Labelled]
    calibrate: list[Labelled]
    measure: list[Labelled]


def material(settings: Settings) -> Material:
    """Ours, and the deployment's own where it has a folder of them.

    Thresholds hold for mail like that by which they were set: a deployment that has labelled mail
    of its own sets them by that alone, however little it is. With too little nothing is answered
    without an officer's approval.

    Raises:
        CommandError: when a file breaks the form, or the folder is not there.
    """
    own = settings.labelled_dir
    if own is not None and not own.is_dir():
        raise CommandError(f"TRIAGEBOT_LABELLED_DIR: there is no folder {own}")
    teach = [labelled.DATA / "train", *_folder(own, "train")]
    calibrate = _folder(own, "calibration") if own else labelled.CALIBRATION
    try:
        return Material(*(labelled.read(one) for one in (teach, calibrate, labelled.TEST)))
    except (labelled.LabelError, OSError) as error:
        raise CommandError(str(error)) from None


def _folder(own: Path | None, name: str) -> list[Path]:
    return [own / name] if own and (own / name).is_dir() else []


class NotPromoted(CommandError):  # noqa: N818 -- its words are the line that the user sees
    """The new model is worse on unsafe mistakes, and the present one stays."""


def train_model(settings: Settings, progress: Progress) -> Report:
    """Train, set thresholds by the calibration messages, measure on the test authors.

    A model that is worse on unsafe mistakes is not put into the data folder.

    Raises:
        NotPromoted: when it is worse; the present model stays.
        CommandError: when there are too few messages, or a file breaks the form.
    """
    encoder = load_encoder(settings)
    library = Library.load(encoder, settings.contacts(), settings.data_dir / "cache")
    messages = material(settings)
    try:
        model = train_on(
            messages.teach,
            messages.calibrate,
            messages.measure,
            encoder=encoder,
            library=library,
            newly_written=newly_written,
            out_dir=settings.model_folder,
            progress=progress,
        )
    except NotPromotedError as error:
        raise NotPromoted(str(error)) from None
    except TooFewMessagesError as error:
        raise CommandError(str(error)) from None
    card = model.card.model_dump(mode="json")
    lines = [
        (
            f"model {model.card.identity}, trained on {model.card.messages} messages"
            f"{'' if encoder else ', by words alone'}"
        ),
        _answers_from(model.card),
        "on authors who had no part in it:",
        *(f"  {name}: {value:.4g}" for name, value in model.card.test.items()),
    ]
    return Report(card, lines)


def _answers_from(card: Card) -> str:
    """The threshold, or that there is none, and by how many messages."""
    answer, shown = card.thresholds.answer, int(card.bound["messages"])
    if answer >= NEVER:
        return (
            f"too little evidence for a bound ({shown} messages that must not be answered):"
            " every answer waits for an officer's approval"
        )
    return f"answers from a score of {answer:.2f}, by {shown} messages that must not be answered"
