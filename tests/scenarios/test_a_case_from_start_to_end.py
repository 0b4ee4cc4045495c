"""One case from the enquirer's first mail to its reopening, over Socket Mode and over HTTP."""

import asyncio
from email.message import EmailMessage

import pytest
import pytest_asyncio
from scenarios.desk import install, open_desk
from scenarios.enquiries import reference_of, text_of
from scenarios.service import MAILBOX, post, until
from slack_world import words

from bot.slack import names
from bot.slack.app import EVENTS_PATH

QUESTION = "Can you extend our agreement DARS-NIC-381078-Y9C5K until March, please?"
REPLY = "Dear Robin,\n\nYes. We have extended it until 31 March.\n\nKind regards"


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["socket mode", "http"])
async def desk(request):
    """A service desk that Slack reaches in one of the two ways."""
    if request.param == "socket mode":
        async with open_desk() as opened:
            yield opened
        return
    async with open_desk(without=("SLACK_APP_TOKEN",), signed=True) as opened:
        port = opened.service.port("dashboard")
        install(opened.slack, f"http://127.0.0.1:{port}{EVENTS_PATH}")
        yield opened


async def test_a_case_is_opened_claimed_answered_continued_resolved_and_reopened(desk):
    first = written("first", "Our agreement", QUESTION)
    await hand_in(desk, first)
    acknowledgement = await desk.reply_to(first)
    reference = reference_of(acknowledgement)
    card = await desk.card(reference, "New", "nobody yet", QUESTION)

    asha = desk.officer("asha")
    await asha.press(card.channel, card.ts, names.CLAIM)
    await desk.card(reference, "Open", "Asha Verma")

    await asha.press(card.channel, card.ts, names.REPLY)
    modal = await desk.modal("asha")
    draft = modal.blocks[0]["element"]["initial_value"]
    assert draft.startswith("Dear Robin Asker")
    assert await asha.submit(modal.id, {names.FIELD: {names.FIELD: "  "}})
    modal = await desk.modal("asha")
    assert await asha.submit(modal.id, {names.FIELD: {names.FIELD: REPLY}}) == {}
    await until(lambda: len(desk.replies_to(first)) == 2, 5, "the officer's mail")
    reply = desk.replies_to(first)[0]
    assert REPLY in text_of(reply).replace("\r\n", "\n")
    assert "Asha Verma" in text_of(reply)
    assert reference_of(reply) == reference
    assert reply.headers.get("References").split()[:2] == [
        first["Message-ID"],
        acknowledgement.message_id,
    ]
    assert reply.headers.get("Auto-Submitted") in {None, "", "no"}
    await desk.card(reference, "Waiting for the enquirer")

    second = written("second", reply.subject, "Thank you. Does that cover our students too?", reply)
    await hand_in(desk, second)
    await desk.card(reference, "*State*\nOpen")
    await until(lambda: desk.thread_of(card), 5, "the message in the card's thread")
    [below] = desk.thread_of(card)
    assert "Does that cover our students too?" in below
    assert "We have extended it" not in below, "what we wrote is quoted back to us"

    await asha.press(card.channel, card.ts, names.RESOLVE)
    modal = await desk.modal("asha")
    assert await asha.submit(modal.id, {names.FIELD: {names.FIELD: "answered"}}) == {}
    await desk.card(reference, "Answered, by Asha Verma")

    third = written("third", f"Re: {first['Subject']} [{reference}]", "One more question, sorry.")
    await hand_in(desk, third)
    reopened = await desk.card(reference, "*State*\nOpen", "Asha Verma")
    assert reopened.ts == card.ts
    await until(lambda: len(desk.thread_of(card)) == 2, 5, "the third message in the thread")

    assert events_of(desk, reference) == [
        *("opened", "claim", "reply", "write_again", "resolve", "write_again")
    ]
    sent = desk.mailbox.newest("robin@uni.example")
    assert len(sent) == 2, "only the acknowledgement and the reply left"


async def test_two_officers_and_a_colleague_press_the_same_button(desk):
    asked = written("pressed", "Our agreement", QUESTION, sender="sam@uni.example")
    await hand_in(desk, asked)
    reference = reference_of(await desk.reply_to(asked))
    card = await desk.card(reference, "nobody yet")
    await desk.officer("callum").press(card.channel, card.ts, names.CLAIM)
    await until(lambda: told(desk, "callum"), 5, "a word to the colleague")
    assert "Only case officers" in told(desk, "callum")[0]
    await asyncio.gather(
        desk.officer("tom").press(card.channel, card.ts, names.CLAIM),
        desk.officer("mei").press(card.channel, card.ts, names.CLAIM),
    )
    await until(lambda: told(desk, "tom") or told(desk, "mei"), 5, "a word to the later one")
    [(owner,)] = desk.service.rows(
        "SELECT officer_name FROM case_record c JOIN enquiry e ON e.id = c.enquiry_id"
        " WHERE reference = %s",
        reference,
    )
    later = "mei" if owner == "Tom Ellery" else "tom"
    assert f"{owner} claimed it" in told(desk, later)[0]


def written(ident, subject, text, before=None, sender="robin@uni.example"):
    """A mail as the enquirer's client writes it; `before` is the mail that it answers."""
    message = EmailMessage()
    message["From"] = f"Robin Asker <{sender}>"
    message["To"] = MAILBOX
    message["Subject"] = subject
    message["Message-ID"] = f"<{ident}@uni.example>"
    if before is not None:
        message["In-Reply-To"] = before.message_id
        message["References"] = " ".join((*before.references, before.message_id))
        quoted = "\n".join(f"> {line}" for line in text_of(before).splitlines())
        text = f"{text}\n\nOn Tue, 3 Mar 2026 at 10:12, DARS <{MAILBOX}> wrote:\n{quoted}"
    message.set_content(text)
    return message


def events_of(desk, reference):
    """What happened to a case, in order."""
    rows = desk.service.rows(
        "SELECT v.kind FROM case_event v JOIN case_record c ON c.id = v.case_id"
        " JOIN enquiry e ON e.id = c.enquiry_id WHERE reference = %s ORDER BY v.id",
        reference,
    )
    return [kind for (kind,) in rows]


async def hand_in(desk, mail):
    await asyncio.to_thread(post, desk.service.port("mail"), mail)


def told(desk, name):
    """What one member alone was told."""
    who = desk.officer_id(name)
    seen = desk.slack.workspace.seen_by(desk.cases_channel, who)
    return [words(one) for one in seen if one.seen_only_by == who]
