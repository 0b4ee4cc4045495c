"""`triagebot knowledge` and what `check` says of articles, over a real database."""

import asyncio
import json
import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from shipped import shipped

from handlers.article_decisions import Deciding, Seen, approve, retire, save_draft
from handlers.articles import record
from handlers.unit import Store
from knowledge.articles import read_articles
from knowledge.editing import drafted

ROOT = Path(__file__).parents[2]


async def triagebot(database: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command on this database."""
    return await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "bot.cli", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "TRIAGEBOT_DATABASE_URL": database},
    )


@pytest.fixture
async def soon(store: Store) -> str:
    """One article is retired, and of another a version that ends soon was approved."""
    day = (date.today() + timedelta(days=20)).isoformat()
    async with store.unit() as unit:
        await retire(
            unit, Deciding("audits", Seen(0, shipped("audits")), "Ana Whitlock", "replaced")
        )
    async with store.unit() as unit:
        one = await record(unit, "contracts")
        text = drafted(one.used, one.used.front.version + 1).replace(
            "review_by:", f"effective_until: {day}\nreview_by:"
        )
        await save_draft(unit, Deciding("contracts", Seen.of(one), "Ana Whitlock", ""), text)
    async with store.unit() as unit:
        one = await record(unit, "contracts")
        await approve(unit, Deciding("contracts", Seen.of(one), "Ana Whitlock", ""))
    return day


async def test_what_is_exported_is_read_back_byte_for_byte(
    database: str, store: Store, soon: str, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    done = await triagebot(database, "knowledge", "export", str(folder))
    assert (done.returncode, done.stderr) == (0, "")
    read = {one.front.id: one for one in read_articles(folder)}
    assert read.keys() == {one.front.id for one in read_articles()}
    for ident, article in read.items():
        async with store.unit() as unit:
            used = (await record(unit, ident)).used
        assert used == article
        assert (folder / f"{ident}.md").read_bytes() == used.text.encode()
    assert read["audits"].front.status == "retired"
    assert read["contracts"].front.approval.by == "Ana Whitlock"
    again = await triagebot(database, "knowledge", "export", str(folder))
    assert again.returncode == 1
    assert "is not empty" in again.stderr


async def test_the_list_says_how_each_article_stands(
    database: str, store: Store, soon: str
) -> None:
    async with store.unit() as unit:
        approved = (await record(unit, "contracts")).used.front
    done = await triagebot(database, "knowledge", "list", "--json")
    lines = {one["id"]: one for one in json.loads(done.stdout)}
    assert (lines["audits"]["state"], lines["audits"]["version"]) == ("retired", shipped("audits"))
    assert approved.approval.by == "Ana Whitlock"
    assert (lines["contracts"]["state"], lines["contracts"]["version"]) == (
        "approved",
        approved.version,
    )
    table = await triagebot(database, "knowledge", "list")
    assert "contracts" in table.stdout


async def test_check_lists_what_ends_within_60_days_as_the_database_has_it(
    database: str, soon: str
) -> None:
    done = await triagebot(database, "check", "--json")
    told = json.loads(done.stdout)
    problems = told["problems"]
    [ends] = [one for one in told["guidance"] if one["day"] == soon]
    assert (ends["article"], ends["hindrance"], ends["now"]) == ("contracts", "expired", False)
    assert f"contracts: expires after {soon}; owner: DARS enquiries lead" in problems
    assert not [one for one in problems if one.startswith("audits")]


async def test_check_reads_the_files_where_the_database_is_away() -> None:
    done = await triagebot("postgresql://nobody@127.0.0.1:1/none", "check", "--json")
    assert "the articles are those of the files" in done.stderr
    assert (
        "no TRIAGEBOT_CONTACT_NDRS: 2 passages are not sent (contact: ndrs-team; ndrs-apply: help)"
        in json.loads(done.stdout)["problems"]
    )
