"""The page of gaps in a real browser, whose own headers say where a form comes from."""

import shutil
from datetime import date, timedelta

import pytest
from playwright.async_api import async_playwright

from handlers.knowledge_tables import Gap, GapState
from handlers.weeks import Week

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
]


async def test_an_article_is_written_and_the_gap_closed_on_a_phone(site, store):
    async with store.unit() as unit:
        unit.session.add(
            Gap(
                week=Week.of(date.today()).monday - timedelta(days=7),
                words=["thesis"],
                enquiries=[1, 2],
                examples=["Must I suppress cells under five? " + "wide" * 60],
                draft="---\nid: thesis\n",
                state=GapState.OPEN,
                detail={},
            )
        )
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        page = await browser.new_page(viewport={"width": 375, "height": 800})
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        await page.goto(f"{site}/gaps")
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        await page.get_by_label("What officers replied").fill("---\nid: small-numbers\n")
        await page.get_by_role("button", name="Save the draft").click()
        assert "The draft is saved" in await page.get_by_role("status").inner_text()
        assert await page.get_by_label("What officers replied").input_value() == (
            "---\nid: small-numbers\n"
        )
        await page.get_by_text("Close or dismiss").click()
        await page.get_by_label("Id of the approved article").fill("charges-guidance")
        await page.get_by_role("button", name="Close gap").click()
        assert "The gap is closed" in await page.get_by_role("status").inner_text()
        await browser.close()
    assert complaints == []
