"""How long a whole decision takes beside the encoder alone, and int8 beside float32.

Run: python benchmarks/decision_speed.py WEIGHTS_DIR (a folder with model.safetensors and
tokenizer.json). Ratios are of one run on one thread; only they are worth comparing.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bot.mail.quotes import newly_written
from bot.settings import Settings
from knowledge.library import Library
from triage import labelled
from triage.chain import decide
from triage.encoder import Encoder
from triage.encoder_graph import build
from triage.message import Message
from triage.training import train

WORDS = 120
ROUNDS = 60


def median_ms(work: Callable[[], object]) -> float:
    """Median of many runs, in milliseconds, after some to warm up."""
    times = []
    for number in range(ROUNDS + 5):
        start = time.perf_counter()
        work()
        if number >= 5:
            times.append(time.perf_counter() - start)
    return 1000 * statistics.median(times)


def main(weights: Path) -> None:
    """Build, train, measure, print."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        build(weights, folder / "int8")
        build(weights, folder / "float32", quantise=False)
        encoder, exact = (Encoder.load(folder / name) for name in ("int8", "float32"))
        contacts = dict.fromkeys(Settings.model_fields, "here")
        library = Library.load(encoder, contacts)
        taught = labelled.read([labelled.DATA / "train"])
        start = time.perf_counter()
        model = train(
            taught,
            labelled.read(labelled.CALIBRATION),
            encoder=encoder,
            library=library,
            newly_written=newly_written,
            out_dir=folder / "model",
        )
        print(f"training on {len(taught)} messages: {time.perf_counter() - start:.1f} s")
    held = labelled.read([labelled.DATA / "held"])
    body = next(one.body for one in held if WORDS <= len(one.body.split()) < 2 * WORDS)
    text = " ".join(body.split()[:WORDS])
    encode = median_ms(lambda: encoder.encode([text]))
    whole = median_ms(lambda: decide(Message(text=text, new_text=text), model, library))
    print(f"encode {encode:.2f} ms, decide {whole:.2f} ms: {whole / encode:.2f} times the encode")
    texts = [one.body for one in held]
    fast, slow = (min(_seconds(one, texts) for _ in range(3)) for one in (encoder, exact))
    print(f"batch: {len(texts) / fast:.0f} texts/s, {slow / fast:.2f} times those of float32")


def _seconds(encoder: Encoder, texts: list[str]) -> float:
    start = time.perf_counter()
    encoder.encode(texts)
    return time.perf_counter() - start


if __name__ == "__main__":
    main(Path(sys.argv[1]))
