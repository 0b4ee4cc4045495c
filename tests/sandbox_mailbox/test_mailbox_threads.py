"""Mails that belong together are shown together, and each says what it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.mailbox import Mail, Mailbox
from bot.sandbox.mailbox.mail import Kind, Origin


def keep(
    mailbox: Mailbox, *lines: str, origin: Origin = "service", to: str = "ada@x.example"
) -> Mail:
    raw = "\r\n".join((*lines, "", "text")).encode()
    return mailbox.keep(raw, envelope_from="", envelope_to=(to,), origin=origin)


def test_replies_stand_below_the_mail_that_they_answer() -> None:
    mailbox = Mailbox()
    asked = keep(mailbox, "Message-ID: <ask@x.example>", "Subject: Costs", origin="page")
    keep(mailbox, "Message-ID: <else@x.example>", "Subject: Costs", origin="page")
    told = keep(mailbox, "Message-ID: <told@t.example>", "In-Reply-To: <ask@x.example>")
    more = keep(
        mailbox, "Message-ID: <more@x.example>", "References: <told@t.example>", origin="page"
    )
    for mail in (asked, told, more):
        assert mailbox.thread(mail) == [asked, told, more]


def test_the_reference_in_the_subject_ties_mails_whose_headers_do_not() -> None:
    mailbox = Mailbox()
    first = keep(mailbox, "Message-ID: <1@t.example>", "Subject: Re: A [ENQ-7K3MQD-4T9P]")
    other = keep(mailbox, "Message-ID: <2@t.example>", "Subject: Re: B [ENQ-7K3MQD-0000]")
    second = keep(mailbox, "Message-ID: <3@x.example>", "Subject: new words enq-7k3mqd-4t9p")
    third = keep(mailbox, "Message-ID: <ENQ-7K3MQD-4T9P.0a@t.example>", "Subject: no reference")
    assert mailbox.thread(first) == [first, second, third]
    assert mailbox.thread(other) == [other]


def test_mails_without_any_id_stand_alone() -> None:
    mailbox = Mailbox()
    first, second = keep(mailbox, "Subject: a"), keep(mailbox, "Subject: a")
    assert mailbox.thread(first) == [first]
    assert mailbox.thread(second) == [second]


@pytest.mark.parametrize(
    ("origin", "headers", "kind"),
    [
        ("page", ["Auto-Submitted: auto-replied"], "sent"),
        ("service", ["Auto-Submitted: auto-replied", "X-Triagebot-Letter: answer"], "answer"),
        ("service", ["X-Triagebot-Letter: acknowledgement"], "acknowledgement"),
        ("service", ["X-Triagebot-Letter: officer"], "officer"),
        ("service", ["Auto-Submitted: auto-replied"], "automatic"),
        ("service", ["Auto-Submitted: no"], "officer"),
        ("service", ["Subject: hello"], "officer"),
    ],
)
def test_a_mail_says_what_it_is(origin: Origin, headers: list[str], kind: Kind) -> None:
    assert keep(Mailbox(), *headers, origin=origin).kind == kind


def test_mails_are_found_by_any_part_of_an_address() -> None:
    mailbox = Mailbox()
    here = keep(mailbox, "Subject: here", to="Ada@Northmere.example")
    keep(mailbox, "Subject: there", to="ben@lindhurst.example")
    sent = keep(mailbox, "From: Ada <ada@northmere.example>", origin="page", to="dars@t.example")
    assert mailbox.newest("northmere") == [sent, here]
    assert mailbox.newest(" ADA@ ") == [sent, here]
    assert mailbox.newest("nobody") == []
    assert mailbox.newest(most=1) == [sent]


@given(st.lists(st.binary(max_size=300), max_size=5))
def test_any_bytes_can_be_kept_and_asked_for_all_that_a_page_shows(raws: list[bytes]) -> None:
    mailbox = Mailbox()
    for raw in raws:
        mail = mailbox.keep(raw, envelope_from="", envelope_to=())
        assert mail in mailbox.thread(mail)
        shown = (mail.subject, mail.message_id, mail.enquirer, mail.source, mail.parsed.text)
        "".join((*shown, mail.sender.name, mail.recipient.address, mail.answer_to)).encode()
        assert mail.kind in {"officer", "automatic", "answer", "acknowledgement"}
