"""`triagebot gaps`, as it is called from a terminal."""

import json
import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

from handlers.knowledge_tables import Gap, GapState
from handlers.weeks import Week

ROOT = Path(__file__).parents[2]
LAST = Week(Week.of(date.today()).monday - timedelta(days=7))


def gaps(database: str, folder: Path, *arguments: str) -> subprocess.CompletedProcess:
    """Run the command on this database, with nothing that set-up prepared."""
    settings = {"TRIAGEBOT_DATABASE_URL": database, "TRIAGEBOT_DATA_DIR": str(folder)}
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", "gaps", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)} | settings,
    )


async def test_it_prints_the_gaps_of_a_week_for_people_and_for_programs(store, database, tmp_path):
    async with store.unit() as unit:
        unit.session.add(
            Gap(
                week=LAST.monday,
                words=["thesis", "suppression"],
                enquiries=[3, 1, 2],
                examples=["Must I suppress cells under five?"],
                draft="---\nid: thesis\n",
                state=GapState.OPEN,
                detail={},
            )
        )
    told = gaps(database, tmp_path, "--week", LAST.name)
    assert "3 enquiries, open: thesis, suppression" in told.stdout
    assert "- Must I suppress cells under five?" in told.stdout
    asked = json.loads(gaps(database, tmp_path, "--json").stdout.splitlines()[-1])
    assert asked["week"] == LAST.name
    [gap] = asked["gaps"]
    assert (gap["enquiries"], gap["words"]) == (3, ["thesis", "suppression"])


def test_a_week_without_gaps_is_looked_through_and_told_of(database, tmp_path):
    told = gaps(database, tmp_path, "--week", "2026-W02", "--json")
    assert json.loads(told.stdout.splitlines()[-1]) == {"week": "2026-W02", "gaps": []}


def test_a_week_that_makes_no_sense_is_one_line_of_error(database, tmp_path):
    told = gaps(database, tmp_path, "--week", "last")
    assert told.returncode == 1
    assert told.stderr == "triagebot: 'last' is not a week; write it as 2026-W48.\n"
