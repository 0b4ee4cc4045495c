"""Damaged mails for minutes, each time others: all are read, in bounded time and memory."""

import importlib.util
import json
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MINUTES = 10
FEWEST_MAILS = 1_000
"""Fewer in ten minutes would mean that it hardly ran."""


@pytest.mark.long
@pytest.mark.timeout(MINUTES * 60 + 120)
def test_damaged_mails_are_read_without_a_fault(tmp_path: Path) -> None:
    seed = random.SystemRandom().randrange(1_000_000)
    run = subprocess.run(
        [sys.executable, "benchmarks/fuzz_mail.py", "--json", "--minutes", str(MINUTES),
         "--seed", str(seed), "--keep", str(tmp_path)],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    told = json.loads(run.stdout.splitlines()[-1])
    assert told["faults"] == {}, f"seed {seed}; the mails are in {tmp_path}"
    assert run.returncode == 0
    assert told["mails"] > FEWEST_MAILS


@pytest.mark.long
@pytest.mark.timeout(MINUTES * 60 + 120)
@pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="no atheris here")
def test_mails_that_are_led_into_every_corner_are_read_without_a_fault(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "benchmarks/fuzz_guided.py", "--minutes", str(MINUTES),
         "--keep", str(tmp_path)],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    told = run.stderr[-3000:]
    assert run.returncode == 0, f"the mail is in {tmp_path}\n{told}"
    done = re.search(r"number_of_executed_units: (\d+)", told)
    assert done is not None
    assert int(done[1]) > FEWEST_MAILS
