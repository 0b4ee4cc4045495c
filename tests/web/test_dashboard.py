"""The dashboard as it is served: its numbers, its guards, and what it says when it has none."""

import asyncio
import re
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from web.ledger import Ledger, NoJobs

from bot.settings import Settings
from bot.web.app import WebError, check, create_app
from bot.web.health import TriageStatus
from bot.web.server import WebServer
from handlers.tables import CaseState, OutgoingState
from handlers.unit import Store

TRIAGE = TriageStatus(model="m1", has_encoder=True)


async def _text(client: aiohttp.ClientSession, path: str, status: int = 200) -> str:
    async with client.get(path) as answer:
        assert answer.status == status
        return await answer.text()


async def _cells(page: str, row: str) -> list[str]:
    """The cells of the table row with this heading."""
    found = re.search(rf'<th scope="row">{re.escape(row)}</th>(.*?)</tr>', page, re.DOTALL)
    assert found, f"no row {row!r}"
    return re.findall(r"<td>(.*?)</td>", found[1])


async def test_an_empty_service_is_told_so_kindly(client: aiohttp.ClientSession) -> None:
    page = await _text(client, "/")
    assert "No messages in this period" in page
    assert "No case is open" in page
    assert "<svg" not in page


async def test_each_chart_has_its_numbers_in_a_table_and_as_csv(
    client: aiohttp.ClientSession, ledger: Ledger
) -> None:
    await ledger.decided(types=("ndrs", "charges"))
    await ledger.decided(outcome="case", route="escalate", types=("copi_exit",))
    await ledger.case(timedelta(days=4), state=CaseState.OPEN)
    page = await _text(client, "/?days=7")
    assert page.count("<svg") == page.count('role="img"') == page.count("<details>") == 4
    assert await _cells(page, "Charges") == ["1", "1", "0", "0", "0", "0", "100%"]
    assert await _cells(page, "Escalate") == ["1", "0", "1", "0", "0", "0", "0%"]
    assert await _cells(page, "3-5 days") == ["0", "1", "0"]
    for link in re.findall(r'href="(/volumes.csv[^"]*)"', page):
        lines = (await _text(client, link.replace("&amp;", "&"))).splitlines()
        assert ",messages,answered," in lines[0]
        assert len(lines) > 1


async def test_a_message_decided_a_moment_ago_is_on_the_page(
    client: aiohttp.ClientSession, ledger: Ledger
) -> None:
    await _text(client, "/")
    await ledger.decided()
    assert await _cells(await _text(client, "/"), "Answer") == [
        "1",
        "1",
        "0",
        "0",
        "0",
        "0",
        "100%",
    ]


async def test_a_long_period_is_drawn_in_weeks_or_months(
    client: aiohttp.ClientSession, ledger: Ledger
) -> None:
    await ledger.decided(datetime(2026, 3, 4, 12, tzinfo=UTC))
    by_week = await _text(client, "/?from=2026-01-01&to=2026-06-30")
    assert (await _cells(by_week, "2026-03-02"))[0] == "1"
    by_month = await _text(client, "/?from=2024-01-01&to=2026-12-31")
    assert (await _cells(by_month, "2026-03"))[0] == "1"


async def test_what_needs_a_person_is_marked(client: aiohttp.ClientSession, ledger: Ledger) -> None:
    assert "Nothing needs attention" in await _text(client, "/")
    await ledger.effect(OutgoingState.HELD)
    page = await _text(client, "/")
    assert "Needs a person" in page
    assert (await _cells(page, "In doubt, held for an officer"))[0] == "1"


