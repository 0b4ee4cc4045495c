"""Officers' pages over a real database: the site, who may sign in, and cases to work on."""

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date
from itertools import count

import aiohttp
import pytest
from sqlalchemy import func, select
from web_desk import OFFICERS, Browser

from bot.settings import Settings
from bot.web.app import create_app
from bot.web.health import TriageStatus
from bot.web.server import WebServer
from handlers.case_view import CaseView, case_view
from handlers.desk import Desk
from handlers.enquiries import Arrival
from handlers.intake import Accepted, keep_mail
from handlers.receive import Judged, receive
from handlers.tables import Case
from handlers.unit import Store
from knowledge.library import Library
from triage.decision import (
    Decision,
    EnquiryType,
    Explanation,
    Flag,
    PassageHit,
    Reason,
    Route,
)
from triage.message import Message

Make = Callable[..., Awaitable[CaseView]]


@pytest.fixture
async def site(store: Store, desk: Desk) -> AsyncIterator[str]:
    """The address of the pages, without the last slash."""
    settings = Settings.model_validate({"web_officers": OFFICERS})
    app = create_app(store, settings, TriageStatus(model="m1", has_encoder=True), desk)
    server = WebServer(app, "127.0.0.1", 0)
    yield (await server.start()).rstrip("/")
    await server.stop()


@pytest.fixture
async def stranger(site: str) -> AsyncIterator[Browser]:
    """Somebody who has not signed in."""
    async with aiohttp.ClientSession(site, cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        yield Browser(session, site)


@pytest.fixture
async def asha(stranger: Browser) -> Browser:
    """An officer at her desk."""
    assert (await stranger.sign_in("asha@dars.example")).status == 200
    return stranger


@pytest.fixture
async def tom(site: str) -> AsyncIterator[Browser]:
    """Her colleague, at his."""
    async with aiohttp.ClientSession(site, cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        browser = Browser(session, site)
        await browser.sign_in("tom@dars.example")
        yield browser


@pytest.fixture
def total_cost(library: Library) -> PassageHit:
    """A passage that can be sent today."""
    passage = next(
        one
        for one in library.passages
        if one.topic == "ndrs-total-cost" and one.sendable(date.today(), library.contacts) is None
    )
    return PassageHit(
        article=passage.article.id, version=passage.article.version, passage=passage.id, score=1.0
    )


@pytest.fixture
def make(store: Store, desk: Desk, total_cost: PassageHit) -> Make:
    """Have a mail come in that becomes a case, and give the case."""
    numbers = count(1)

    async def made(
        text: str = "What does it cost?",
        *,
        subject: str = "",
        sender: str = "",
        name: str = "Robin Asker",
        flags: tuple[Flag, ...] = (),
        types: tuple[EnquiryType, ...] = (EnquiryType.NDRS, EnquiryType.CHARGES),
        offered: bool = False,
    ) -> CaseView:
        number = next(numbers)
        sender = sender or f"robin{number}@uni.example"
        digest = hashlib.sha256(f"{number}{text}".encode()).hexdigest()
        raw = f"From: {sender}\r\nSubject: {subject}\r\n\r\n{text}".encode()
        mail = Accepted(digest, sender, ("dars@triagebot.example",), "127.0.0.1", raw)
        [inbound_id] = await keep_mail(store, [mail])
        arrival = Arrival(
            inbound_id=inbound_id,
            message=Message(
                sender=sender,
                sender_name=name,
                subject=subject or f"Question {number}",
                text=text,
                new_text=text,
            ),
            reply_to=sender,
            message_id=f"<{number}@uni.example>",
            references=(),
            may_auto_reply=True,
        )
        ground = "approval" if offered else "doubt"
        decision = Decision(
            types=types,
            type_scores={EnquiryType.NDRS: 0.9, EnquiryType.CHARGES: 0.8},
            route=Route.ESCALATE,
            topics=("ndrs-total-cost",),
            flags=flags,
            confidence=0.95,
            reasons=(Reason(rule="example", text="It asks about <their> own application."),),
            passages=(total_cost,),
            series=(),
            model="example",
            thresholds={},
            explanation=Explanation(ground=ground, routes={}, words=(), sentences=(), nearest=()),
        )
        async with store.unit() as unit:
            await receive(unit, arrival, Judged(decision, milliseconds=1.0), desk)
            newest = await unit.session.execute(select(func.max(Case.id)))
            return await case_view(unit, newest.scalar_one())

    return made
