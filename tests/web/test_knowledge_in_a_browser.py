"""The knowledge owner at work in a real browser: sees the articles, changes one, approves it."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect
from shipped import shipped
from web.browser import NEEDS_BROWSER, opened

from handlers.articles import record
from handlers.unit import Store

NEXT = shipped("ndrs-total-cost") + 1
PICTURES = os.environ.get("TRIAGEBOT_PICTURES")

pytestmark = NEEDS_BROWSER


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    """A page; what the browser complains of fails the test."""
    async with opened(1280, 900, refusal="422") as page:
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

    await page.get_by_role("link", name="Write a new version").click()
    text = page.get_by_label("Text").first
    await text.fill((await text.input_value()).replace("only an estimate", "no more than a guess"))
    await page.get_by_label("Your name").fill("Ana Whitlock")
    await page.get_by_label("Note").fill("plainer words")
    await page.get_by_role("button", name="Save the draft").click()

    await expect(page.get_by_role("status")).to_contain_text("not used before it is approved")
    changes = page.get_by_role("region", name="What changed").first
    await expect(changes.locator("ins", has_text="guess")).to_be_visible()
    await picture(page, "knowledge-draft")
    draft = page.get_by_role("region", name=f"Draft of version {NEXT}")
    await draft.get_by_label("Your name").fill("Ana Whitlock")
    await page.get_by_role("button", name=f"Approve version {NEXT}").click()

    await expect(page.get_by_role("status")).to_contain_text("Answers use it within seconds")
    async with store.unit() as unit:
        one = await record(unit, "ndrs-total-cost")
    assert one is not None
    assert one.used is not None
    assert one.used.front.version == NEXT
    assert "no more than a guess" in one.used.passages[0].text


async def test_a_new_article_is_written_and_approved_without_a_mouse(
    page: Page, site: str, store: Store
) -> None:
    async def into(label: str, words: str) -> None:
        """Reach a field by the tab key alone, and type into it."""
        for _ in range(80):
            await page.keyboard.press("Tab")
            if await page.get_by_label(label, exact=True).first.evaluate(
                "field => field === document.activeElement"
            ):
                await page.keyboard.type(words)
                return
        raise AssertionError(f"the tab key does not reach {label}")

    await page.goto(f"{site}/knowledge/new")
    await into("Title", "Fees in instalments")
    await into("Topic", "charges-guidance")
    await into("Owner", "DARS enquiries lead")
    await into("Heading", "Can I pay in instalments?")
    await into("Text", "No. The whole fee is due once the agreement is signed.")
    await page.keyboard.press("Enter")
    await into("Ways in which people ask it", "can i pay monthly")
    await page.keyboard.press("Tab")
    await page.keyboard.type("https://digital.nhs.uk/services")
    await page.keyboard.press("Enter")

    alert = page.get_by_role("alert")
    await expect(alert).to_contain_text("Give at least 8 different ways of asking")
    await expect(alert).to_contain_text("Give your name")
    await expect(page.get_by_label("Ways in which people ask it")).to_have_value(
        "can i pay monthly"
    )
    await expect(page.get_by_label("Topic")).to_have_value("charges-guidance")
    await picture(page, "knowledge-faults")
    await page.get_by_label("Ways in which people ask it").fill(
        "\n".join(f"can i pay in {number} parts" for number in range(2, 10))
    )
    await page.get_by_label("Day").first.fill("2026-05-06")
    await page.get_by_label("Your name").fill("Ana Whitlock")
    await page.keyboard.press("Enter")

    await expect(page.get_by_role("status")).to_contain_text("not used before it is approved")
    await expect(page.get_by_text("Nothing yet: it is new")).to_be_visible()
    await picture(page, "knowledge-begun")
    await page.get_by_role("link", name="See the whole reply").click()
    letter = page.frame_locator("iframe")
    await expect(letter.get_by_text("The whole fee is due")).to_be_visible()
    await picture(page, "knowledge-reply")
    await page.go_back()
    await page.get_by_label("Your name").first.fill("Ana Whitlock")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status")).to_contain_text("Answers use it within seconds")
    async with store.unit() as unit:
        one = await record(unit, "fees-in-instalments")
    assert one is not None
    assert one.used is not None
    assert one.used.front.approval is not None


async def test_a_row_more_keeps_what_is_typed_and_takes_the_writer_to_it(
    page: Page, site: str
) -> None:
    await page.goto(f"{site}/knowledge/new")
    await page.get_by_label("Title").fill("Fees in <instalments>")
    await page.get_by_label("Heading").fill("Can I pay in instalments?")
    await page.get_by_role("button", name="Add a passage").click()
    second = page.get_by_role("region", name="Passage 2")
    await expect(second.get_by_label("Heading")).to_be_focused()
    await expect(page.get_by_label("Title")).to_have_value("Fees in <instalments>")
    await second.get_by_label("Heading").fill("When is it due?")
    await second.get_by_role("button", name="Move up").click()
    await expect(page.get_by_label("Heading").first).to_have_value("When is it due?")
    await page.get_by_role("button", name="More sources and links for passage 1").click()
    await expect(page.get_by_label("Address of source 1").first).to_be_focused()
    await page.get_by_role("button", name="Leave out passage 2").click()
    await expect(page.get_by_label("Heading")).to_have_value("When is it due?")


@pytest.mark.parametrize(
    "path",
    [
        "/knowledge",
        "/knowledge/contact",
        "/knowledge/contact/edit",
        "/knowledge/contact/mail",
        "/knowledge/new",
    ],
)
async def test_a_phone_shows_the_pages_without_scrolling_sideways(
    page: Page, site: str, path: str
) -> None:
    await page.set_viewport_size({"width": 375, "height": 800})
    await page.goto(f"{site}{path}")
    await picture(page, f"phone{path.replace('/', '-')}")
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
