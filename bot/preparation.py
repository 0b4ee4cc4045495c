"""Set-up: the encoder built from its weights, and the classifier trained. Done once, then checked.

Where the weights cannot be had, the service works by words alone, and set-up says so.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.brain import load_encoder
from bot.fetch import FetchError, fetch_weights
from bot.learning import NotPromoted, material, train_model
from bot.long_work import Progress, Report
from bot.settings import Settings
from triage.encoder_graph import WeightsError, build, is_built
from triage.model import Card
from triage.training import is_current


def prepare(settings: Settings, progress: Progress) -> Report:
    """Make ready what is not ready yet; harmless to repeat."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    lines = [_prepare_encoder(settings, progress), _prepare_model(settings, progress)]
    return Report({"encoder": load_encoder(settings) is not None, "steps": lines}, lines)


def _prepare_encoder(settings: Settings, progress: Progress) -> str:
    folder, published = settings.encoder_folder, settings.published_encoder_folder
    if is_built(folder) and is_built(published, None, quantise=False):
        return f"the encoder is in {folder}"
    try:
        with _weights(settings, progress) as weights:
            if not is_built(folder):
                progress("building the encoder", 0, 2)
                build(weights, folder)
            progress("building the encoder as published", 1, 2)
            # In float32: int8 measures the texts of a run together, so that figures would vary.
            build(weights, published, adapter=None, quantise=False)
    except (FetchError, WeightsError) as error:
        if is_built(folder):
            return f"the encoder is in {folder}; none as published, for benchmarks: {error}"
        if (folder / "encoder.onnx").is_file():
            return f"kept the encoder in {folder}, which an older version built: {error}"
        return f"no encoder, so words alone decide: {error}"
    return f"built the encoder in {folder}"


def _prepare_model(settings: Settings, progress: Progress) -> str:
    folder = settings.model_folder
    encoder, messages = load_encoder(settings), material(settings)
    if is_current(folder, messages.teach, messages.calibrate, encoder):
        return f"the model is in {folder}"
    try:
        card = Card.model_validate(train_model(settings, progress).summary)
    except NotPromoted as error:
        return f"kept the model in {folder}: {error}"
    return f"trained model {card.identity} on {card.messages} messages, into {folder}"


@contextmanager
def _weights(settings: Settings, progress: Progress) -> Iterator[Path]:
    """The operator's folder of weights, or a scratch folder that is fetched and then removed."""
    if settings.encoder_dir is not None:
        yield settings.encoder_dir
        return
    folder = settings.data_dir / "weights"
    try:
        yield fetch_weights(folder, lambda line: progress(line, 0, 1))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
