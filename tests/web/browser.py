"""A page in headless Chromium, for tests that look at what the service serves."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Page, async_playwright

CHROMIUM = shutil.which("chromium")
QUIET = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
NEEDS_BROWSER = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
]
"""The marks of a module whose tests open a browser."""


@asynccontextmanager
async def opened(width: int, height: int, refusal: str = "") -> AsyncIterator[Page]:
    """A page of this size; what the browser complains of fails the test.

    Where a test has a form refused, `refusal` is the status that the browser may tell of.
    """
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = await browser.new_page(viewport={"width": width, "height": height})
        page.set_default_timeout(10_000)
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        yield page
        await browser.close()
        expected = f"responded with a status of {refusal} "
        assert [one for one in complaints if not refusal or expected not in one] == []
