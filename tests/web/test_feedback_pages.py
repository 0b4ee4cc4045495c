"""The pages behind the links below an answer: a GET shows, a POST counts, nothing else does."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from pydantic import ValidationError
from sqlalchemy import select
from web.ledger import Ledger

from bot.settings import Settings
from bot.web.app import create_app
from bot.web.health import TriageStatus
from bot.web.server import WebServer
from handlers.desk import Desk
from handlers.feedback_links import token_of
from handlers.knowledge_tables import Feedback
from handlers.tables import Outgoing, OutgoingState
from handlers.unit import Store

SETTINGS = Settings(contact_dars="help@dars.example")


@pytest.fixture
async def asking(store: Store, desk: Desk) -> AsyncIterator[aiohttp.ClientSession]:
    """Asks the pages of a deployment that takes what enquirers say."""
    app = create_app(store, SETTINGS, TriageStatus(model="m1", has_encoder=True), desk)
    server = WebServer(app, "127.0.0.1", 0)
    address = await server.start()
    async with aiohttp.ClientSession(address) as session:
        yield session
    await server.stop()


@pytest.fixture
async def token(store: Store, ledger: Ledger, desk: Desk) -> str:
    """The token of an answer that was sent."""
    await ledger.effect(OutgoingState.SENT)
    async with store.unit() as unit:
        number = (await unit.session.execute(select(Outgoing.id))).scalar_one()
    return token_of(number, desk.signing_key)


async def _said(store: Store) -> list[str]:
    async with store.unit() as unit:
        return list((await unit.session.execute(select(Feedback.said))).scalars())


async def test_what_a_scanner_fetches_counts_nothing(
    asking: aiohttp.ClientSession, store: Store, token: str
) -> None:
    for said in ("yes", "no", "person"):
        for method in ("GET", "HEAD", "GET"):
            async with asking.request(method, f"/feedback/{said}/{token}") as answer:
                assert answer.status == 200
                assert answer.headers["X-Robots-Tag"].startswith("noindex")
                assert answer.headers["Cache-Control"] == "no-store"
                page = await answer.text()
                assert ('<form method="post">' in page) == (method == "GET")
                assert "<script" not in page
    assert await _said(store) == []


async def test_the_button_counts_once_however_often_it_is_pressed(
    asking: aiohttp.ClientSession, store: Store, token: str
) -> None:
    for _ in range(2):
        async with asking.post(f"/feedback/yes/{token}") as answer:
            assert answer.status == 200
            assert "Thank you" in await answer.text()
    assert await _said(store) == ["yes"]


async def test_whoever_presses_is_told_where_the_enquiry_stands_and_no_more(
    asking: aiohttp.ClientSession, token: str
) -> None:
    async with asking.post(f"/feedback/yes/{token}") as answer:
        page = await answer.text()
    assert "Where your enquiry stands: We have answered it.</p>" in page


async def test_a_page_tells_nothing_of_the_enquiry(
    asking: aiohttp.ClientSession, token: str
) -> None:
    async with asking.post(f"/feedback/yes/{token}") as answer:
        page = await answer.text()
    for word in ("ann@example.org", "Ann Example", "ENQ-"):
        assert word not in page


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "path",
    [
        "yes/1-00000000000000000000000000000000",
        "yes/TOKEN0",
        "maybe/TOKEN",
        "yes/ENQ-7K3MQD-4T9P",
        "yes",
        "yes/TOKEN/more",
    ],
)
async def test_a_link_that_we_did_not_sign_changes_nothing_and_says_how_to_reach_a_person(
    asking: aiohttp.ClientSession, store: Store, token: str, method: str, path: str
) -> None:
    async with asking.request(method, f"/feedback/{path.replace('TOKEN', token)}") as answer:
        assert answer.status == 404
        page = await answer.text()
    assert "help@dars.example" in page
    assert SETTINGS.telephone in page
    assert 'href="/' not in page
    assert await _said(store) == []


async def test_a_link_to_an_answer_that_is_gone_does_not_work(
    asking: aiohttp.ClientSession, desk: Desk
) -> None:
    async with asking.post(f"/feedback/yes/{token_of(404, desk.signing_key)}") as answer:
        assert answer.status == 404


async def test_a_large_body_is_refused_and_counts_nothing(
    asking: aiohttp.ClientSession, store: Store, token: str
) -> None:
    async with asking.post(f"/feedback/yes/{token}", data=b"x" * 100_000) as answer:
        assert answer.status == 413
    assert await _said(store) == []


async def test_the_looks_of_a_page_lie_below_the_same_path(
    asking: aiohttp.ClientSession, token: str
) -> None:
    async with asking.get(f"/feedback/no/{token}") as answer:
        assert 'href="../static/style.css"' in await answer.text()
    async with asking.get("/feedback/static/style.css") as answer:
        assert answer.status == 200


@pytest.mark.parametrize("wrong", ["answers.example", "https://", "https://a.example/?page=1", ""])
def test_an_address_that_no_link_can_be_made_of_is_refused_at_the_start(wrong: str) -> None:
    with pytest.raises(ValidationError):
        Settings(web_public_url=wrong)


async def test_without_a_desk_there_are_no_such_pages(
    client: aiohttp.ClientSession, token: str
) -> None:
    async with client.post(f"/feedback/yes/{token}") as answer:
        assert answer.status == 404


async def test_the_dashboard_and_prometheus_count_what_was_said(
    asking: aiohttp.ClientSession, token: str
) -> None:
    async with asking.post(f"/feedback/yes/{token}"):
        pass
    async with asking.get("/") as answer:
        page = await answer.text()
    assert "1 of 1 sent: the enquirer said that it helped" in page
    assert "0 without a word for 5 working days" in page
    async with asking.get("/metrics") as answer:
        figures = await answer.text()
    assert 'triagebot_answers_30_days{how="confirmed"} 1.0' in figures
    assert 'triagebot_answers_30_days{how="waiting"} 0.0' in figures
