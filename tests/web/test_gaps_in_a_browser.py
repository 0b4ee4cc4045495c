"""The page of gaps in a real browser, whose own headers say where a form comes from."""

from datetime import date, timedelta

from web.browser import NEEDS_BROWSER, opened

from handlers.knowledge_tables import Gap, GapState
from handlers.weeks import Week

pytestmark = NEEDS_BROWSER


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
    async with opened(375, 800) as page:
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
