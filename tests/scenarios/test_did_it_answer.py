"""An enquirer is asked below an answer whether it helped; what they say reaches officers once."""

import asyncio
import json
import re
import subprocess
import sys

import aiohttp
import pytest
import pytest_asyncio
from scenarios.desk import open_desk
from scenarios.enquiries import ALL, ANSWER, reference_of, text_of
from scenarios.service import ROOT, post

pytestmark = pytest.mark.asyncio(loop_scope="module")

PUBLIC = "https://answers.example/triage"
LINK = re.compile(re.escape(PUBLIC) + r"(/feedback/(yes|no|person)/[0-9a-f-]+)")
QUESTION = next(one for one in ALL if one.outcome == ANSWER and one.article)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def desk():
    """A service desk whose pages people reach by a proxy."""
    async with open_desk({"WEB_PUBLIC_URL": PUBLIC}) as opened:
        yield opened


async def test_a_scanner_follows_each_link_and_changes_nothing_and_a_no_makes_one_case(desk):
    answer, paths = await answered(desk, "no")
    reference = reference_of(answer)
    assert [said for _, said in paths] == ["yes", "no", "person"]
    page = text_of(answer, "html")
    assert all(f'<a href="{PUBLIC}{path}">' in page for path, _ in paths)
    for method in ("HEAD", "GET", "GET"):
        for path, _ in paths:
            assert await fetched(desk, method, path) == 200
    assert desk.service.rows("SELECT 1 FROM feedback") == []
    assert desk.card_of(reference) is None

    no = next(path for path, said in paths if said == "no")
    for _ in range(2):
        assert await fetched(desk, "POST", no) == 200
    await desk.card(reference, "New", "our answer did not help", QUESTION.text[:40])
    assert desk.service.rows("SELECT said FROM feedback") == [("no",)]
    assert desk.service.rows("SELECT count(*) FROM case_record") == [(1,)]
    asked = QUESTION.mail("no")
    await asyncio.sleep(0.5)
    assert len(desk.replies_to(asked)) == 2, "the answer and one acknowledgement"

    person = next(path for path, said in paths if said == "person")
    assert await fetched(desk, "POST", person) == 200
    card = await desk.card(reference, "asked for a person")
    async with asyncio.timeout(5):
        while not desk.thread_of(card):  # noqa: ASYNC110  what is waited for is another process's doing
            await asyncio.sleep(0.05)
    assert "I need to hear from a person" in desk.thread_of(card)[0]


async def test_the_record_shows_the_mail_to_the_letter_and_what_became_of_it(desk):
    answer, paths = await answered(desk, "yes")
    assert await fetched(desk, "POST", next(path for path, said in paths if said == "yes")) == 200
    [(kept,)] = desk.service.rows(
        "SELECT o.sent_copy FROM outgoing o JOIN enquiry e ON e.id = o.enquiry_id"
        " WHERE e.reference = %s AND o.kind = 'answer'",
        reference_of(answer),
    )
    assert answer.raw.endswith(kept), "what the relay took, but for the trace that it put on top"
    done = await command(desk, "answer", "show", reference_of(answer), "--json")
    record = json.loads(done.stdout.splitlines()[-1])
    [sent] = record["answers"]
    assert sent["text"].strip() == text_of(answer).replace("\r\n", "\n").strip()
    assert sent["subject"] == answer.subject
    assert (sent["state"], sent["is_copy"], sent["approved_by"]) == ("sent", True, None)
    assert sent["to"] == answer.envelope_to[0]
    assert [one["said"] for one in sent["feedback"]] == ["yes"]
    assert QUESTION.article in {one["article"] for one in sent["passages"]}
    assert all(len(one["sha256"]) == 64 and one["score"] > 0 for one in sent["passages"])
    assert sent["ground"]["model"]
    assert 0 < sent["ground"]["confidence"] <= 1
    shown = (await command(desk, "answer", "show", reference_of(answer).lower())).stdout
    assert "nobody, it was automatic" in shown
    assert text_of(answer).replace("\r\n", "\n").strip() in shown


async def test_an_unknown_reference_is_one_line_and_a_failure(desk):
    done = await command(desk, "answer", "show", "ENQ-000000-0000")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "triagebot: there is no enquiry ENQ-000000-0000\n"


async def answered(desk, way):
    """An answer to the question, and the (path, what it says) of its links."""
    asked = QUESTION.mail(way)
    await asyncio.to_thread(post, desk.service.port("mail"), asked)
    answer = await desk.reply_to(asked)
    return answer, LINK.findall(text_of(answer))


async def fetched(desk, method, path):
    """The status of a page as the proxy fetches it."""
    address = f"http://127.0.0.1:{desk.service.port('dashboard')}{path}"
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, address, headers={"Host": "answers.example"}) as answer,
    ):
        return answer.status


async def command(desk, *arguments: str):
    """Run a command of ours beside the service, on its database."""
    environment = desk.service.environment | {
        "PYTHONPATH": str(ROOT),
        "TRIAGEBOT_DATABASE_URL": desk.service.database,
        "COLUMNS": "200",
    }
    return await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "bot.cli", *arguments],
        env=environment,
        cwd=desk.service.folder,
        capture_output=True,
        text=True,
        check=False,
    )