async def test_no_page_names_anybody(client: aiohttp.ClientSession, ledger: Ledger) -> None:
    await ledger.decided()
    await ledger.case()
    await ledger.effect(OutgoingState.FAILED)
    for path in ("/", "/health", "/metrics", "/volumes.csv"):
        text = (await _text(client, path)).lower()
        assert "ann" not in re.findall(r"[a-z]+", text)
        assert "example.org" not in text
        assert "what does it cost" not in text


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("from=2026-11-23&to=2026-11-01", "after it ends"),
        ("from=<script>", "&lt;script&gt;&#39; is not a date"),
        ("days=8", "Choose from 7, 30, 90 days"),
    ],
)
async def test_a_period_that_makes_no_sense_is_explained(
    client: aiohttp.ClientSession, query: str, words: str
) -> None:
    assert words in await _text(client, f"/?{query}", 400)


async def test_csv_by_something_unknown_is_refused_in_one_line(
    client: aiohttp.ClientSession,
) -> None:
    assert (await _text(client, "/volumes.csv?by=colour", 400)).startswith("Cannot count by")


async def test_every_answer_forbids_scripts_frames_and_other_origins(
    client: aiohttp.ClientSession,
) -> None:
    for path in ("/", "/health", "/metrics", "/nowhere", "/static/style.css", "/?days=8"):
        async with client.get(path) as answer:
            policy = answer.headers["Content-Security-Policy"]
            assert policy.startswith("default-src 'none'")
            assert "script-src" not in policy
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["X-Frame-Options"] == "DENY"


async def test_the_page_needs_no_script_and_no_outside_asset(
    client: aiohttp.ClientSession, ledger: Ledger
) -> None:
    await ledger.decided()
    page = await _text(client, "/")
    assert "<script" not in page
    assert " style=" not in page
    outside = set(re.findall(r"https?://[^\"'\s]+", page))
    assert outside <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}


async def test_a_name_that_is_not_ours_is_refused(client: aiohttp.ClientSession) -> None:
    async with client.get("/", headers={"Host": "elsewhere.example"}) as answer:
        assert answer.status == 400


async def test_an_unknown_page_and_a_wrong_method_have_a_page(
    client: aiohttp.ClientSession,
) -> None:
    assert "There is no such page" in await _text(client, "/nowhere", 404)
    async with client.post("/") as answer:
        assert answer.status == 405


async def test_without_a_database_the_page_says_so_and_health_fails() -> None:
    away = Store("postgresql://triagebot@/triagebot?host=/nonexistent", NoJobs())
    server = WebServer(create_app(away, Settings(), TRIAGE), "127.0.0.1", 0)
    address = await server.start()
    try:
        async with aiohttp.ClientSession(address) as client:
            assert "cannot be read just now" in await _text(client, "/", 503)
            assert '"database":"unreachable"' in await _text(client, "/health", 503)
            assert await _text(client, "/ready", 503) == '{"ready":false}'
            await _text(client, "/metrics", 503)
    finally:
        await server.stop()
        await away.close()


async def test_many_readers_at_once_get_the_same_page(
    client: aiohttp.ClientSession, ledger: Ledger
) -> None:
    await ledger.decided()
    pages = await asyncio.gather(*(_text(client, "/?days=7") for _ in range(12)))
    assert len(set(pages)) == 1


async def test_a_port_in_use_is_said_in_one_line(store: Store) -> None:
    app = create_app(store, Settings(), TRIAGE)
    first = WebServer(app, "127.0.0.1", 0)
    port = int((await first.start()).rstrip("/").rsplit(":", 1)[1])
    try:
        with pytest.raises(WebError, match=f"port {port} .*TRIAGEBOT_WEB_PORT") as refusal:
            await WebServer(app, "127.0.0.1", port).start()
        assert "\n" not in str(refusal.value)
    finally:
        await first.stop()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "pages.example"])  # noqa: S104  these are the addresses refused
def test_pages_without_sign_in_are_not_shown_to_a_network(host: str) -> None:
    with pytest.raises(WebError, match="no sign-in"):
        check(Settings(web_host=host))


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.0.0.2"])
def test_this_machine_alone_may_see_them(host: str) -> None:
    check(Settings(web_host=host))
