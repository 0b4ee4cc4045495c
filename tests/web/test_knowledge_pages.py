"""The knowledge owner's pages over real HTTP: what is shown, and what a form may do."""

import re

import aiohttp
import pytest
from shipped import shipped
from sqlalchemy import func, select
from web.ledger import Ledger

from handlers.article_decisions import Deciding, Seen, save_draft
from handlers.articles import record
from handlers.knowledge_tables import ArticleEvent, Feedback
from handlers.tables import Outgoing, OutgoingState
from handlers.unit import Store
from knowledge.articles import read_articles

ARTICLE = "ndrs-total-cost"
FIRST = shipped(ARTICLE)
NEXT = FIRST + 1
PATH = f"/knowledge/{ARTICLE}"
OWN = {"Sec-Fetch-Site": "same-origin"}


async def page(client: aiohttp.ClientSession, path: str = PATH) -> str:
    async with client.get(path) as answer:
        assert answer.status == 200
        assert "script-src" not in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "no-store"
        return await answer.text()


def form_of(html: str, **fields: str) -> dict[str, str]:
    """What the page's forms send, and what the owner fills in."""
    seen = {
        name: re.search(rf'name="{name}" value="(\d+)"', html)[1]
        for name in ("decision", "version")
    }
    return {**seen, "author": "Ana Whitlock", "note": "", **fields}


async def post(client, what: str, form: dict[str, str], headers=OWN) -> tuple[int, str]:
    async with client.post(f"{PATH}/{what}", data=form, headers=headers) as answer:
        return answer.status, await answer.text()


async def text_of(store: Store) -> str:
    async with store.unit() as unit:
        one = await record(unit, ARTICLE)
    return one.used.text.replace(f"version: {FIRST}", f"version: {NEXT}").replace(
        "status: approved", "status: draft"
    )


async def test_all_articles_are_listed_with_state_owner_and_review(client) -> None:
    html = await page(client, "/knowledge")
    assert html.count('<th scope="row"') == len(read_articles())
    assert "DARS enquiries lead" in html
    assert "28 Feb 2027" in html
    assert "passages lack a setting" in html


async def test_use_and_help_are_counted_from_the_answers(
    client, store: Store, ledger: Ledger
) -> None:
    for _ in range(3):
        await ledger.effect(OutgoingState.SENT)
    async with store.unit() as unit:
        answers = list((await unit.session.execute(select(Outgoing))).scalars())
        for one in answers:
            # Two passages of one article are one use.
            one.payload = {"content": {"parts": [{"article": ARTICLE}, {"article": ARTICLE}]}}
        unit.session.add(Feedback(outgoing_id=answers[0].id, said="yes"))
        unit.session.add(Feedback(outgoing_id=answers[1].id, said="yes"))
        unit.session.add(Feedback(outgoing_id=answers[1].id, said="person"))
    html = await page(client)
    assert "3 in 90 days" in html
    assert "1 of 2 who said" in html


async def test_a_passage_is_shown_with_its_placeholders_filled(client) -> None:
    assert "only an estimate of what it costs" in await page(client)
    html = await page(client, "/knowledge/contact")
    assert "[contact_dars is not set]" in html
    assert "Not sent: no setting for contact_dars" in html


async def test_the_whole_reply_is_shown_as_text_and_as_html_in_a_frame(client) -> None:
    html = await page(client, f"{PATH}/mail?passage=estimate")
    assert "This is an automatic answer from our approved guidance." in html
    assert "only an estimate of what it costs" in html
    assert "Please do not base a budget" not in html
    frame = re.search(r'<iframe[^>]* src="([^"]+)"', html)[1].replace("&amp;", "&")
    async with client.get(frame) as answer:
        mail, policy = await answer.text(), answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "<h1>DARS</h1>" in mail
    assert "only an estimate of what it costs" in mail
    assert "Please do not base a budget" not in mail
    assert "sandbox" in policy
    assert "default-src 'none'" in policy


async def test_what_needs_its_owner_is_counted_and_shown_alone(client, store) -> None:
    html = await page(client, "/knowledge?show=unsent")
    assert "How to reach the team" in html
    assert "Total Cost&#39; on an application" not in html
    text = await text_of(store)
    await post(client, "draft", form_of(await page(client), text=text))
    html = await page(client, "/knowledge?show=drafts")
    assert html.count('<th scope="row"') == 1
    assert f"Draft of version {NEXT} waits" in html


