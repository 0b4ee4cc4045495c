"""Each process of the Procfile on its own, on one PostgreSQL, as on several hosts."""

import asyncio
import csv
import io
import json
import subprocess
import sys

import aiohttp
import psycopg
import pytest
from scenarios.desk import contact_settings, short_folder
from scenarios.enquiries import GIVEN
from scenarios.service import ROOT, Service, post, until
from slack_world import words

from bot.sandbox.slack import Acting
from bot.slack import names

COST, _, _, WHERE, _ = GIVEN
WARM_SECONDS = 5.0
"""How soon a second start is ready, with everything made by the first."""


def commands():
    """The commands of the Procfile by process."""
    lines = (ROOT / "Procfile").read_text().splitlines()
    named = dict(line.split(": ", 1) for line in lines)
    return {name: tuple(command.split()[1:]) for name, command in named.items()}


@pytest.fixture
async def processes(empty_database, relay, slack):
    """One of each process, in a folder of its own; `release` has run, the others not yet."""
    settings = relay[1] | slack[1] | contact_settings() | {"DATABASE_URL": empty_database}
    with short_folder() as folder:
        run = {}
        for name, command in commands().items():
            (folder / name).mkdir()
            run[name] = Service(folder / name, settings, command)
        release = run.pop("release")
        release.spawn()
        assert await asyncio.to_thread(release.process.wait, 60) == 0, release.output
        try:
            yield run
        finally:
            codes = await asyncio.gather(*(one.stop() for one in run.values()))
        assert codes == [0] * len(run)


async def test_the_processes_work_together_and_the_commands_tell_of_it(processes, relay, slack):
    mailbox, (pretend, to_slack) = relay[0], slack
    one, worker = processes["web"], processes["worker"]
    # Together, as a host would start them: the schema's lock keeps them apart.
    await asyncio.gather(*(each.start() for each in processes.values() if each is not worker))
    await asyncio.to_thread(
        post, processes["smtp"].port("mail"), COST.mail("apart"), WHERE.mail("apart")
    )
    assert len(mailbox) == 0
    await worker.start()  # what was waiting for it is done
    await until(lambda: len(mailbox) == 2, 10, "an answer and an acknowledgement")
    channel = to_slack["SLACK_CASES_CHANNEL"]
    await until(lambda: pretend.workspace.history(channel), 5, "the card")
    [card] = pretend.workspace.history(channel)

    # A button pressed is heard by one process and drawn by another.
    asha = next(user for user in pretend.workspace.users.values() if user.name == "asha")
    await Acting(pretend, asha.id).press(channel, card.ts, names.CLAIM)
    await until(lambda: "Asha Verma claimed it" in words(card), 5, "the card to be drawn anew")

    [case] = json.loads((await said(one, "case list --json"))[-1])
    assert (case["state"], case["officer_name"]) == ("open", "Asha Verma")
    assert case["types"][0] == "existing_application"
    assert case["subject"] == WHERE.subject
    shown = json.loads((await said(one, f"case show {case['reference']} --json"))[-1])
    assert [event["kind"] for event in shown["events"]] == ["opened", "claim"]
    assert WHERE.text in shown["messages"][0]["text"]
    human = "\n".join(await said(one, f"case show {case['reference']}"))
    assert case["reference"] in human
    assert "Asha Verma" in human

    report = json.loads((await said(one, "metrics --by route --format json"))[-1])
    counted = {row["route"]: row["messages"] for row in report["rows"]}
    assert counted == {"answer": 1, "escalate": 1}
    table = "\n".join(await said(one, "metrics --by route --format csv"))
    assert {row["route"]: row["messages"] for row in csv.DictReader(io.StringIO(table))} == {
        "answer": "1",
        "escalate": "1",
    }
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{one.port('dashboard')}/") as answer,
    ):
        assert answer.status == 200
        assert "1 of all messages" in await answer.text()


@pytest.mark.alone
async def test_a_second_start_is_ready_in_five_seconds(service, relay, slack, record_property):
    one = service(**relay[1], **slack[1], **contact_settings())
    first = await one.start()
    await one.stop()
    second = await one.start()
    record_property("seconds of the first start and the second", (first, second))
    assert second < WARM_SECONDS, f"{second:.1f} s; the first took {first:.1f} s"


async def test_a_worker_can_be_stopped_while_its_database_is_away(service, postgres_server):
    maintenance = postgres_server.address.replace("/triagebot?", "/postgres?")
    with psycopg.connect(maintenance, autocommit=True) as connection:
        connection.execute("CREATE DATABASE goes_away TEMPLATE triagebot STRATEGY file_copy")
        address = postgres_server.address.replace("/triagebot?", "/goes_away?")
        worker = service("worker", DATABASE_URL=address)
        await worker.start()
        connection.execute("DROP DATABASE goes_away WITH (FORCE)")
    await until(lambda: "lost the database" in worker.output, 10, "the worker to notice")
    process, worker.process = worker.process, None
    process.terminate()
    try:
        assert await asyncio.to_thread(process.wait, 20) == 0
    finally:
        process.kill()
        process.wait()


async def said(one, command):
    """What a command prints, run with the settings of a process."""
    run = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "bot.cli", *command.split()],
        env=one.environment | {"PYTHONPATH": str(ROOT)},
        cwd=one.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout.splitlines()
