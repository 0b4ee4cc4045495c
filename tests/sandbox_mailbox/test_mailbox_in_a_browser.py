"""The mailbox page as a person uses it, in a real browser."""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator
from email.message import EmailMessage

import pytest
from playwright.async_api import Page, async_playwright, expect
from sandbox_mailbox.recording import Place

pytestmark = pytest.mark.browser

CHROMIUM = shutil.which("chromium")
ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)


@pytest.fixture
async def page(place: Place) -> AsyncIterator[Page]:
    """A page of a fresh browser, at the mailbox; an error of its script fails the test."""
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine")
    problems: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS.split())
        page = await browser.new_page(base_url=place.base_url)
        page.on("pageerror", lambda error: problems.append(str(error)))
        await page.goto("/mail/")
        yield page
        await browser.close()
    assert problems == []


def answer_to(place: Place, *, html: str = "", kind: str = "answer") -> EmailMessage:
    """The service's reply to the last mail that it took."""
    asked = place.service.message()
    mail = EmailMessage()
    mail["From"] = "Data Access <dars@triagebot.example>"
    mail["To"] = asked["From"]
    mail["Subject"] = f"Re: {asked['Subject']} [ENQ-7K3MQD-4T9P]"
    mail["Message-ID"] = f"<{kind}@triagebot.example>"
    mail["In-Reply-To"] = asked["Message-ID"]
    mail["X-Triagebot-Letter"] = kind
    mail.set_content("The Total Cost is an estimate.")
    if html:
        mail.add_alternative(html, subtype="html")
    return mail


async def test_an_enquiry_is_written_answered_and_answered_again(place: Place, page: Page) -> None:
    # A newcomer writes …
    await page.get_by_test_id("compose-from").fill("ada@northmere.example")
    await page.get_by_test_id("compose-subject").fill("Total Cost")
    await page.get_by_test_id("compose-body").fill("Is £9,450 what we will pay?")
    await page.get_by_test_id("compose-send").click()
    await expect(page.get_by_test_id("mail-text")).to_have_text("Is £9,450 what we will pay?")
    await expect(page.locator("#waiting")).to_be_visible()

    # … sees the answer arrive without doing anything …
    place.from_service(answer_to(place))
    answer = page.locator('[data-testid="mail"][data-kind="answer"]')
    await expect(answer).to_contain_text("The Total Cost is an estimate.")
    await expect(answer).to_contain_text("Automatic answer")
    await expect(page.locator("#waiting")).to_be_hidden()
    await expect(page.locator("#live")).to_contain_text("A new mail has arrived")
    row = page.get_by_test_id("mail-row").first
    await expect(row).to_have_attribute("data-message-id", "<answer@triagebot.example>")

    # … and replies to it.
    await answer.get_by_test_id("reply").click()
    body = page.get_by_test_id("compose-body")
    await expect(body).to_have_value(_quotes("The Total Cost is an estimate."))
    await body.press("Control+Home")
    await body.press_sequentially("But when?")
    await page.get_by_test_id("compose-send").click()
    await expect(page.get_by_test_id("mail")).to_have_count(3)
    reply = place.service.message()
    assert reply["In-Reply-To"] == "<answer@triagebot.example>"
    assert reply.get_content().startswith("But when?")


async def test_a_sample_is_one_click(place: Place, page: Page) -> None:
    await page.get_by_test_id("sample-ndrs-cost").click()
    await expect(page.get_by_test_id("mail")).to_contain_text("Total Cost at the top")
    assert len(place.service.taken) == 1


async def test_the_list_grows_by_itself_and_what_was_typed_stays(place: Place, page: Page) -> None:
    await page.get_by_test_id("compose-body").fill("half a senten")
    place.from_service(b"Subject: first\r\n\r\n")
    place.from_service(b"Subject: second\r\n\r\n")
    await expect(page.get_by_test_id("mail-row")).to_have_count(2)
    await expect(page.get_by_test_id("mail-row").first).to_contain_text("second")
    await expect(page.get_by_test_id("compose-body")).to_have_value("half a senten")


