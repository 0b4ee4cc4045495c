"""Read mutated mails for some minutes, led by which of our lines each mail reaches.

    python benchmarks/fuzz_guided.py --minutes 10 --keep FOLDER

What counts as a fault is as in `fuzz_mail.py`, whose way of damaging mails is one of two here; the
other is libFuzzer's. A mail that reaches new lines becomes a seed, so that damage adds up. It ends
at the first fault, with a code other than 0 and the mail in the folder. atheris runs on Linux
(https://github.com/google/atheris).
"""

import argparse
import random
import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["bot.mail", "email"]):
    from fuzz_mail import DATA, LONGEST, faults, mutated

SECONDS_A_MAIL = 20
"""After so long libFuzzer ends a mail that hangs; `faults` counts processor time itself."""
MOST_MB = 2_000
"""Of the whole process, with the lines that it counts; a mail's own bound is in `faults`."""
OURS_OF_TEN = 5
"""Mutations of ten that are made our way."""


class FaultFoundError(Exception):
    """A mail is read wrongly."""


def read(mail: bytes) -> None:
    """Read one mail. Raises FaultFoundError."""
    for fault in faults(mail):
        raise FaultFoundError(fault)


def main() -> None:
    """Run until the time is up or a fault is found; libFuzzer ends the process itself."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--keep", type=Path, required=True, help="where a faulty mail is written")
    asked = parser.parse_args()
    asked.keep.mkdir(parents=True, exist_ok=True)
    seeds = [path.read_bytes()[:LONGEST] for path in sorted(DATA.rglob("*.eml"))]
    corpus = Path(tempfile.mkdtemp(prefix="fuzz-"))
    for number, seed in enumerate(seeds):
        (corpus / f"{number}.eml").write_bytes(seed)

    def damage(mail: bytes, most: int, seed: int) -> bytes:
        dice = random.Random(seed)
        if dice.randrange(10) < OURS_OF_TEN:
            return mutated([mail, *dice.sample(seeds, 3)], dice)[:most]
        damaged: bytes = atheris.Mutate(mail, most)
        return damaged

    options = [
        *(f"-max_total_time={round(asked.minutes * 60)}", f"-max_len={LONGEST}"),
        *(f"-timeout={SECONDS_A_MAIL}", f"-rss_limit_mb={MOST_MB}", "-print_final_stats=1"),
        f"-artifact_prefix={asked.keep}/",
    ]
    atheris.Setup([sys.argv[0], *options, str(corpus)], read, custom_mutator=damage)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
