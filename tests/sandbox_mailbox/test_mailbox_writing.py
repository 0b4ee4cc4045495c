"""What is written on the page goes to the service by SMTP, and a refusal is told in words."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sandbox_mailbox.recording import Place
from stdnum.gb import nhs

from bot.sandbox.mailbox.samples import Sample, read_samples
from handlers.bursts import SHORTLY

FORM = {
    "sender": "ada@northmere.example",
    "name": "Ada Byrne",
    "subject": "Costs",
    "body": "How much?",
}


async def test_the_form_sends_a_real_mail_and_keeps_a_copy(place: Place) -> None:
    status, path, page = await place.post("/mail/send", **FORM)

    assert status == 200
    mail = place.service.message()
    assert place.service.taken[0].mail_from == "ada@northmere.example"
    assert place.service.taken[0].rcpt_tos == ["dars@triagebot.example"]
    assert mail["From"] == "Ada Byrne <ada@northmere.example>"
    assert mail["Subject"] == "Costs"
    assert mail["Message-ID"].endswith("@northmere.example>")
    assert mail["Date"]
    assert mail.get_content().strip() == "How much?"
    [kept] = place.mailbox.newest()
    assert (kept.kind, kept.message_id) == ("sent", mail["Message-ID"])
    assert path == f"/mail/mails/{kept.id}"
    assert "Sent by you" in page


async def test_words_beyond_ascii_arrive_as_they_were_written(place: Place) -> None:
    await place.post(
        "/mail/send", **{**FORM, "name": "Siân Ŵyn", "subject": "Tŷ", "body": "Annwyl dîm\n€"}
    )
    mail = place.service.message()
    assert mail["From"].addresses[0].display_name == "Siân Ŵyn"
    assert mail["Subject"] == "Tŷ"
    assert mail.get_content().splitlines() == ["Annwyl dîm", "€"]


async def test_no_header_can_be_slipped_in_through_a_field(place: Place) -> None:
    await place.post(
        "/mail/send", **{**FORM, "subject": "Costs\r\nBcc: x@y.example", "name": "A\nX: y"}
    )
    mail = place.service.message()
    assert mail["Bcc"] is None
    assert mail["X"] is None
    assert mail["Subject"] == "Costs Bcc: x@y.example"


@pytest.mark.parametrize(
    "sender",
    ["", "nobody", "a b@x.example", "a@x.example\r\nRCPT TO:<b@x>", "a@", "siân@x.example"],
)
async def test_what_is_no_address_is_said_and_what_was_typed_stays(
    place: Place, sender: str
) -> None:
    status, _, page = await place.post("/mail/send", **{**FORM, "sender": sender})
    assert status == 422
    assert "cannot be used as an address" in page
    assert "How much?" in page
    assert (len(place.mailbox), place.service.taken) == (0, [])


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        (
            "451 4.3.0 Please try again later",
            "451 4.3.0 Please try again later Try again in a moment",
        ),
        ("552 5.3.4 Too large", "did not take the mail: 552 5.3.4 Too large"),
    ],
)
async def test_a_refusal_of_the_service_is_told(place: Place, refusal: str, words: str) -> None:
    place.service.refusal = refusal
    status, _, page = await place.post("/mail/send", **FORM)
    assert status == 502
    assert words in page
    assert "How much?" in page
    assert len(place.mailbox) == 0


async def test_a_mailbox_that_the_service_does_not_have_is_told(place: Place) -> None:
    ident = place.from_service(b"From: other@triagebot.example\r\nTo: ada@x.example\r\n\r\nhello")
    status, _, page = await place.post("/mail/send", **FORM, answers=str(ident))
    assert status == 502
    assert "does not take mail for other@triagebot.example: 550 5.1.1 No such mailbox" in page


async def test_a_reply_keeps_the_thread_and_quotes(place: Place) -> None:
    ident = place.from_service(
        b"From: Data Access <dars@triagebot.example>\r\nTo: Ada Byrne <ada@northmere.example>\r\n"
        b"Subject: Re: Costs [ENQ-7K3MQD-4T9P]\r\nMessage-ID: <told@triagebot.example>\r\n"
        b"In-Reply-To: <ask@northmere.example>\r\nReferences: <ask@northmere.example>\r\n\r\n"
        b"It is an estimate.\r\n\r\nYours\r\n"
    )
    page = await place.text(f"/mail/mails/{ident}?reply=1")
    assert 'value="ada@northmere.example"' in page
    assert 'value="Re: Costs [ENQ-7K3MQD-4T9P]"' in page
    assert re.search(
        r"On .*, Data Access &lt;dars@triagebot.example&gt; wrote:\n&gt; It is an", page
    )

    form = {**FORM, "subject": "Re: Costs [ENQ-7K3MQD-4T9P]", "answers": str(ident)}
    _, path, _ = await place.post("/mail/send", **form)

    mail = place.service.message()
    assert mail["In-Reply-To"] == "<told@triagebot.example>"
    assert mail["References"] == "<ask@northmere.example> <told@triagebot.example>"
    sent = place.mailbox.newest()[0]
    assert path == f"/mail/mails/{sent.id}"
    assert [one.id for one in place.mailbox.thread(sent)] == [ident, sent.id]


async def test_long_ids_reach_the_service_whole(place: Place) -> None:
    """Where a line is folded, no id is cut or encoded: the thread would break."""
    ids = [f"<{'x' * 90}.{number}@triagebot.example>" for number in range(5)]
    header = (
        f"From: dars@triagebot.example\r\nReferences: {' '.join(ids[:4])}\r\nMessage-ID: {ids[4]}"
    )
    ident = place.from_service(f"{header}\r\n\r\nhello".encode())
    await place.post("/mail/send", **FORM, answers=str(ident))
    mail = place.service.message()
    assert mail["References"].split() == ids
    assert mail["In-Reply-To"] == ids[4]
    assert b"=?" not in (place.service.taken[0].original_content or b"")


async def test_a_reply_to_a_mail_that_is_gone_says_so(place: Place) -> None:
    status, _, page = await place.post("/mail/send", **FORM, answers="999")
    assert status == 404
    assert "This mail is not here" in page


async def test_another_sites_page_cannot_send_mail(place: Place) -> None:
    for path in ("/mail/send", "/mail/samples/ndrs-cost"):
        for origin in ("http://evil.example", "null"):
            async with place.client.post(path, data=FORM, headers={"Origin": origin}) as answer:
                assert answer.status == 403
    assert place.service.taken == []


@pytest.mark.parametrize("sample", read_samples().samples, ids=lambda sample: sample.slug)
async def test_a_sample_is_sent_with_one_click(place: Place, sample: Sample) -> None:
    assert f'data-testid="sample-{sample.slug}"' in await place.text("/mail/")
    status, _, _ = await place.post(f"/mail/samples/{sample.slug}")
    assert status == 200
    mail = place.service.message()
    assert mail["From"].addresses[0].addr_spec == sample.address
    assert mail["Subject"] == sample.subject
    assert mail.get_content() == sample.body
    assert {name: mail[name] for name in sample.headers} == sample.headers


async def test_who_sends_the_same_twice_is_told_that_it_counts_as_one_mail(place: Place) -> None:
    """The service answers the first only, and nobody should wait for a second answer."""
    _, first, page = await place.post("/mail/samples/ndrs-cost")
    assert 'data-testid="copy"' not in page
    assert 'id="waiting" >' in page
    _, second, page = await place.post("/mail/samples/ndrs-cost")
    assert second != first
    assert 'data-testid="copy"' in page
    assert f'<a href="{first}">' in page
    assert 'id="waiting" hidden>' in page
    _, _, page = await place.post("/mail/send", **FORM)
    assert 'data-testid="copy"' not in page
    _, _, page = await place.post("/mail/send", **{**FORM, "body": "Something else."})
    assert 'data-testid="copy"' not in page


async def test_the_same_words_a_while_later_are_asked_anew(place: Place) -> None:
    long_ago = datetime.now(UTC) - SHORTLY - timedelta(seconds=1)
    sample = read_samples().samples[0]
    raw = sample.draft(place.service.address).message().as_bytes()
    place.mailbox.keep(
        raw, envelope_from=sample.address, envelope_to=("x",), origin="page", at=long_ago
    )
    _, _, page = await place.post(f"/mail/samples/{sample.slug}")
    assert 'data-testid="copy"' not in page


async def test_an_unknown_sample_is_not_found(place: Place) -> None:
    status, _, _ = await place.post("/mail/samples/none")
    assert status == 404


def test_all_samples_are_invented_and_told_apart() -> None:
    """Addresses on example domains, NHS numbers that are never issued, no slug twice."""
    known = read_samples()
    assert len({one.slug for one in known.samples}) == len(known.samples) >= 12
    for one in (*known.samples, *known.writers):
        assert one.address.endswith(".example")
    numbers = [
        found for one in known.samples for found in re.findall(r"\d{3} \d{3} \d{4}", one.body)
    ]
    assert numbers
    assert all(number.startswith("999") and nhs.is_valid(number) for number in numbers)
    assert known.sample("out-of-office").headers["Auto-Submitted"] == "auto-replied"  # type: ignore[union-attr]
