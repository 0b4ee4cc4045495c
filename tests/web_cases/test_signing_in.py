"""Only officers who signed in see cases; what others learn, and how sessions end."""

import re
from datetime import timedelta

import aiohttp
import pytest
from web_desk import HASH, OFFICERS, PASSWORD, Browser

from bot.settings import Settings
from bot.settings_officers import WebOfficer
from bot.web.app import create_app
from bot.web.health import TriageStatus
from bot.web.passwords import hashed, matches
from bot.web.server import WebServer
from bot.web.sessions import COOKIE, Sessions, is_of

ASHA = WebOfficer.model_validate(OFFICERS[0])
KEY = "a key of this test"
HOUR = timedelta(hours=1)


@pytest.mark.parametrize("page", ["", "/{0}", "/{0}/why", "?show=all"])
async def test_who_has_not_signed_in_is_asked_to_and_sees_nothing_of_a_case(stranger, make, page):
    case = await make(subject="A secret matter")
    answer = await stranger.get("/cases" + page.format(case.reference))
    assert answer.path.startswith("/cases/sign-in?to=/cases")
    assert "Sign in" in answer.text
    assert "secret" not in answer.text


@pytest.mark.parametrize("action", ["claim", "reply", "resolve", "whole", "mail"])
async def test_who_has_not_signed_in_can_do_nothing(stranger, make, action):
    case = await make("My secret")
    form = {"version": "1", "text": "What I wrote.", "resolution": "spam"}
    answer = await stranger.post(f"/cases/{case.reference}/{action}", form)
    assert answer.status == 403
    assert "What I wrote." in answer.text
    assert "My secret" not in answer.text


async def test_after_signing_in_the_page_that_was_asked_for_is_shown(stranger, make):
    case = await make()
    answer = await stranger.sign_in("Asha@DARS.example ", to=f"/cases/{case.reference}")
    assert (answer.status, answer.path) == (200, f"/cases/{case.reference}")
    assert "Asha Verma" in answer.text


@pytest.mark.parametrize("to", ["https://elsewhere.example/", "//elsewhere.example", "/cases/../x"])
async def test_signing_in_leads_to_no_other_page_than_those_of_cases(stranger, to):
    assert (await stranger.sign_in("asha@dars.example", to=to)).path == "/cases"


@pytest.mark.parametrize(
    ("name", "password"), [("asha@dars.example", "wrong"), ("nobody", PASSWORD), ("", "")]
)
async def test_a_wrong_name_and_a_wrong_password_are_told_apart_by_nobody(stranger, name, password):
    answer = await stranger.sign_in(name, password)
    assert answer.status == 403
    assert "do not go together" in answer.text
    assert (await stranger.get("/cases")).path.startswith("/cases/sign-in")


async def test_after_five_wrong_passwords_a_name_waits_and_others_do_not(stranger):
    for _ in range(5):
        await stranger.sign_in("asha@dars.example", "wrong")
    answer = await stranger.sign_in("ASHA@dars.example")
    assert answer.status == 429
    assert "five minutes" in answer.text
    assert (await stranger.sign_in("tom@dars.example")).path == "/cases"


async def test_who_signs_out_must_sign_in_again(asha):
    assert (await asha.post("/cases/sign-out", {})).status == 200
    assert (await asha.get("/cases")).path.startswith("/cases/sign-in")


async def test_no_script_reads_the_cookie_and_it_goes_to_cases_alone(site):
    form = {"sign_in": "asha@dars.example", "password": PASSWORD}
    headers = {"Origin": site, "Sec-Fetch-Site": "same-origin"}
    async with (
        aiohttp.ClientSession(site) as session,
        session.post("/cases/sign-in", data=form, headers=headers, allow_redirects=False) as answer,
    ):
        [cookie] = answer.headers.getall("Set-Cookie")
    assert {"HttpOnly", "SameSite=lax", "Path=/cases"} <= set(cookie.split("; "))


