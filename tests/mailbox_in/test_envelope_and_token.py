"""What a stored mail says of its envelope, and where access tokens come from."""

import pytest
from aiohttp import web
from pydantic import SecretStr

from bot.mail.addresses import OwnAddresses
from bot.mail.imap import LoginRefusedError, MailboxError
from bot.mail.stored_envelope import from_stored
from bot.mail.token import ClientCredentials
from bot.reading import MailReader
from handlers.inbound import Waiting

US = "dars@triagebot.example"


def envelope(*fields: str):
    raw = "\r\n".join((*fields, "", "Hello")).encode()
    mail = from_stored(raw, OwnAddresses.of(US, "ndrs@triagebot.example"), US, "")
    return mail.envelope_from, mail.envelope_to


@pytest.mark.parametrize(
    ("fields", "sender"),
    [
        (("Return-Path: <ann@example.org>", "From: bob@example.org"), "ann@example.org"),
        (("Return-Path: <>", "From: bob@example.org"), ""),
        (("From: Bob <bob@example.org>",), "bob@example.org"),
        (("Sender: desk@example.org", "From: bob@example.org"), "desk@example.org"),
        ((), ""),
    ],
)
def test_only_an_empty_return_path_makes_a_null_sender_where_somebody_is_named(fields, sender):
    assert envelope(*fields)[0] == sender


@pytest.mark.parametrize(
    ("fields", "recipients"),
    [
        (("Delivered-To: ndrs@triagebot.example", f"To: {US}"), ("ndrs@triagebot.example",)),
        (("X-Original-To: dars+x@triagebot.example",), ("dars+x@triagebot.example",)),
        (("Delivered-To: dars+enq-1@triagebot.example",), ("dars+enq-1@triagebot.example",)),
        (("Delivered-To: relay@host.example", f"Cc: {US}"), (US,)),
        (("To: a-list@example.org",), (US,)),
    ],
)
def test_a_mail_is_for_the_address_of_ours_that_the_server_wrote_down_first(fields, recipients):
    assert envelope(*fields)[1] == recipients


@pytest.mark.parametrize(
    "fields",
    [
        ("Delivered-To: dars+enq-1.x@triagebot.example",),
        (f"Delivered-To: {US}", "To: DARS <DARS+Enq-1.x@triagebot.example>"),
        (f"Delivered-To: {US}", f"To: {US}", "Cc: dars+enq-1.x@triagebot.example"),
    ],
    ids=["in what the server wrote", "in To alone", "in Cc alone"],
)
def test_the_tag_of_a_reply_is_read_wherever_it_stands(fields):
    raw = "\r\n".join((*fields, "From: ann+tag@example.org", "", "Hello")).encode()
    mail = from_stored(raw, OwnAddresses.of(US), US, "")
    waiting = Waiting(1, "email", mail.envelope_from, mail.envelope_to, raw, origin="mailbox")
    assert MailReader({US})(waiting).reply_tags == ("enq-1.x",)


def test_an_address_of_ours_may_have_a_plus_sign_itself():
    ours = OwnAddresses.of("dars+live@triagebot.example")
    assert "dars+live@triagebot.example" in ours
    assert "dars@triagebot.example" not in ours


@pytest.fixture
async def token_server():
    """A token server that knows one client, and what it was asked."""
    asked = []

    async def token(request: web.Request) -> web.Response:
        form = dict(await request.post())
        asked.append(form)
        if form["client_secret"] != "right":
            return web.json_response({"error": "invalid_client"}, status=401)
        return web.json_response({"access_token": "a-token", "expires_in": 3599})

    app = web.Application()
    app.router.add_post("/tenant/oauth2/v2.0/token", token)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/tenant/oauth2/v2.0/token", asked
    await runner.cleanup()


async def test_a_token_is_had_for_the_client_itself(token_server):
    url, asked = token_server
    client = ClientCredentials(url, "triagebot", SecretStr("right"), "imap/.default")
    assert await client.fresh() == "a-token"
    assert asked == [
        {
            "grant_type": "client_credentials",
            "client_id": "triagebot",
            "client_secret": "right",
            "scope": "imap/.default",
        }
    ]


async def test_a_client_that_is_not_known_is_told_apart_from_a_server_that_is_away(token_server):
    url, _ = token_server
    with pytest.raises(LoginRefusedError, match="refuses us a token: 401"):
        await ClientCredentials(url, "triagebot", SecretStr("wrong"), "x").fresh()
    with pytest.raises(MailboxError, match="gives no token"):
        await ClientCredentials("http://127.0.0.1:1/", "t", SecretStr("x"), "x").fresh()
