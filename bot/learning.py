"""Training with the project's own labelled messages, and those that the deployment adds."""

from bot.brain import load_encoder
from bot.long_work import CommandError, Progress, Report
from bot.mail.quotes import newly_written
from bot.settings import Settings
from knowledge.library import Library
from triage import labelled
from triage.promotion import NotPromotedError
from triage.training import TooFewMessagesError
from triage.training import train as train_on


class NotPromoted(CommandError):  # noqa: N818 -- its words are the line that the user sees
    """The new model is worse on unsafe mistakes, and the present one stays."""


def train_model(settings: Settings, progress: Progress) -> Report:
    """Train on `data/train`, set thresholds by the calibration authors, measure on the test's.

    A model that is worse on unsafe mistakes is not put into the data folder.

    Raises:
        NotPromoted: when it is worse; the present model stays.
        CommandError: when there are too few messages, or a file breaks the form.
    """
    encoder = load_encoder(settings)
    library = Library.load(encoder, settings.contacts(), settings.data_dir / "cache")
    try:
        model = train_on(
            labelled.read([labelled.DATA / "train"]),
            labelled.read(labelled.CALIBRATION),
            labelled.read(labelled.TEST),
            encoder=encoder,
            library=library,
            newly_written=newly_written,
            out_dir=settings.model_folder,
            progress=progress,
        )
    except NotPromotedError as error:
        raise NotPromoted(str(error)) from None
    except (labelled.LabelError, TooFewMessagesError) as error:
        raise CommandError(str(error)) from None
    card = model.card.model_dump(mode="json")
    lines = [
        (
            f"model {model.card.identity}, trained on {model.card.messages} messages"
            f"{'' if encoder else ', by words alone'}"
        ),
        f"answers from a score of {model.card.thresholds.answer:.2f}",
        "on authors who had no part in it:",
        *(f"  {name}: {value:.4g}" for name, value in model.card.test.items()),
    ]
    return Report(card, lines)
