"""A newcomer's first ten minutes, in a real browser: write, be answered, be the case officer.

Where TRIAGEBOT_PICTURES names a folder, the pictures of the README are taken on the way.
"""

import os
import re
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Page, async_playwright, expect
from scenarios.desk import short_folder
from scenarios.service import Service

from bot.sandbox.mailbox.samples import read_samples

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
PICTURES = os.environ.get("TRIAGEBOT_PICTURES")
SIZE = {"width": 1440, "height": 960}
SCALE = 1200 / 1440
"""So that a whole card is seen in a picture of 1200 by 800."""
KINDS = {"Answered": "answer", "Every question": "answer", "Recorded": None}
"""How a sample's note begins, and the mail that it promises; all else is acknowledged."""
SAMPLES = read_samples().samples

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
]


@dataclass(frozen=True)
class Screen:
    """A browser's page beside a sandbox, and where that is."""

    page: Page
    base: str

    async def write(self, subject: str, body: str) -> None:
        """Send a mail with the page's own form."""
        await self.page.goto(f"{self.base}/mail/")
        await self.page.get_by_test_id("compose-name").fill("Ines Calder")
        await self.page.get_by_test_id("compose-from").fill("ines.calder@northmere.example")
        await self.page.get_by_test_id("compose-subject").fill(subject)
        await self.page.get_by_test_id("compose-body").fill(body)
        await self.page.get_by_test_id("compose-send").click()

    async def picture(self, name: str) -> None:
        """Keep what is seen, where pictures are wanted."""
        if PICTURES:
            await self.page.screenshot(path=Path(PICTURES) / f"{name}.png", animations="disabled")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def screen() -> AsyncIterator[Screen]:
    """`triagebot serve --sandbox`, and a browser in which no script may fail."""
    with short_folder() as folder:
        service = Service(folder, arguments=("serve", "--sandbox"))
        await service.start()
        complaints: list[str] = []
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
            page = await browser.new_page(viewport=SIZE, device_scale_factor=SCALE)
            page.set_default_timeout(10_000)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            yield Screen(page, f"http://127.0.0.1:{service.port('mailbox')}")
            await browser.close()
        assert await service.stop() == 0
        assert complaints == []


async def test_an_enquiry_is_answered_before_ones_eyes(screen):
    await screen.write(
        "Total Cost on our draft",
        "Hello,\n\nTotal Cost at the top of our draft for cancer registrations says £9,450. "
        "Is that what we will pay?\n\nKind regards\nInes Calder\nNorthmere University",
    )
    answer = screen.page.get_by_test_id("mail").nth(1)
    await expect(answer).to_contain_text("Is the Total Cost what I will pay?")
    await expect(answer).to_contain_text("is only an estimate")
    await screen.page.goto(screen.page.url.partition("#")[0])  # without the word of a new mail
    await answer.get_by_test_id("tab-html").click()
    frame = answer.frame_locator('[data-testid="mail-html"]')
    await expect(frame.get_by_role("link", name="Charges for using DARS").first).to_be_visible()
    await screen.picture("mailbox-answer")


async def test_a_case_is_claimed_and_answered_and_the_reply_is_in_the_mailbox(screen):
    page = screen.page
    await screen.write(
        "Extension of our agreement",
        "Hello,\n\nOur agreement DARS-NIC-381078-Y9C5K ends in March. Can you extend it for us by "
        "six months?\n\nKind regards\nInes Calder",
    )
    acknowledged = page.get_by_test_id("mail").nth(1)
    await expect(acknowledged).to_contain_text("Your reference is ENQ-")
    found = re.search(r"ENQ-\w{6}-\w{4}", await acknowledged.inner_text())
    assert found is not None

    # As a case officer.
    await page.goto(f"{screen.base}/")
    await page.get_by_test_id("user-switcher").select_option(label="Asha Verma · Case officer")
    await expect(page.get_by_test_id("user-switcher")).to_have_value(re.compile("U"))
    await page.locator('[data-testid="channel-link"][data-name="dars-cases"]').click()
    card = page.get_by_test_id("message").filter(has_text=found[0])
    await expect(card).to_contain_text("nobody yet")
    await card.locator("[data-action-id=case_claim]").click()
    await expect(card).to_contain_text("Asha Verma claimed it")
    await card.evaluate("card => card.scrollIntoView({ block: 'start' })")
    await screen.picture("slack-case")
    await card.locator("[data-action-id=case_reply]").click()
    box = page.get_by_test_id("modal").get_by_label("Reply", exact=True)
    draft = await box.input_value()
    assert draft.startswith("Dear Ines Calder")
    await box.fill(
        "Dear Ines Calder\n\nYes, we can extend your agreement for six months. I will send you "
        "the amended agreement to sign by Friday."
    )
    await screen.picture("slack-reply")
    await page.get_by_test_id("modal-submit").click()
    await expect(page.get_by_test_id("modal")).to_be_hidden()
    await expect(card).to_contain_text("Waiting for the enquirer")

    # As the enquirer again.
    await page.get_by_role("link", name="Mailbox").click()
    await page.get_by_test_id("mail-row").first.click()
    reply = page.locator('[data-testid="mail"][data-kind="officer"]')
    await expect(reply).to_contain_text("Yes, we can extend your agreement")
    await expect(reply).to_contain_text("Asha Verma")
    await expect(page.get_by_test_id("mail")).to_have_count(3)


