"""Archives are imported: decided and recorded in shadow, once, and apart from live mail."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import psycopg
import pytest

from bot.brain import Brain
from bot.importing import ArchiveImport
from bot.mail.addresses import OwnAddresses
from bot.mail.archives import Stored, Unreadable, mails_in
from bot.mail.stored_envelope import from_stored
from bot.reading import MailReader
from handlers.inbound import waiting
from handlers.intake import keep_mail
from handlers.metrics import By, volumes
from handlers.periods import Period
from handlers.receive import judge, receive

US = "dars@triagebot.example"
ROOT = Path(__file__).parents[2]
FROM = "From robin@uni.example Mon Jan  1 10:00:00 2024\n"


def mail(name, body="What does it cost?\n", head=""):
    return (
        f"From: robin@uni.example\nTo: {US}\nSubject: Question {name}\n"
        f"Message-ID: <{name}@uni.example>\n{head}\n{body}"
    )


def mbox(*mails: str):
    return "".join(f"{FROM}{one}\n" for one in mails)


@pytest.fixture
def importer(store, desk, library):
    """The import as it works with no model: rules decide."""
    brain = Brain(None, None, library, ())
    ours = OwnAddresses.of(US)
    return ArchiveImport(
        store,
        desk,
        brain,
        as_accepted=lambda raw: from_stored(raw, ours, US, ""),
        read=MailReader({US}),
        most_bytes=100_000,
    )


@pytest.fixture
def run(importer):
    """Import these paths; gives the summary and what was complained of."""

    async def do(*paths: Path):
        said = []
        report = await importer.run(paths, lambda *_: None, said.append)
        return report.summary, said

    return do


@pytest.fixture
def live(importer, store, desk):
    """Have a mail come in now, and a worker handle it; gives the outcome."""

    async def arrive(text):
        accepted = from_stored(text.encode(), OwnAddresses.of(US), US, "")
        [inbound_id] = await keep_mail(store, [accepted])
        async with store.statement() as unit:
            arrival = importer.read(await waiting(unit, inbound_id))
        judged = judge(importer.brain.decide, arrival.message)
        async with store.unit() as unit:
            return await receive(unit, arrival, judged, desk)

    return arrive


def test_an_mbox_ends_a_message_only_at_a_from_line_with_a_header_below(tmp_path):
    trap = mail("trap", "one\n", head="Content-Length: 99999\n")
    quoted = mail("quoted", ">From here on\n>>From there\nFrom now on I ask:\n\nFrom me\n")
    (tmp_path / "a.mbox").write_text(mbox(trap, quoted, mail("last")))
    found = list(mails_in(tmp_path / "a.mbox", 100_000))
    assert [one.raw.decode() for one in found] == [
        trap,
        quoted.replace(">From here", "From here").replace(">>From", ">From"),
        mail("last"),
    ]


def test_a_maildir_and_a_folder_of_mails_are_read_in_order(tmp_path):
    for part in ("cur", "new", "tmp"):
        (tmp_path / "box" / part).mkdir(parents=True)
    (tmp_path / "box" / "cur" / "1.a:2,S").write_text("first")
    (tmp_path / "box" / "new" / "2.a").write_text("second")
    (tmp_path / "box" / "tmp" / "3.a").write_text("half written")
    assert [one.raw for one in mails_in(tmp_path / "box", 100)] == [b"first", b"second"]
    folder = tmp_path / "mails"
    (folder / "2024").mkdir(parents=True)
    (folder / "2024" / "b.eml").write_text("b")
    (folder / "c.EML").write_text("c")
    (folder / "notes.txt").write_text("no mail")
    assert [one.raw for one in mails_in(folder, 100)] == [b"b", b"c"]


def test_what_is_too_large_or_no_archive_is_named_and_the_rest_goes_on(tmp_path):
    (tmp_path / "a.mbox").write_text(mbox(mail("big", "x" * 500 + "\n"), mail("small")))
    large, small = mails_in(tmp_path / "a.mbox", 400)
    assert large == Unreadable(f"{tmp_path}/a.mbox, message 1", "it has more than 400 bytes")
    assert isinstance(small, Stored)
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n")
    [picture] = mails_in(tmp_path / "picture.png", 400)
    assert picture.why == "it is no mbox: it does not begin with a From line"
    [missing] = mails_in(tmp_path / "nowhere", 400)
    assert missing.why == "No such file or directory"


async def test_imported_mail_is_recorded_and_nothing_leaves(run, tmp_path, database):
    (tmp_path / "a.mbox").write_text(mbox(mail("one"), mail("two")))
    summary, said = await run(tmp_path / "a.mbox")
    assert (summary["read"], summary["new"], summary["known"], said) == (2, 2, 0, [])
    assert sum(summary["by_route"].values()) == 2
    with psycopg.connect(database) as connection:
        made = connection.execute("SELECT outcome, channel FROM decision").fetchall()
        effects = connection.execute(
            "SELECT (SELECT count(*) FROM outgoing), (SELECT count(*) FROM case_record),"
            " (SELECT count(*) FROM procrastinate_jobs)"
        ).fetchall()
        states = connection.execute("SELECT DISTINCT origin, state FROM inbound").fetchall()
    assert made == [("shadow", "import")] * 2
    assert states == [("import", "done")]
    assert effects == [(0, 0, 0)]


async def test_a_second_import_finds_nothing_new_by_whatever_way_it_was_kept(run, tmp_path):
    (tmp_path / "a.mbox").write_text(mbox(mail("one"), mail("two"), mail("one")))
    (tmp_path / "two.eml").write_bytes(b"Received: by another.example\r\n" + mail("two").encode())
    summary, _ = await run(tmp_path / "a.mbox")
    assert (summary["new"], summary["known"]) == (2, 1)
    summary, _ = await run(tmp_path / "a.mbox", tmp_path / "two.eml")
    assert (summary["read"], summary["new"], summary["known"]) == (4, 0, 4)


async def test_live_mail_is_handled_though_the_archive_holds_it(run, live, tmp_path):
    (tmp_path / "one.eml").write_text(mail("one"))
    await run(tmp_path / "one.eml")
    assert (await live(mail("one"))).what == "case"


async def test_imports_join_each_other_and_no_live_enquiry(run, live, tmp_path, database):
    await live(mail("live"))
    reply = mail("reply", head="In-Reply-To: <live@uni.example>\n")
    later = mail("later", head="In-Reply-To: <reply@uni.example>\n")
    (tmp_path / "a.mbox").write_text(mbox(reply, later))
    await run(tmp_path / "a.mbox")
    with psycopg.connect(database) as connection:
        enquiries = connection.execute(
            "SELECT array_agg(message_id ORDER BY id) FROM message"
            " WHERE direction = 'in' GROUP BY enquiry_id ORDER BY enquiry_id"
        ).fetchall()
    assert enquiries == [
        (["<live@uni.example>"],),
        (["<reply@uni.example>", "<later@uni.example>"],),
    ]


async def test_figures_of_live_mail_do_not_count_what_was_imported(run, tmp_path, store):
    (tmp_path / "one.eml").write_text(mail("one"))
    await run(tmp_path / "one.eml")
    today = date.today()
    async with store.unit() as unit:
        assert await volumes(unit, Period(today, today), (By.ROUTE,)) == []


def test_the_command_says_what_failed_and_ends_badly_but_imports_the_rest(empty_database, tmp_path):
    (tmp_path / "a.mbox").write_text(mbox(mail("one")))
    (tmp_path / "bad.mbox").write_text("This is a letter.\n")
    done = subprocess.run(
        [sys.executable, "-m", "bot.cli", "import", "bad.mbox", "a.mbox", "--json"],
        env={
            "PYTHONPATH": str(ROOT),
            "PATH": "",
            "TRIAGEBOT_DATA_DIR": str(tmp_path),
            "TRIAGEBOT_DATABASE_URL": empty_database,
        },
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "bad.mbox: it is no mbox: it does not begin with a From line" in done.stderr
    assert done.stderr.splitlines()[-1] == "triagebot: 1 could not be imported"
    summary = json.loads(done.stdout.splitlines()[-1])
    assert (summary["read"], summary["new"], summary["failed"]) == (2, 1, 1)