async def test_a_draft_is_saved_compared_approved_and_in_the_history(client, store) -> None:
    text = (await text_of(store)).replace("only an estimate", "only a <guess>")
    html = await page(client)
    status, html = await post(client, "draft", form_of(html, text=text, note="clearer"))
    assert status == 200
    assert "It is not used before it is approved" in html
    assert re.search(r"<del>an\s+estimate</del>|<del>an</del>", html)
    assert "&lt;guess&gt;</ins>" in html
    async with store.unit() as unit:
        assert (await record(unit, ARTICLE)).used.front.version == FIRST
    status, html = await post(client, "approve", form_of(html, note="read against the page"))
    assert "Answers use it within seconds" in html
    assert "by Ana Whitlock" in html
    assert "read against the page" in html
    async with store.unit() as unit:
        assert (await record(unit, ARTICLE)).used.front.version == NEXT


async def test_a_retired_article_is_shown_as_such(client) -> None:
    _, html = await post(client, "retire", form_of(await page(client), note="prices are out"))
    assert '<span class="tag plain">Retired</span>' in html
    assert "prices are out" in html
    assert "Retire this article" not in html


async def test_a_stale_form_is_refused_says_what_changed_and_keeps_what_was_typed(
    client, store
) -> None:
    html = await page(client)
    old = form_of(html, text=(await text_of(store)).replace("estimate of", "my own words for"))
    await post(client, "retire", form_of(html, author="Ben Osei", note="prices are out"))
    status, html = await post(client, "draft", old)
    assert status == 409
    assert f"Ben Osei retired version {FIRST} («prices are out»)" in html
    assert "my own words for" in html


async def test_a_text_that_breaks_the_form_is_refused_and_says_where(client, store) -> None:
    text = (await text_of(store)).replace("review_by: 2027", "review_by: soon")
    status, html = await post(client, "draft", form_of(await page(client), text=text))
    assert status == 422
    assert "review_by: Input should be a valid date" in html


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "http://elsewhere.example"},
        {"Origin": "null"},
        {},
    ],
)
async def test_a_form_of_another_site_does_nothing(client, store, headers) -> None:
    form = form_of(await page(client), note="gone")
    status, _ = await post(client, "retire", form, headers)
    assert status == 403
    async with store.unit() as unit:
        assert (await unit.session.execute(select(func.count(ArticleEvent.id)))).scalar_one() == 0


async def test_a_browser_without_the_newer_header_is_known_by_its_origin(client, site) -> None:
    form = form_of(await page(client), note="gone")
    status, _ = await post(client, "retire", form, {"Origin": site})
    assert status == 200


async def test_a_form_that_is_too_large_is_not_read(client) -> None:
    status, _ = await post(client, "draft", form_of(await page(client), text="x" * 500_000))
    assert status == 413


@pytest.mark.parametrize(
    ("what", "decision", "status"),
    [("approve", 0, 404), ("retire", 0, 404), ("draft", 7, 404), ("draft", 0, 422)],
)
async def test_a_refused_form_of_an_article_that_is_not_there_has_a_page_of_its_own(
    client, what, decision, status
) -> None:
    form = {
        "decision": f"{decision}",
        "version": "0",
        "author": "Ana Whitlock",
        "note": "why not",
        "text": "my <own> words",
    }
    async with client.post(f"/knowledge/weather/{what}", data=form, headers=OWN) as answer:
        html = await answer.text()
        assert answer.status == status
    assert "Nothing was done" in html
    assert "weather" in html
    assert "my &lt;own&gt; words" in html
    assert "To all articles" in html


async def test_there_is_no_page_of_an_article_that_is_not_there(client) -> None:
    for path in ("/knowledge/weather", f"{PATH}/burn"):
        async with client.post(path, headers=OWN) as answer:
            assert answer.status in {404, 405}
    async with client.get("/knowledge/weather") as answer:
        assert answer.status == 404


async def test_an_article_that_is_new_is_drafted_shown_and_approved(client, store) -> None:
    text = (await text_of(store)).replace(f"version: {NEXT}", "version: 1")
    text = text.replace("id: ndrs-total-cost", "id: total-cost-anew")
    async with store.unit() as unit:
        await save_draft(unit, Deciding("total-cost-anew", Seen(0, 0), "Ana Whitlock", ""), text)
    path = "/knowledge/total-cost-anew"
    html = await page(client, path)
    assert "Not in use yet" in html
    assert "Nothing yet: it is new" in html
    assert "Retire this article" not in html
    assert "Not in use yet" in await page(client, "/knowledge")
    async with client.post(f"{path}/approve", data=form_of(html), headers=OWN) as answer:
        assert "Version 1, as it is sent" in await answer.text()
