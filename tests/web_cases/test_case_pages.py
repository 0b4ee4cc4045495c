"""The page of a case: what it shows, what can be done there, and what is refused in words."""

import re

import pytest
from sqlalchemy import select, update
from web_desk import Browser

from bot.web.case_actions import ACTIONS
from bot.web.case_fields import Office
from handlers.case_view import CaseView, case_view
from handlers.cases import RESOLUTIONS, Officer
from handlers.slack_standing import TOKEN_REFUSED
from handlers.tables import CaseEvent, Outgoing, OutgoingState
from triage.decision import EnquiryType, Flag

NHS_NUMBER = "999 000 0018"
HOSTILE = '<script>alert(1)</script><img src="https://elsewhere.example/x.png">'


async def now(store, case: CaseView) -> CaseView:
    async with store.unit() as unit:
        return await case_view(unit, case.id)


async def outgoing(store, kind: str) -> list[Outgoing]:
    async with store.unit() as unit:
        rows = await unit.session.execute(select(Outgoing).where(Outgoing.kind == kind))
        return list(rows.scalars())


async def test_the_page_shows_what_the_card_shows(asha, make):
    case = await make("May I have <b>all</b> of it?", subject="All of it", flags=(Flag.INCIDENT,))
    text = (await asha.get(f"/cases/{case.reference}")).text
    for shown in (
        *("All of it", case.reference, "Incident", "May I have &lt;b&gt;all&lt;/b&gt; of it?"),
        *("Robin Asker", "robin1@uni.example", "new to us", "nobody yet"),
        *("It asks about &lt;their&gt; own application.", "[From guidance: ndrs-total-cost"),
        *("Disease registration data, Charges", "it was opened", "Unclaimed"),
    ):
        assert shown in text


async def test_what_a_mail_holds_is_text_and_nothing_is_fetched(asha, make):
    case = await make(HOSTILE, subject=HOSTILE, name=HOSTILE)
    pages = [await asha.get(f"/cases/{case.reference}{more}") for more in ("", "/why")]
    pages += [await asha.get("/cases?show=all"), await asha.press(case.reference, "whole")]
    for page in pages:
        assert "<script" not in page.text
        assert "<img" not in page.text
        policy = page.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'")
        assert "script-src" not in policy
        assert page.headers["Cache-Control"] == "no-store"


async def test_identifiers_are_hidden_until_an_officer_asks_and_that_is_kept(asha, store, make):
    case = await make(f"My NHS number is {NHS_NUMBER}.", subject=f"About {NHS_NUMBER}")
    for path in (f"/cases/{case.reference}", f"/cases/{case.reference}/why", "/cases?show=all"):
        assert NHS_NUMBER not in (await asha.get(path)).text
    answer = await asha.press(case.reference, "whole")
    assert f"My NHS number is {NHS_NUMBER}." in answer.text
    async with store.unit() as unit:
        kinds = select(CaseEvent.kind, CaseEvent.actor).where(CaseEvent.version < 0)
        assert (await unit.session.execute(kinds)).all() == [("read_whole", "UASHA")]
    assert (await now(store, case)).version == case.version


async def test_the_message_as_it_arrived_can_be_saved(asha, make):
    case = await make("As it arrived.")
    answer = await asha.press(case.reference, "whole")
    [link] = re.findall(r'href="(/raw/[^"]+)"', answer.text)
    raw = await asha.get(link)
    assert raw.headers["Content-Disposition"].startswith("attachment")
    assert "As it arrived." in raw.text


async def test_why_it_was_decided_so_can_be_read(asha, make):
    case = await make()
    text = (await asha.get(f"/cases/{case.reference}/why")).text
    assert "Escalate, 95 % sure to be right" in text
    assert "a condition of an automatic answer does not hold" in text


