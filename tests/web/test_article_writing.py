"""The form in which an article is written: what is refused, what is kept, and from which gap."""

import re
from datetime import date, timedelta
from html import unescape

import aiohttp
import pytest

from handlers.article_decisions import Deciding, Seen, retire
from handlers.articles import record
from handlers.knowledge_tables import Gap, GapState
from handlers.unit import Store
from triage.gap_draft import Asked, Reply, draft

OWN = {"Sec-Fetch-Site": "same-origin"}
NEW = "/knowledge/new"
ASKED = "\n".join(f"can i pay in {number} parts" for number in range(2, 10))


def fees(**change: str) -> dict[str, str]:
    """What a browser sends of a form that is filled in, its last rows empty."""
    return {
        "do": "save",
        "title": "Fees in instalments",
        "topic": "charges-guidance",
        "owner": "DARS enquiries lead",
        "effective_from": date.today().isoformat(),
        "review_by": (date.today() + timedelta(days=90)).isoformat(),
        "passages.0.heading": "Can I pay in instalments?",
        "passages.0.text": "No. The whole fee is due\r\nonce.",
        "passages.0.questions": ASKED,
        "passages.0.sources.0.url": "https://digital.nhs.uk/services",
        "passages.0.sources.0.kind": "dated",
        "passages.0.sources.0.day": "2026-05-06",
        "passages.0.sources.1.url": "",
        "passages.0.sources.1.kind": "dated",
        "passages.0.sources.1.day": "",
        "author": "Ana Whitlock",
        "note": "asked each week",
        **change,
    }


async def post(
    client: aiohttp.ClientSession, form: dict[str, str], path: str = NEW
) -> tuple[int, str]:
    async with client.post(path, data=form, headers=OWN) as answer:
        return answer.status, await answer.text()


def values(html: str) -> dict[str, str]:
    """What the fields of a page hold, by name."""
    found = {}
    for tag in re.findall(r"<input[^>]*>", html):
        name, value = re.search(r' name="([^"]+)"', tag), re.search(r' value="([^"]*)"', tag)
        if name and value:
            found[name[1]] = unescape(value[1])
    for name, value in re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>\n([^<]*)<', html):
        found[name] = unescape(value)
    return found


@pytest.fixture
async def gap(store: Store) -> Gap:
    """A gap with the draft that the service makes of an officer's reply."""
    text = draft(
        ["abroad", "access", "server"],
        "data-access",
        [Asked("Abroad", ("Can I use the data from Spain?",))],
        [Reply("Please name the country in your application first.", ())],
        today=date.today(),
        encoder=None,
    )
    async with store.unit() as unit:
        gap = Gap(
            week=date(2026, 11, 16),
            words=["abroad", "access"],
            enquiries=[1, 2],
            examples=["Spain?"],
            draft=text,
            detail={},
            state=GapState.OPEN,
        )
        unit.session.add(gap)
    return gap


async def test_a_new_article_is_kept_as_a_draft_of_its_author(client, store: Store) -> None:
    status, html = await post(client, fees())
    assert status == 200
    assert "It is not used before it is approved" in html
    assert "Ana Whitlock" in html
    assert "asked each week" in html
    async with store.unit() as unit:
        one = await record(unit, "fees-in-instalments")
    assert one.used is None
    assert one.draft.passages[0].text == "No. The whole fee is due once."


async def test_every_fault_is_named_and_nothing_that_was_typed_is_lost(client, store) -> None:
    sent = fees(
        title='<b>Fees</b> & "more"',
        id="Fees!",
        review_by="2020-01-01",
        author="",
        **{
            "passages.0.questions": "once?",
            "passages.0.sources.0.url": "nhs.uk",
            "links.0.text": "Fees",
        },
    )
    status, html = await post(client, sent)
    assert status == 422
    wrong = set(re.findall(r'id="([\w.]+)-fault"', html))
    assert wrong == {
        "id",
        "review_by",
        "author",
        "links.0.url",
        "passages.0.questions",
        "passages.0.sources.0.url",
    }
    for name in wrong:
        assert f'aria-describedby="{name}-fault"' in html
        assert f'<a href="#{name}">' in html
    kept = values(html)
    for name, value in sent.items():
        if name in kept and name != "do":
            assert kept[name] == value.replace("\r\n", "\n"), name
    async with store.unit() as unit:
        assert await record(unit, "fees") is None


async def test_an_article_that_is_there_is_not_begun_again(client) -> None:
    for change in ({"id": "contact"}, {"id": "new"}):
        status, html = await post(client, fees(**change))
        assert status == 422
        assert f"There is an article {change['id']} already." in html


async def test_one_that_changed_since_it_was_seen_is_refused_and_what_was_typed_kept(
    client, store: Store
) -> None:
    async with client.get("/knowledge/contact/edit") as answer:
        form = values(await answer.text())
    async with store.unit() as unit:
        await retire(unit, Deciding("contact", Seen(0, 1), "Ben Osei", "moved"))
    form |= {"passages.0.text": "My own words.", "author": "Ana Whitlock", "topic": "contact"}
    status, html = await post(client, form, "/knowledge/contact/edit")
    assert status == 409
    assert "Ben Osei retired version 1 («moved»)" in html
    assert values(html)["passages.0.text"] == "My own words."


async def test_a_form_of_an_article_that_is_not_there_is_refused_on_a_page_of_its_own(
    client,
) -> None:
    status, html = await post(client, fees(decision="0", version="1"), "/knowledge/weather/edit")
    assert status == 404
    assert "There is no article with the id" in html
    assert "The whole fee is due" in html
    async with client.get("/knowledge/weather/edit") as answer:
        assert answer.status == 404


async def test_a_form_of_another_site_keeps_nothing(client, store: Store) -> None:
    async with client.post(NEW, data=fees(), headers={"Sec-Fetch-Site": "cross-site"}) as answer:
        assert answer.status == 403
    async with store.unit() as unit:
        assert await record(unit, "fees-in-instalments") is None


async def test_a_gaps_draft_is_where_its_article_begins(client, store: Store, gap: Gap) -> None:
    async with client.get("/gaps") as answer:
        assert f'href="/knowledge/new?gap={gap.id}"' in await answer.text()
    async with client.get(f"{NEW}?gap={gap.id}") as answer:
        form = values(await answer.text())
    assert form["passages.0.text"] == "Please name the country in your application first."
    assert form["passages.0.questions"] == "Can I use the data from Spain?"
    given = fees(gap=form["gap"], id=form["id"])
    given["passages.0.text"] = form["passages.0.text"]
    status, _ = await post(client, given)
    assert status == 200
    async with client.get("/gaps") as answer:
        html = await answer.text()
    assert f'<a href="/knowledge/{form["id"]}">' in html
    assert f'name="article" value="{form["id"]}"' in html
    async with store.unit() as unit:
        assert (await unit.session.get(Gap, gap.id)).state == GapState.DRAFTED


@pytest.mark.parametrize("number", ["0", "x", "9" * 30])
async def test_a_gap_that_is_not_there_begins_nothing(client, number: str) -> None:
    async with client.get(f"{NEW}?gap={number}") as answer:
        assert answer.status == 404