async def test_where_people_come_over_tls_the_cookie_is_never_sent_in_clear(store, desk):
    settings = Settings.model_validate(
        {"web_officers": OFFICERS, "web_public_url": "https://cases.example"}
    )
    app = create_app(store, settings, TriageStatus(model="m1", has_encoder=True), desk)
    server = WebServer(app, "127.0.0.1", 0)
    site = (await server.start()).rstrip("/")
    async with aiohttp.ClientSession(site) as session:
        form = {"sign_in": "asha@dars.example", "password": PASSWORD}
        headers = {"Sec-Fetch-Site": "same-origin"}
        async with session.post(
            "/cases/sign-in", data=form, headers=headers, allow_redirects=False
        ) as answer:
            assert "Secure" in answer.headers["Set-Cookie"].split("; ")
    await server.stop()


async def test_another_site_signs_nobody_in(stranger):
    form = {"sign_in": "asha@dars.example", "password": PASSWORD}
    answer = await stranger.post("/cases/sign-in", form, {"Sec-Fetch-Site": "cross-site"})
    assert answer.status == 403
    assert "Another site" in answer.text


async def test_a_form_of_another_session_does_nothing(asha: Browser, tom: Browser, make):
    case = await make()
    form = await tom.hidden(case.reference)
    answer = await asha.post(f"/cases/{case.reference}/claim", form)
    assert answer.status == 403
    assert "nobody yet" in (await asha.get(f"/cases/{case.reference}")).text


def test_a_session_ends_with_its_time_its_password_and_its_account():
    session = Sessions([ASHA], KEY, HOUR).begin(ASHA)
    anew = WebOfficer.model_validate(OFFICERS[0] | {"password": hashed("another password")})
    assert Sessions([ASHA], KEY, HOUR).read(session.token) is not None
    assert Sessions([anew], KEY, HOUR).read(session.token) is None
    assert Sessions([], KEY, HOUR).read(session.token) is None
    assert Sessions([ASHA], "another key", HOUR).read(session.token) is None
    late = Sessions([ASHA], KEY, -HOUR)
    assert late.read(late.begin(ASHA).token) is None


@pytest.mark.parametrize(
    "token", ["", ".", "...", "a.b.c.d", "YXNoYQ==.9.x.y", "\x00.\x00", "é.9.9.9"]
)
def test_what_is_no_session_of_ours_is_none(token):
    assert Sessions([ASHA], KEY, HOUR).read(token) is None


def test_a_session_cannot_be_made_longer_and_its_forms_are_its_own():
    sessions = Sessions([ASHA], KEY, HOUR)
    one, other = sessions.begin(ASHA), sessions.begin(ASHA)
    who, until, rest = one.token.split(".", 2)
    assert sessions.read(f"{who}.{int(until) + 1}.{rest}") is None
    assert is_of(one, one.form_token)
    assert not is_of(one, other.form_token)
    assert COOKIE not in one.token


def test_a_password_is_kept_as_a_salted_hash():
    assert matches(PASSWORD, HASH)
    assert not matches(PASSWORD + "x", HASH)
    assert hashed(PASSWORD) != HASH
    assert not re.search(PASSWORD, HASH)


@pytest.mark.parametrize(
    ("officers", "why"),
    [
        ([OFFICERS[0] | {"password": "as typed"}], "triagebot officer"),
        ([OFFICERS[0], OFFICERS[1] | {"sign_in": "ASHA@dars.example"}], "same `sign_in`"),
    ],
)
def test_accounts_that_cannot_be_meant_are_refused_at_the_start(officers, why):
    with pytest.raises(ValueError, match=why):
        Settings.model_validate({"web_officers": officers})


async def test_without_any_account_the_page_says_how_to_make_one(store, desk):
    app = create_app(store, Settings(), TriageStatus(model="m1", has_encoder=True), desk)
    server = WebServer(app, "127.0.0.1", 0)
    async with (
        aiohttp.ClientSession(await server.start()) as session,
        session.get("/cases") as answer,
    ):
        assert "TRIAGEBOT_WEB_OFFICERS" in await answer.text()
    await server.stop()