async def test_a_case_is_handed_over_with_two_presses_and_found_with_two(screen):
    page = screen.page
    await screen.write(
        "SACT regimens for our agreement",
        "Hello,\n\nWhere is our application DARS-NIC-381079-Y9C5K for SACT data now?\n\nInes",
    )
    await expect(page.get_by_test_id("mail").nth(1)).to_contain_text("Your reference is ENQ-")
    await page.goto(f"{screen.base}/")
    await page.get_by_test_id("user-switcher").select_option(label="Asha Verma · Case officer")
    await page.locator('[data-testid="channel-link"][data-name="dars-cases"]').click()
    card = page.get_by_test_id("message").filter(has_text="SACT regimens").last
    await card.locator("[data-action-id=case_hand_over]").click()
    modal = page.get_by_test_id("modal")
    await modal.get_by_label("To whom").select_option(label="Tom Ellery")
    await modal.get_by_label("Where things stand").fill("I am away from noon.")
    await page.get_by_test_id("modal-submit").click()
    await expect(modal).to_be_hidden()
    await expect(card).to_contain_text("Asha Verma handed it over")
    await expect(card).to_contain_text("Tom Ellery")

    box = page.get_by_placeholder("Message #dars-cases")
    await box.fill("/triage search SACT today")
    await box.press("Enter")
    found = page.get_by_test_id("message").filter(has=page.get_by_test_id("only-you")).last
    await expect(found).to_contain_text("1 case for “SACT today”")
    await expect(found).to_be_in_viewport()
    async with page.expect_popup() as opening:
        await found.get_by_role("link").first.click()
    opened = await opening.value
    await expect(opened.locator(".message.chosen")).to_contain_text("SACT regimens")
    await opened.close()


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda one: one.slug)
async def test_a_sample_does_what_its_note_says(screen, sample):
    await screen.page.goto(f"{screen.base}/mail/")
    await screen.page.get_by_test_id(f"sample-{sample.slug}").click()
    expected = [kind for start, kind in KINDS.items() if sample.shows.startswith(start)]
    kind = expected[0] if expected else "acknowledgement"
    if kind is not None:
        arrived = screen.page.locator('[data-testid="mail"]:not([data-kind="sent"])')
        await expect(arrived).to_have_count(1)
        await expect(arrived.locator(".badge")).to_have_text(re.compile("Auto|Acknow"))
        answered = "This is an automatic answer" in await arrived.inner_text()
        assert answered == (kind == "answer")


async def test_the_dashboard_has_counted_it_all(screen):
    await screen.page.goto(f"{screen.base}/mail/")
    await screen.page.get_by_test_id("tile-dashboard").click()
    await screen.page.get_by_role("link", name="7 days", exact=True).click()
    cards = screen.page.locator("dl.cards")
    await expect(cards).to_contain_text("Answered automatically")
    shown = int(await cards.locator("dd").first.inner_text())
    assert shown == len(SAMPLES) + 3  # the tests above wrote three mails besides
    await expect(screen.page.get_by_role("img", name="Chart: By type.")).to_be_visible()
    await screen.picture("dashboard")