async def test_a_claimed_case_is_the_officers_in_slack_too(asha, store, make):
    case = await make()
    answer = await asha.press(case.reference, "claim")
    assert "The case is yours." in answer.text
    after = await now(store, case)
    assert (after.officer, after.officer_name, after.state) == ("UASHA", "Asha Verma", "open")
    assert f"case:{case.id}:card:2" in [one.key for one in await outgoing(store, "card")]


async def test_a_reply_leaves_in_the_officers_name(asha, store, make):
    case = await make()
    answer = await asha.press(case.reference, "reply", text="Dear Robin,\r\n\r\nIt depends.")
    assert "on its way" in answer.text
    [letter] = await outgoing(store, "officer")
    assert letter.recipient == case.requester
    assert letter.payload["body"] == "Dear Robin,\n\nIt depends."
    assert letter.payload["officer_name"] == "Asha Verma"


async def test_a_reply_that_is_refused_is_given_back_with_why(asha, store, make):
    case = await make()
    written = "[Please answer: “When?”]\nSoon <or late>."
    answer = await asha.press(case.reference, "reply", text=written)
    assert answer.status == 422
    assert "still say" in answer.text
    assert "Soon &lt;or late&gt;.</textarea>" in answer.text
    assert await outgoing(store, "officer") == []


async def test_an_answer_is_sent_only_by_who_says_that_they_read_the_enquiry(asha, store, make):
    case = await make(offered=True)
    refused = await asha.press(case.reference, "approve")
    assert refused.status == 422
    assert await outgoing(store, "answer") == []
    await asha.press(case.reference, "approve", read="yes")
    [letter] = await outgoing(store, "answer")
    assert letter.payload["officer_name"] == "Asha Verma"
    assert (await now(store, case)).resolution == "answered"


async def test_types_are_put_right(asha, store, make):
    case = await make()
    await asha.press(case.reference, "reclassify", **{"types.process": "yes", "types.other": "yes"})
    assert (await now(store, case)).types == (EnquiryType.PROCESS, EnquiryType.OTHER)
    none = await asha.press(case.reference, "reclassify")
    assert "at least one type" in none.text


@pytest.mark.parametrize("reason", RESOLUTIONS)
async def test_a_case_is_resolved_for_a_listed_reason_and_reopened(asha, store, make, reason):
    case = await make()
    await asha.press(case.reference, "resolve", resolution=reason)
    assert (await now(store, case)).resolution == reason
    assert RESOLUTIONS[reason] in (await asha.get(f"/cases/{case.reference}")).text
    await asha.press(case.reference, "reopen")
    assert (await now(store, case)).state == "open"


async def test_no_other_reason_resolves_a_case(asha, make):
    case = await make()
    answer = await asha.press(case.reference, "resolve", resolution="tired")
    assert answer.status == 422
    assert "one of the listed reasons" in answer.text


async def test_a_stale_press_is_refused_with_all_that_changed_since(asha, tom: Browser, make):
    case = await make()
    drawn = await asha.hidden(case.reference)
    await tom.press(case.reference, "claim")
    await tom.press(case.reference, "reply", text="Tom's word.")
    answer = await asha.post(f"/cases/{case.reference}/reply", drawn | {"text": "Mine."})
    assert answer.status == 409
    assert re.findall(r"<li>(Tom Ellery \w+(?: it)?)</li>", answer.text) == [
        "Tom Ellery claimed it",
        "Tom Ellery replied",
    ]
    assert "Mine.</textarea>" in answer.text


async def test_what_was_typed_is_given_back_where_no_reply_is_possible_any_more(asha, tom, make):
    case = await make()
    drawn = await asha.hidden(case.reference)
    await tom.press(case.reference, "resolve", resolution="spam")
    answer = await asha.post(f"/cases/{case.reference}/reply", drawn | {"text": "Mine <b>."})
    assert "What you wrote" in answer.text
    assert "Mine &lt;b&gt;." in answer.text


