"""An officer without Slack at work in a real browser, by mouse, by keyboard and on a phone."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect
from sqlalchemy import select
from web.browser import NEEDS_BROWSER, opened
from web_desk import PASSWORD

from handlers.case_view import CaseView
from handlers.tables import Outgoing
from handlers.unit import Store
from triage.decision import Flag

PICTURES = os.environ.get("TRIAGEBOT_PICTURES")
LONG = "unbrokenwords" * 40
HOSTILE = '<script>alert(1)</script><img src="https://elsewhere.example/x.png"> '

pytestmark = NEEDS_BROWSER


@pytest.fixture
async def page(site: str) -> AsyncIterator[Page]:
    """A page of an officer who signed in."""
    async with opened(1280, 900, refusal="409") as page:
        await sign_in(page, site)
        yield page


async def sign_in(page: Page, site: str) -> None:
    await page.goto(f"{site}/cases")
    await picture(page, "sign-in")
    await page.get_by_label("Name you sign in with").fill("asha@dars.example")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("heading", name="Cases", exact=True)).to_be_visible()


async def picture(page: Page, name: str) -> None:
    """Keep what is seen, where pictures are wanted."""
    if PICTURES:
        await page.screenshot(path=Path(PICTURES) / f"cases-{name}.png", full_page=True)


async def replies(store: Store) -> list[str]:
    async with store.unit() as unit:
        rows = await unit.session.execute(select(Outgoing).where(Outgoing.kind == "officer"))
        return [one.payload["body"] for one in rows.scalars()]


async def test_a_drafted_case_is_found_and_answered_in_two_presses(
    page: Page, site: str, store: Store, make
) -> None:
    await make("What does SACT cost?", subject="SACT charges", flags=(Flag.MEDIA,))
    await page.get_by_role("link", name="Unclaimed").click()
    await picture(page, "list")
    await page.get_by_role("link", name="SACT charges").click()
    await picture(page, "case")
    text = page.get_by_label("Your reply")
    await text.fill("It depends on what you need.")
    await page.get_by_role("button", name="Send reply").click()
    await expect(page.get_by_role("status")).to_contain_text("on its way")
    await expect(page.get_by_text("Waiting for the enquirer").first).to_be_visible()
    assert await replies(store) == ["It depends on what you need."]
    await picture(page, "replied")


async def test_an_answer_that_waits_is_read_and_sent(page: Page, site: str, make) -> None:
    case = await make(offered=True)
    await page.goto(f"{site}/cases?show=approval")
    await page.get_by_role("link", name=case.subject).click()
    await picture(page, "offered")
    await page.get_by_label("I have read the enquiry").check()
    await page.get_by_role("button", name="Send this answer").click()
    await expect(page.get_by_role("status")).to_contain_text("the case is resolved")
    await page.get_by_role("button", name="Reopen").click()
    await expect(page.get_by_role("status")).to_contain_text("open again")


async def test_a_stale_press_says_what_changed_and_keeps_what_was_typed(
    page: Page, site: str, make, tom
) -> None:
    case: CaseView = await make()
    await page.goto(f"{site}/cases/{case.reference}")
    await tom.press(case.reference, "claim")
    await page.get_by_label("Your reply").fill("Mine, in vain.")
    await page.get_by_role("button", name="Send reply").click()
    alert = page.get_by_role("alert")
    await expect(alert).to_contain_text("Tom Ellery claimed it")
    await expect(alert).to_be_focused()
    assert await page.get_by_label("Your reply").input_value() == "Mine, in vain."
    await picture(page, "stale")


async def test_a_case_is_claimed_and_resolved_with_the_keyboard_alone(
    page: Page, site: str, make
) -> None:
    case = await make()
    await page.goto(f"{site}/cases/{case.reference}")
    await tab_to(page, "Claim")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status")).to_contain_text("The case is yours")
    await tab_to(page, "Resolve")  # the link at the top leads to the form below
    await tab_to(page, "Resolve")
    await page.keyboard.press("Enter")
    await tab_to(page, "Answered")
    await page.keyboard.press("Space")
    await tab_to(page, "Resolve")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status")).to_contain_text("The case is resolved")


async def tab_to(page: Page, label: str) -> None:
    """Press the tab key until what goes by this label has the focus."""
    for _ in range(60):
        await page.keyboard.press("Tab")
        focused = await page.evaluate(
            "(e => (e.labels?.[0]?.innerText ?? e.innerText).trim())(document.activeElement)"
        )
        if focused == label:
            return
    raise AssertionError(f"the tab key never came to {label}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_no_page_scrolls_sideways_on_a_phone_whatever_the_mail_holds(
    site: str, make, scheme
) -> None:
    case = await make(HOSTILE + LONG, subject=LONG, name=LONG, flags=tuple(Flag), offered=True)
    async with opened(320, 700) as page:
        await page.emulate_media(color_scheme=scheme)
        await sign_in(page, site)
        for name, path in (
            ("list", "?show=all"),
            ("case", f"/{case.reference}"),
            ("why", f"/{case.reference}/why"),
        ):
            await page.goto(f"{site}/cases{path}")
            assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            await picture(page, f"phone-{name}-{scheme}")
        await page.goto(f"{site}/cases/{case.reference}")
        await page.get_by_role("button", name="Show the whole message").click()
        await expect(page.get_by_text("<script>alert(1)</script>")).to_be_visible()
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
