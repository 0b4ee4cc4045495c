"""The page of gaps: what it shows, what can be done there, and who may ask for it."""

import re
from datetime import date, timedelta

import aiohttp
import pytest
from sqlalchemy import select

from handlers.knowledge_tables import Gap, GapState
from handlers.weeks import Week

MONDAY = Week.of(date.today()).monday - timedelta(days=7)
DRAFT = "---\nid: abroad-access\nstatus: draft\n---\n## reply-1\nName the country first.\n"


@pytest.fixture
async def gap(store) -> Gap:
    """Three enquiries, and what officers replied."""
    return await kept(
        store, words=["abroad", "access"], enquiries=[1, 2, 3], draft=DRAFT, examples=["<i>Spain?"]
    )


@pytest.fixture
def own(site) -> dict[str, str]:
    """What a browser says with a form of our own page."""
    return {"Origin": site, "Sec-Fetch-Site": "same-origin"}


async def kept(store, **more: object) -> Gap:
    given = {"week": MONDAY, "examples": [], "draft": "", "detail": {}, "state": GapState.OPEN}
    async with store.unit() as unit:
        gap = Gap(**(given | more))
        unit.session.add(gap)
        await unit.session.flush()
    return gap


async def now(store, gap: Gap) -> Gap:
    async with store.unit() as unit:
        return (await unit.session.execute(select(Gap).where(Gap.id == gap.id))).scalar_one()


async def page(client: aiohttp.ClientSession, path: str = "/gaps") -> str:
    async with client.get(path) as answer:
        assert answer.status == 200
        return await answer.text()


async def send(client, gap, what, headers, **fields: str) -> tuple[int, str]:
    """Send a form of the page as it is now."""
    [drawn, *_] = re.findall(r'name="seen" value="(\w+)"', await page(client))
    form = {"seen": drawn} | fields
    async with client.post(f"/gaps/{gap.id}/{what}", data=form, headers=headers) as answer:
        return answer.status, await answer.text()


async def test_before_any_gap_the_page_says_how_they_come_about(client):
    assert "Gaps are looked for each morning" in await page(client)


async def test_gaps_are_shown_largest_first_with_words_examples_and_draft(client, store, gap):
    await kept(store, words=["thesis"], enquiries=[4, 5, 6, 7])
    text = await page(client)
    assert re.findall(r"(\d+) enquiries: ([\w, ]+)<", text) == [
        ("4", "thesis"),
        ("3", "abroad, access"),
    ]
    assert "&lt;i&gt;Spain?" in text
    assert f">\n{DRAFT}</textarea>" in text
    assert "No officer has replied yet" in text


async def test_a_week_is_chosen_by_its_number(client, store, gap):
    earlier = Week(MONDAY - timedelta(days=7))
    await kept(store, week=earlier.monday, words=["earlier"], enquiries=[8, 9])
    assert "earlier" not in await page(client)
    assert "2 enquiries: earlier" in await page(client, f"/gaps?week={earlier.name}")
    async with client.get("/gaps?week=<b>") as answer:
        assert answer.status == 400
        assert "&lt;b&gt;" in await answer.text()


async def test_an_edited_draft_is_kept_with_the_ends_of_lines_of_files(client, store, gap, own):
    status, text = await send(client, gap, "draft", own, draft="One.\r\nTwo.")
    assert status == 200
    assert "The draft is saved" in text
    after = await now(store, gap)
    assert (after.state, after.draft) == ("drafted", "One.\nTwo.\n")


async def test_a_dismissed_gap_shows_why(client, store, gap, own):
    status, text = await send(client, gap, "dismiss", own, note="Charges <change> in May.")
    assert status == 200
    assert "Charges &lt;change&gt; in May." in text
    assert (await now(store, gap)).state == "dismissed"


async def test_a_gap_is_dismissed_with_a_note_only(client, store, gap, own):
    status, text = await send(client, gap, "dismiss", own, note="  ")
    assert status == 400
    assert "Please say in a note" in text
    assert (await now(store, gap)).state == "open"


async def test_a_closed_gap_names_its_article_and_then_what_it_brought(client, store, gap, own):
    status, text = await send(client, gap, "publish", own, article="charges-guidance")
    assert status == 200
    assert "<strong>charges-guidance</strong>" in text
    assert "measured from the next morning" in text
    async with store.unit() as unit:
        closed = await unit.session.get_one(Gap, gap.id)
        side = {"enquiries": 9, "answered": 0}
        effect = {"before": side, "after": {"enquiries": 8, "answered": 7}, "days": 7}
        closed.detail = closed.detail | {"effect": effect}
    cells = re.findall(r'<th scope="row">([\w ]+)</th><td>(\d+)</td><td>(\d+)', await page(client))
    assert cells == [("The week before", "9", "0"), ("The week after", "8", "7")]


async def test_an_article_that_nobody_approved_closes_nothing(client, store, gap, own):
    status, text = await send(client, gap, "publish", own, article="made-up")
    assert status == 400
    assert "no approved article" in text
    assert (await now(store, gap)).state == "open"


async def test_what_was_decided_on_an_old_page_is_not_done(client, store, gap, own):
    drawn = re.findall(r'name="seen" value="(\w+)"', await page(client))[0]
    await send(client, gap, "draft", own, draft="Mine.")
    status, text = await send(client, gap, "dismiss", own, seen=drawn, note="Not needed.")
    assert status == 409
    assert "changed in the meantime" in text
    assert (await now(store, gap)).draft == "Mine.\n"


async def test_a_draft_that_comes_too_late_is_given_back(client, gap, own):
    drawn = re.findall(r'name="seen" value="(\w+)"', await page(client))[0]
    await send(client, gap, "draft", own, draft="Mine.")
    status, text = await send(client, gap, "draft", own, seen=drawn, draft="Theirs <b>.")
    assert status == 409
    assert "Theirs &lt;b&gt;.</textarea>" in text


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "null"},
        {},
    ],
)
async def test_a_form_of_another_site_does_nothing(client, store, gap, headers):
    status, text = await send(client, gap, "dismiss", headers, note="Not needed.")
    assert status == 403
    assert "Another site" in text
    assert (await now(store, gap)).state == "open"


async def test_a_gap_that_is_not_there_and_an_act_that_is_not_known_have_a_page(
    client, store, gap, own
):
    for path, status in ((f"/gaps/{gap.id}/burn", 404), ("/gaps/987654/dismiss", 404)):
        async with client.post(path, data={"note": "x", "seen": "y"}, headers=own) as answer:
            assert answer.status == status
    async with client.get(f"/gaps/{gap.id}/dismiss") as answer:
        assert answer.status == 405


async def test_the_page_keeps_the_guards_of_all_pages(client, gap):
    async with client.get("/gaps") as answer:
        policy = answer.headers["Content-Security-Policy"]
        text = await answer.text()
    assert policy.startswith("default-src 'none'")
    assert "script-src" not in policy
    assert "<script" not in text
    assert " style=" not in text


async def test_every_field_has_a_label_and_every_button_says_for_which_gap(client, store, gap):
    await kept(store, words=["thesis"], enquiries=[4, 5])
    text = await page(client)
    fields = re.findall(r'<(?:textarea|input) id="([\w-]+)"', text)
    assert sorted(fields) == sorted(re.findall(r'<label for="([\w-]+)"', text))
    assert len(fields) == len(set(fields)) == 6
    buttons = re.findall(r"<button[^>]*>([^<]+)<", text)
    assert len(set(buttons)) == len(buttons) == 6
