"""The dashboard in a real browser, without network but our own pages."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from playwright.async_api import Page
from web.browser import NEEDS_BROWSER, opened
from web.ledger import Ledger

pytestmark = NEEDS_BROWSER


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    """A phone's page; what the browser complains of fails the test."""
    async with opened(375, 800) as page:
        yield page


async def test_an_analyst_opens_the_dashboard_picks_a_period_and_reads_the_numbers(
    page: Page, site: str, ledger: Ledger
) -> None:
    await ledger.decided(types=("ndrs",))
    await ledger.case(timedelta(days=2))

    await page.goto(site)
    await page.get_by_role("link", name="7 days", exact=True).click()
    assert "days=7" in page.url
    current = page.locator("[aria-current=page]")
    assert await current.inner_text() == "7 days"

    chart = page.get_by_role("img", name="Chart: By type.")
    assert await chart.is_visible()
    await page.get_by_text("By type: the numbers").click()
    row = page.get_by_role("row", name="Disease registration data")
    assert await row.get_by_role("cell").first.inner_text() == "1"

    await page.get_by_label("From").fill("2026-01-01")
    await page.get_by_label("to", exact=True).fill("2026-01-31")
    await page.get_by_role("button", name="Show").click()
    assert await page.get_by_role("heading", name="No messages in this period").is_visible()


async def test_a_phone_shows_the_page_without_scrolling_sideways(
    page: Page, site: str, ledger: Ledger
) -> None:
    await ledger.decided()
    await ledger.case()
    await page.goto(f"{site}/?days=90")
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
