"""The knowledge owner at work in a real browser: sees the articles, changes one, approves it."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect
from web.browser import NEEDS_BROWSER, opened

from handlers.articles import record
from handlers.unit import Store

PICTURES = os.environ.get("TRIAGEBOT_PICTURES")

pytestmark = NEEDS_BROWSER


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    """A page; what the browser complains of fails the test."""
    async with opened(1200, 900) as page:
        yield page


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