async def test_only_what_the_state_allows_is_offered(asha, make):
    case = await make()
    await asha.press(case.reference, "resolve", resolution="spam")
    text = (await asha.get(f"/cases/{case.reference}")).text
    at = re.findall(rf'action="/cases/{case.reference}/(\w+)"', text)
    assert at == ["reopen", "whole", "note", "ask", "link", "propose_article"]
    answer = await asha.press(case.reference, "reply", text="Too late.")
    assert "cannot be replied to" in answer.text


async def test_a_mail_that_failed_is_sent_again_on_an_officers_word(asha, store, make):
    case = await make()
    await asha.press(case.reference, "reply", text="A word.")
    [letter] = await outgoing(store, "officer")
    async with store.unit() as unit:
        failed = update(Outgoing).where(Outgoing.id == letter.id)
        await unit.session.execute(failed.values(state=OutgoingState.FAILED, error="550 <no>"))
    text = (await asha.get(f"/cases/{case.reference}")).text
    assert "could not be delivered" in text
    assert "550 &lt;no&gt;" in text
    form = {"mail": str(letter.id), "decision": "again"}
    assert "sent again" in (await asha.press(case.reference, "mail", **form)).text
    [letter] = await outgoing(store, "officer")
    assert letter.state == OutgoingState.READY
    again = await asha.press(case.reference, "mail", **form)
    assert "no longer waiting" in again.text


async def test_a_mail_of_another_case_is_not_decided_here(asha, store, make):
    one, other = await make(), await make()
    await asha.press(other.reference, "reply", text="A word.")
    [letter] = await outgoing(store, "officer")
    async with store.unit() as unit:
        failed = update(Outgoing).where(Outgoing.id == letter.id)
        await unit.session.execute(failed.values(state=OutgoingState.FAILED))
    form = {"mail": str(letter.id), "decision": "arrived"}
    assert (await asha.press(one.reference, "mail", **form)).status == 409
    [letter] = await outgoing(store, "officer")
    assert letter.state == OutgoingState.FAILED


@pytest.mark.parametrize("error", ["token_revoked", "invalid_auth"])
async def test_the_pages_say_that_slack_takes_nothing_as_soon_as_it_says_so(
    asha, store, make, error
):
    case = await make()
    paths = ("/cases", f"/cases/{case.reference}")
    for path in paths:
        assert "Slack is not being reached" not in (await asha.get(path)).text
    async with store.unit() as unit:
        cards = update(Outgoing).where(Outgoing.transport == "slack")
        await unit.session.execute(cards.values(error=f"{TOKEN_REFUSED}{error}"))
    for path in paths:
        text = (await asha.get(path)).text
        assert "Slack is not being reached: its token" in text
        assert "1 post waits" in text


@pytest.mark.parametrize("path", ["ENQ-000000-0000", "nonsense", "%00", "%FF"])
async def test_a_case_that_is_not_there_has_a_page_that_says_so(asha, path):
    assert (await asha.get(f"/cases/{path}")).status == 404


async def test_an_action_that_is_not_known_is_none(asha, make):
    case = await make()
    assert (await asha.press(case.reference, "burn")).status == 404


async def test_every_field_has_a_label_and_every_action_a_form(asha, make, desk):
    case = await make(offered=True)
    text = (await asha.get(f"/cases/{case.reference}")).text
    fields = re.findall(r'<(?:textarea|select|input)[^>]*? id="([\w.-]+)"', text)
    assert sorted(fields) == sorted(re.findall(r'<label for="([\w.-]+)"', text))
    assert len(set(fields)) == len(fields)
    office = Office(desk, {"UTOM": "Tom Ellery"})
    who = Officer("UASHA", "Asha Verma", may_act=True)
    offered = {str(one.action) for one in ACTIONS if one.is_offered(case, who, office)}
    assert len(offered) > 12
    assert offered <= set(re.findall(rf'action="/cases/{case.reference}/(\w+)"', text))