async def test_the_tabs_show_text_html_headers_and_source(place: Place, page: Page) -> None:
    await page.get_by_test_id("sample-ndrs-cost").click()
    place.from_service(answer_to(place, html="<h1 style='color:#123456'>An estimate</h1>"))
    mail = page.locator('[data-testid="mail"][data-kind="answer"]')
    await mail.get_by_test_id("tab-html").click()
    heading = page.frame_locator('[data-testid="mail-html"]').get_by_role("heading")
    await expect(heading).to_have_text("An estimate")
    await expect(heading).to_have_css("color", "rgb(18, 52, 86)")
    await expect(mail.get_by_test_id("mail-text")).to_be_hidden()
    await page.keyboard.press("ArrowRight")
    await expect(mail.get_by_test_id("mail-headers")).to_contain_text("<answer@triagebot.example>")
    await page.keyboard.press("ArrowRight")
    await expect(mail.get_by_test_id("mail-source")).to_contain_text("Content-Type: multipart/")


async def test_a_hostile_mail_runs_nothing(place: Place, page: Page) -> None:
    html = (
        "<script>top.document.title='owned'</script>"
        "<img src=x onerror=\"top.document.title='owned'\">"
        "<form action=/mail/samples/ndrs-cost method=post><button id=go>Go</button></form>"
        "<h1>Seen</h1>"
    )
    await page.get_by_test_id("sample-ndrs-cost").click()
    mail = answer_to(place, html=html)
    mail.replace_header("Subject", "<img src=x onerror=\"document.title='owned'\">")
    place.from_service(mail)
    shown = page.locator('[data-testid="mail"][data-kind="answer"]')
    await shown.get_by_test_id("tab-html").click()
    inside = page.frame_locator('[data-testid="mail-html"]')
    await expect(inside.get_by_role("heading")).to_have_text("Seen")
    await inside.locator("#go").click()
    await page.get_by_test_id("mail-row").first.click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("<img src=x")
    assert "owned" not in (await page.title()).replace("document.title='owned'", "")
    assert len(place.service.taken) == 1


async def test_a_refusal_is_seen_and_what_was_typed_stays(place: Place, page: Page) -> None:
    place.service.refusal = "451 4.3.0 Try later"
    await page.get_by_test_id("compose-body").fill("How much?")
    await page.get_by_test_id("compose-send").click()
    await expect(page.get_by_role("alert")).to_contain_text("451 4.3.0 Try later")
    await expect(page.get_by_test_id("compose-body")).to_have_value("How much?")
    place.from_service(b"Subject: meanwhile\r\n\r\n")
    await expect(page.get_by_test_id("mail-row")).to_have_count(1)


async def test_mails_are_found_by_address(place: Place, page: Page) -> None:
    place.from_service(b"Subject: for Ada\r\n\r\n", to="ada@northmere.example")
    place.from_service(b"Subject: for Ben\r\n\r\n", to="ben@lindhurst.example")
    await page.get_by_test_id("search").fill("northmere")
    await page.get_by_test_id("search").press("Enter")
    await expect(page.get_by_test_id("mail-row")).to_have_count(1)
    await page.get_by_test_id("mail-row").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("for Ada")
    await expect(page.get_by_test_id("mail-row")).to_have_count(1)


async def test_a_mail_cannot_call_home(place: Place, page: Page) -> None:
    """A picture from afar would tell its sender that the mail was read; none is asked for."""
    calls: list[bytes] = []

    async def call(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        calls.append(await reader.readline())
        writer.close()

    home = await asyncio.start_server(call, "127.0.0.1", 0)
    port = home.sockets[0].getsockname()[1]
    html = (
        "<img src='http://127.0.0.1:{0}/x.png'><style>@import '//127.0.0.1:{0}/y'</style><p>Hi</p>"
    )
    await page.get_by_test_id("sample-ndrs-cost").click()
    place.from_service(answer_to(place, html=html.format(port)))
    await page.get_by_test_id("tab-html").click()
    await expect(page.frame_locator("iframe").get_by_text("Hi")).to_be_visible()
    await asyncio.sleep(0.5)
    assert calls == []
    home.close()


def _quotes(words: str) -> "re.Pattern[str]":
    return re.compile(rf"wrote:\n> {re.escape(words)}")
