"""A model and a library as set-up makes them where no encoder can be had: quick, and offline."""

import fcntl
from pathlib import Path

import pytest

from bot.brain import load_encoder
from bot.mail.quotes import newly_written
from bot.settings import Settings
from knowledge.library import Library
from triage import labelled
from triage.encoder import Encoder
from triage.labelled import Labelled
from triage.model import Model
from triage.training import train

CONTACTS = {
    name: f"{name}@dars.example" for name in Settings.model_fields if name.startswith("contact_")
} | {"organisation": "NHS England", "telephone": "0300 000 0000"}


@pytest.fixture(scope="session")
def library() -> Library:
    """Our own articles and catalogue, searched by words alone, every contact filled in."""
    return Library.load(None, CONTACTS)


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The real encoder, where set-up could build it."""
    found = load_encoder(Settings())
    if found is None:
        pytest.skip("set-up could not fetch the encoder's weights")
    return found


@pytest.fixture(scope="session")
def searched(encoder: Encoder) -> Library:
    """The library as it is used, searched with the encoder."""
    settings = Settings()
    return Library.load(encoder, settings.contacts(), settings.data_dir / "cache")


@pytest.fixture(scope="session")
def taught() -> list[Labelled]:
    """The labelled messages that teach."""
    return labelled.read([labelled.DATA / "train"])


@pytest.fixture(scope="session")
def calibration() -> list[Labelled]:
    """The labelled messages by which thresholds are set."""
    return labelled.read(labelled.CALIBRATION)


@pytest.fixture(scope="session")
def held() -> list[Labelled]:
    """The labelled messages that only measure."""
    return labelled.read(labelled.TEST)


@pytest.fixture(scope="session")
def model(
    taught: list[Labelled],
    calibration: list[Labelled],
    held: list[Labelled],
    library: Library,
    tmp_path_factory: pytest.TempPathFactory,
) -> Model:
    """A model trained on all of them, by words alone.

    It takes most of a minute, so one process of a run trains it, and the others wait for that.
    """
    place = tmp_path_factory.getbasetemp()
    # Where tests run in several processes, each has a folder of its own in that of the run.
    folder: Path = (place.parent if place.name.startswith("popen-") else place) / "model"
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            made = tmp_path_factory.mktemp("made") / "model"
            made.mkdir()
            train(
                taught,
                calibration,
                held[:60],
                encoder=None,
                library=library,
                newly_written=newly_written,
                out_dir=made,
            )
            made.rename(folder)
    return Model.load(folder, None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The first test of a process that asks for the model waits until it is trained."""
    for item in items:
        if "model" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.timeout(300))
