"""A day of four officers with 60 cases: absences, merges, spam, an outage; nothing is lost.

Through the real service, its mail, and the pretend Slack, over Socket Mode and over HTTP.
"""

import asyncio
from collections import Counter

import pytest
import pytest_asyncio
from scenarios.desk import install, open_desk
from scenarios.desk_work import Work
from scenarios.enquiries import text_of
from scenarios.service import until

from bot.slack import names
from bot.slack.app import EVENTS_PATH

OFFICERS = ("asha", "tom", "mei", "ruth")
UNSENT = (
    "SELECT key, error FROM outgoing WHERE state <> 'sent'"
    " AND NOT (kind = 'card' AND state = 'ready' AND key ~ 'card:[0-9]+:[0-9a-f-]{36}$')"
)
"""What waits to leave, but for cards that are drawn anew some minutes after a reply was begun."""
DAY = {"BRAKE_MAILS": "1000", "TEAMS": '{"Records": "records@dars.example"}'}

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.long, pytest.mark.timeout(900)]


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["socket mode", "http"])
async def work(request):
    """A desk on a morning."""
    if request.param == "socket mode":
        async with open_desk(DAY) as opened:
            yield Work(opened)
        return
    async with open_desk(DAY, without=("SLACK_APP_TOKEN",), signed=True) as opened:
        port = opened.service.port("dashboard")
        install(opened.slack, f"http://127.0.0.1:{port}{EVENTS_PATH}")
        yield Work(opened)


async def test_a_day_of_sixty_cases_and_four_officers(work):
    references = await work.ask(57)
    shares = {who: references[at::4] for at, who in enumerate(OFFICERS)}
    await asyncio.gather(*(claim_all(work, who, mine[:12]) for who, mine in shares.items()))
    await asyncio.gather(*(reply_to(work, who, mine[:5]) for who, mine in shares.items()))

    # Asha goes on leave and hands over what she has not answered.
    for at, reference in enumerate(shares["asha"][5:12]):
        to = work.desk.officer_id(("mei", "tom")[at % 2])
        values = {names.PERSON: to, names.FIELD: "I am on leave from noon."}
        await work.fill("asha", reference, names.HAND_OVER, "hand_over", **values)

    tom, mei, ruth = shares["tom"], shares["mei"], shares["ruth"]
    merged = [(tom[5], tom[6]), (mei[5], mei[6])]
    for one, into in merged:
        work.done[into].append("absorb")
        await work.choose("tom", one, "merge", **{names.FIELD: into})
    await work.choose("ruth", ruth[5], "mark_duplicate", **{names.FIELD: ruth[6]})
    for reference in ruth[7:9]:
        await work.choose("ruth", reference, "mark_spam", **{names.FIELD: ["spam"]})
    team = {names.FIELD: "Records", "note": "Yours, I think."}
    await work.choose("ruth", ruth[9], "send_to_team", **team)
    await work.choose("mei", mei[7], "set_priority", **{names.FIELD: "urgent"})
    await work.choose("mei", mei[8], "note", **{names.FIELD: "They will ring at four."})

    # Slack is away for a while; people go on writing.
    await work.desk.slack.start_outage()
    late = await work.ask(3)
    assert len(work.desk.cards) == 57
    work.desk.slack.end_outage()
    if work.desk.slack.app.request_url is None:
        async with asyncio.timeout(60):
            await work.desk.slack.delivery.sockets.connected()
    for reference in late:
        await work.desk.card(reference, seconds=120)
        await work.press("ruth", reference, names.CLAIM, "claim")
    for who in OFFICERS[:2]:
        for reference in shares[who][:3]:
            await work.write_again(reference, "Thank you. And when does it meet next?")
            values = {names.FIELD: "answered"}
            await work.fill(who, reference, names.RESOLVE, "resolve", **values)

    await everything_is_accounted_for(work, merged)


async def claim_all(work, who, references):
    for reference in references:
        await work.press(who, reference, names.CLAIM, "claim")


async def reply_to(work, who, references):
    for reference in references:
        text = f"Dear enquirer,\n\nWe have looked into {reference} for you.\n\nKind regards"
        await work.fill(who, reference, names.REPLY, "reply", **{names.FIELD: text})


async def everything_is_accounted_for(work, merged):
    desk, gone = work.desk, {one for one, _ in merged}
    assert len(work.asked) == 60
    for reference, expected in work.done.items():
        assert work.events(reference) == expected
    assert len(desk.cards) == 60, "a card for each case, and none twice"
    await until(lambda: not desk.service.rows(UNSENT), 90, "all that was to leave")
    mails = desk.mailbox.newest()
    for reference in work.replied:
        holds = [one for one in mails if f"looked into {reference} for you" in text_of(one)]
        assert len(holds) == 1, f"{reference} has {len(holds)} replies"
    acknowledged = Counter(one.headers.get("In-Reply-To") for one in mails)
    for reference, asked in work.asked.items():
        assert acknowledged[str(asked["Message-ID"])] >= 1, f"{reference} was not acknowledged"
    await until(
        lambda: len(desk.mailbox.newest("records@dars.example")) == 1, 20, "the team's mail"
    )
    kept = desk.service.rows("SELECT count(*) FROM message WHERE direction = 'in'")
    assert kept == [(66,)], "every mail is kept once"
    for one in gone:
        [(into,)] = desk.service.rows(
            "SELECT o.reference FROM enquiry e JOIN enquiry o ON o.id = e.merged_into"
            " WHERE e.reference = %s",
            one,
        )
        assert dict(merged)[one] == into
