"""The page is safe with hostile mail, tells of new mail by itself, and can be found."""

import asyncio
from collections.abc import AsyncIterator
from email.message import EmailMessage

import aiohttp
import pytest
from aiohttp import web
from sandbox_mailbox.recording import Place

from bot.sandbox.mailbox import Mailbox, Surroundings, add_mailbox, welcome_tiles
from bot.sandbox.slack import create_app, sandbox_workspace

HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>'


async def test_nothing_in_a_mail_becomes_markup(place: Place) -> None:
    mail = EmailMessage()
    mail["From"] = f'"{HOSTILE.replace(chr(34), "")}" <dars@triagebot.example>'
    mail["To"] = "ada@northmere.example"
    mail["Subject"] = HOSTILE
    mail["X-More"] = HOSTILE
    mail.set_content(f'{HOSTILE}\njavascript:alert(3) https://x.example/?a="onclick=alert(4)')
    mail.add_alternative(f"<html><body>{HOSTILE}</body></html>", subtype="html")
    mail.add_attachment(b"x", maintype="application", subtype="x-x", filename="<script>.exe")
    ident = place.from_service(mail, to=f"{HOSTILE}@x.example")

    for path in ("/mail/", f"/mail/mails/{ident}?reply=1", "/mail/?address=%22%3E%3Cscript%3E"):
        page = await place.text(path)
        assert "<script>" not in page
        assert "<img src=x" not in page
        assert 'href="javascript:' not in page
        assert 'onclick="' not in page.replace("&#34;onclick", "")


async def test_the_page_itself_runs_only_its_own_script(place: Place) -> None:
    async with place.client.get("/mail/") as answer:
        policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


async def test_the_html_of_a_mail_is_shut_in(place: Place) -> None:
    ident = place.from_service(b"Content-Type: text/html\r\n\r\n<p>Hello</p><script>x()</script>")
    page = await place.text(f"/mail/mails/{ident}")
    assert '<iframe sandbox="allow-popups allow-popups-to-escape-sandbox"' in page
    async with place.client.get(f"/mail/mails/{ident}/page") as answer:
        policy = answer.headers["Content-Security-Policy"]
        assert "<p>Hello</p>" in await answer.text()
    assert policy.startswith("sandbox ")
    assert "allow-scripts" not in policy
    assert "allow-same-origin" not in policy
    assert "default-src 'none'" in policy
    plain = place.from_service(b"Subject: plain\r\n\r\ntext")
    async with place.client.get(f"/mail/mails/{plain}/page") as answer:
        assert answer.status == 404


async def test_an_open_page_is_told_of_new_mail(place: Place) -> None:
    async with asyncio.timeout(5), place.client.get("/mail/changes") as stream:
        assert stream.content_type == "text/event-stream"
        assert await stream.content.readline() == b"data: 0\n"
        place.from_service(b"Subject: new\r\n\r\n")
        await stream.content.readline()
        assert await stream.content.readline() == b"data: 1\n"


async def test_the_mailbox_and_the_pretend_slack_share_one_port() -> None:
    app = create_app(sandbox_workspace())
    add_mailbox(app, Mailbox(), Surroundings("127.0.0.1", 1, "dars@triagebot.example", "/d"))
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with aiohttp.ClientSession(f"http://127.0.0.1:{runner.addresses[0][1]}") as client:
        async with client.get("/mail/") as answer:
            assert "Sample enquiries" in await answer.text()
        async with client.get("/") as answer:
            assert "Sample enquiries" not in await answer.text()
        async with client.post("/api/api.test") as answer:
            assert (await answer.json())["ok"] is True
    await runner.cleanup()


async def test_the_list_can_be_narrowed_to_an_address(place: Place) -> None:
    place.from_service(b"Subject: for Ada\r\n\r\n", to="ada@northmere.example")
    place.from_service(b"Subject: for Ben\r\n\r\n", to="ben@lindhurst.example")
    found = await place.text("/mail/?address=NORTHMERE")
    assert "for Ada" in found
    assert "for Ben" not in found
    assert "No mail from or to" in await place.text("/mail/?address=nobody")


async def test_an_endless_conversation_shows_its_newest_mails(place: Place) -> None:
    for _ in range(130):
        ident = place.from_service(b"Message-ID: <same@triagebot.example>\r\n\r\n")
    page = await place.text(f"/mail/mails/{ident}")
    assert "100 mails in this conversation, and 30 older that are not shown" in page
    assert f'id="mail-{ident}"' in page


async def test_what_is_not_there_is_said_with_a_way_back(place: Place) -> None:
    for path in ("/mail/mails/77", "/mail/mails/77/page", "/mail/mails/77/file"):
        async with place.client.get(path) as answer:
            assert answer.status == 404
            assert "This mail is not here" in await answer.text()


async def test_the_address_without_its_last_stroke_works_too(place: Place) -> None:
    async with place.client.get("/mail") as answer:
        assert (answer.status, answer.url.path) == (200, "/mail/")


async def test_the_front_page_says_what_to_do_and_links_there(place: Place) -> None:
    tiles = welcome_tiles("http://127.0.0.1:8080/?a=1&b=2")
    assert tiles.count('class="tile"') == 3
    for target in ('href="/"', 'href="/mail/"', 'href="http://127.0.0.1:8080/?a=1&amp;b=2"'):
        assert target in tiles
    page = await place.text("/mail/")
    assert page.count('class="tile"') == 3
    assert 'href="http://127.0.0.1:1/dashboard"' in page
    for asset in ("mailbox.css", "tiles.css", "mailbox.js", "mailbox.svg"):
        async with place.client.get(f"/mail/static/{asset}") as answer:
            assert answer.status == 200


async def test_no_page_asks_another_host_for_anything(place: Place) -> None:
    page = await place.text("/mail/")
    for attribute in ('src="http', 'src="//', 'href="https:'):
        assert attribute not in page


@pytest.fixture
async def lonely_page() -> AsyncIterator[str]:
    """The page of a sandbox whose service does not run and whose mail leaves by a relay."""
    mailbox, app = Mailbox(), web.Application()
    around = Surroundings("127.0.0.1", 1, "dars@triagebot.example", "/d", relay="mail.example:25")
    add_mailbox(app, mailbox, around)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=30)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/mail"
    await runner.cleanup()


async def test_an_open_page_does_not_hold_up_the_end() -> None:
    mailbox, app = Mailbox(), web.Application()
    add_mailbox(app, mailbox, Surroundings("127.0.0.1", 1, "dars@triagebot.example", "/d"))
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=30)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with asyncio.timeout(5), aiohttp.ClientSession() as client:
        url = f"http://127.0.0.1:{runner.addresses[0][1]}/mail/changes"
        async with client.get(url) as stream:
            await stream.content.readline()
            await runner.cleanup()


async def test_a_relay_that_takes_the_mail_away_is_told(lonely_page: str) -> None:
    async with aiohttp.ClientSession() as client, client.get(f"{lonely_page}/") as answer:
        assert "A relay is set (mail.example:25)" in await answer.text()


async def test_a_service_that_does_not_run_is_told(lonely_page: str) -> None:
    form = {"sender": "ada@x.example", "name": "", "subject": "", "body": "x"}
    url = f"{lonely_page}/send"
    async with aiohttp.ClientSession() as client, client.post(url, data=form) as answer:
        assert answer.status == 502
        assert "Nothing takes mail at 127.0.0.1, port 1" in await answer.text()
