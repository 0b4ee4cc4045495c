"""The knowledge owner at work in a real browser: sees the articles, changes one, approves it."""

import os
import shutil
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright, expect

from bot.mail.render import Identity
from bot.previews import preview
from bot.settings import Settings
from bot.web.app import create_app
from bot.web.health import TriageStatus
from bot.web.knowledge import KnowledgePages
from bot.web.server import WebServer
from handlers.articles import record
from handlers.unit import Store

CHROMIUM = shutil.which("chromium")
QUIET = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
PICTURES = os.environ.get("TRIAGEBOT_PICTURES")
CONTACTS = {"organisation": "NHS England", "telephone": "0300 303 5678"}
IDENTITY = Identity("dars@triagebot.example", "DARS", "NHS England", "0300 303 5678", "")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
]


@pytest.fixture
async def site(store: Store) -> AsyncIterator[str]:
    """The address of the pages, those of the knowledge owner among them."""
    app = create_app(store, Settings(), TriageStatus(model="m1", has_encoder=True))
    app.router.routes.extend(KnowledgePages(CONTACTS, partial(preview, IDENTITY)).routes())
    server = WebServer(app, "127.0.0.1", 0)
    address = await server.start()
    yield address.rstrip("/")
    await server.stop()


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    """A page; what the browser complains of fails the test."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = await browser.new_page(viewport={"width": 1200, "height": 900})
        page.set_default_timeout(10_000)
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        yield page
        await browser.close()
        assert complaints == []


async def picture(page: Page, name: str) -> None:
    """Keep what is seen, where pictures are wanted."""
    if PICTURES:
        await page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


async def test_an_owner_finds_an_article_changes_it_and_approves_the_draft(
    page: Page, site: str, store: Store
) -> None:
    await page.goto(f"{site}/knowledge")
    await expect(page.get_by_role("region", name="Articles by topic").first).to_be_visible()
    await picture(page, "knowledge")
    await page.get_by_role("link", name="The 'Total Cost' on an application").click()

    text = page.get_by_label("The article:")
    await text.fill((await text.input_value()).replace("only an estimate", "no more than a guess"))
    saving = page.get_by_role("region", name="Write a new version")
    await saving.get_by_label("Your name").fill("Ana Whitlock")
    await saving.get_by_label("Note").fill("plainer words")
    await saving.get_by_role("button", name="Save as draft of version 2").click()

    await expect(page.get_by_role("status")).to_contain_text("not used before it is approved")
    changes = page.get_by_role("region", name="What changed").first
    await expect(changes.locator("ins", has_text="guess")).to_be_visible()
    await picture(page, "knowledge-draft")
    await page.get_by_label("Your name").first.fill("Ana Whitlock")
    await page.get_by_role("button", name="Approve version 2").click()

    await expect(page.get_by_role("status")).to_contain_text("Answers use it within seconds")
    async with store.unit() as unit:
        one = await record(unit, "ndrs-total-cost")
    assert one is not None
    assert one.used is not None
    assert one.used.front.version == 2
    assert "no more than a guess" in one.used.passages[0].text


@pytest.mark.parametrize("path", ["/knowledge", "/knowledge/contact"])
async def test_a_phone_shows_the_pages_without_scrolling_sideways(
    page: Page, site: str, path: str
) -> None:
    await page.set_viewport_size({"width": 375, "height": 800})
    await page.goto(f"{site}{path}")
    await picture(page, f"phone{path.replace('/', '-')}")
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
