"""Rendered mails: as in the golden files, marked as automatic, and safe whatever the letter."""

import email
import email.policy
from datetime import UTC, datetime
from email.message import EmailMessage
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mail_out.letters import AT, FOLDER, IDENTITY, LETTERS, as_files, rendered

from bot.mail.headers_out import bare_subject, person
from bot.mail.render import render, render_text
from handlers.letters import Content, Letter, Link, Part, Series

KNOWN_FIELDS = {
    "From", "To", "Cc", "Reply-To", "Subject", "Date", "Message-ID", "In-Reply-To", "References",
    "Content-Language", "Auto-Submitted", "X-Auto-Response-Suppress", "MIME-Version",
    "Content-Type",
}  # fmt: skip

anything = st.text(max_size=60) | st.text(
    alphabet="\r\n\t\0\x85\u2028\ud800 aé<>@\",;:()[]=?\\.'#{}%&-李", max_size=80
)
links = st.builds(Link, text=anything, url=anything)
parts = st.builds(
    Part, article=anything, version=st.integers(), passage=anything, sha256=anything,
    heading=anything, text=anything, links=st.lists(links, max_size=2).map(tuple),
)  # fmt: skip
series = st.builds(
    Series, id=anything, title=anything, publisher=anything, url=anything,
    geography=st.none() | anything,
    first=st.none() | anything,
    last=st.none() | anything,
    frequency=st.none() | anything,
    without=st.lists(anything, max_size=2).map(tuple),
)  # fmt: skip
letters = st.builds(
    Letter,
    template=st.sampled_from(["answer", "acknowledgement", "closing", "officer"]),
    reference=anything | st.just("ENQ-7K3MQD-4T9P"),
    closes_on=st.none() | st.dates(),
    to=anything | st.emails(),
    to_name=anything,
    cc=st.lists(anything | st.emails(), max_size=2).map(tuple),
    subject=anything,
    content=st.builds(
        Content,
        parts=st.lists(parts, max_size=2).map(tuple),
        series=st.lists(series, max_size=1).map(tuple),
    ),
    body=anything,
    officer_name=anything,
    message_id=anything | st.just("<a.b@triagebot.example>"),
    in_reply_to=st.none() | anything,
    references=st.lists(anything, max_size=3).map(tuple),
)


def parsed(message: EmailMessage) -> EmailMessage:
    """What a receiver makes of the bytes that are sent."""
    return email.message_from_bytes(message.as_bytes(), policy=email.policy.default)


@pytest.mark.parametrize("name", LETTERS)
def test_each_letter_looks_as_its_golden_files_say(name: str) -> None:
    for file, content in as_files(name, rendered(name)).items():
        assert content == (FOLDER / file).read_text(), file


def test_no_golden_file_is_left_over_and_each_template_has_one() -> None:
    expected = {f"{name}.{end}" for name in LETTERS for end in ("headers.txt", "txt", "html")}
    assert {path.name for path in FOLDER.iterdir()} == expected
    assert {letter.template for letter in LETTERS.values()} == {
        "answer", "acknowledgement", "closing", "officer",
    }  # fmt: skip


@given(letters)
@settings(max_examples=300, deadline=None)
def test_rendering_never_fails_and_what_is_sent_reads_back(letter: Letter) -> None:
    message = render(letter, IDENTITY, at=AT)
    back = parsed(message)
    assert set(back.keys()) <= KNOWN_FIELDS
    assert len(back.keys()) == len(set(back.keys()))
    assert message.as_bytes().isascii()
    text, html = back.iter_parts()
    subject, expected = render_text(letter, IDENTITY)
    assert text.get_content().replace("\r\n", "\n") == expected
    assert html.get_content_type() == "text/html"
    assert back["Subject"].split() == subject.split()
    assert back["From"].addresses[0].addr_spec == IDENTITY.address
    assert not back.defects


@given(letters)
@settings(max_examples=100, deadline=None)
def test_html_holds_no_tag_that_a_letter_brought(letter: Letter) -> None:
    class Tags(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.found: list[tuple[str, list[tuple[str, str | None]]]] = []

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            self.found.append((tag, attrs))

    _, html = render(letter, IDENTITY, at=AT).iter_parts()
    assert isinstance(html, EmailMessage)
    tags = Tags()
    tags.feed(html.get_content())
    allowed = {
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "div",
        "h1",
        "h2",
        "h3",
        "p",
        "ul",
        "li",
        "a",
        "br",
        "strong",
    }
    assert {tag for tag, _ in tags.found} <= allowed
    for _, attributes in tags.found:
        assert not any(name.startswith("on") for name, _ in attributes)
        target = dict(attributes).get("href") or "https://"
        assert target.startswith(("https://", "http://", "mailto:", "tel:"))


@pytest.mark.parametrize("name", ["answer", "acknowledgement", "closing"])
def test_automatic_mail_carries_the_marks_of_automatic_mail(name: str) -> None:
    """RFC 3834 5, and what Outlook and Exchange heed."""
    message = parsed(render(LETTERS[name], IDENTITY))
    assert message["Auto-Submitted"] == "auto-replied"
    assert message["X-Auto-Response-Suppress"] == "All"


def test_an_officers_mail_is_a_persons_mail() -> None:
    message = parsed(render(LETTERS["officer"], IDENTITY))
    assert "Auto-Submitted" not in message
    assert "X-Auto-Response-Suppress" not in message


def test_a_mail_continues_the_thread() -> None:
    message = parsed(render(LETTERS["answer"], IDENTITY))
    assert message["Message-ID"] == LETTERS["answer"].message_id
    assert message["In-Reply-To"] == "<second@example.org>"
    assert message["References"].split() == ["<first@example.org>", "<second@example.org>"]


def test_references_are_bounded_folded_and_never_encoded() -> None:
    ids = tuple(f"<{'x' * 90}{number}@example.org>" for number in range(50))
    letter = LETTERS["answer"].model_copy(update={"references": ids, "in_reply_to": ids[-1]})
    raw = render(letter, IDENTITY).as_bytes()
    back = email.message_from_bytes(raw, policy=email.policy.default)
    assert back["References"].split() == [ids[0], *ids[-19:]]
    assert max(map(len, raw.split(b"\r\n"))) < 200


def test_a_line_break_in_subject_name_or_id_adds_no_field() -> None:
    evil = "x\r\nBcc: eve@example.org\r\n\r\nbody"
    letter = LETTERS["officer"].model_copy(
        update={
            "subject": evil, "to_name": evil, "officer_name": evil, "reference": evil,
            "message_id": f"<a@example.org>{evil}", "references": (evil,), "to": evil,
        }
    )  # fmt: skip
    back = parsed(render(letter, IDENTITY))
    assert "Bcc" not in back
    assert set(back.keys()) <= KNOWN_FIELDS


def test_the_date_is_now_unless_it_is_given() -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    assert before <= parsed(render(LETTERS["answer"], IDENTITY))["Date"].datetime


def test_a_mail_that_is_sent_again_is_the_same_mail() -> None:
    first, second = (render(LETTERS["answer"], IDENTITY, at=AT).as_bytes() for _ in range(2))
    assert first == second


def test_automatic_mail_quotes_nothing_of_the_enquirer_but_the_subject() -> None:
    letter = LETTERS["acknowledgement"].model_copy(update={"body": "what they wrote"})
    assert "what they wrote" not in render_text(letter, IDENTITY)[1]


def test_each_page_is_linked_once() -> None:
    text = render_text(LETTERS["answer"], IDENTITY)[1]
    assert text.count("https://www.example.org/dars/charges") == 1


@pytest.mark.parametrize(
    ("subject", "shown"),
    [
        ("Costs", "Costs"),
        ("RE: re[2]: AW: Costs", "Costs"),
        ("Re: Costs [ENQ-7K3MQD-4T9P]", "Costs"),
        ("Fwd: Costs", "Fwd: Costs"),
        ("Reasons: many", "Reasons: many"),
        ("  two\n lines\t", "two lines"),
        ("RE:", ""),
    ],
)
def test_a_subject_is_shown_without_reply_marks_and_reference(subject: str, shown: str) -> None:
    assert bare_subject(subject, "ENQ-7K3MQD-4T9P") == shown


@pytest.mark.parametrize(
    ("name", "greeted"),
    [
        ("Ann O'Hara", "Ann O'Hara"),
        ("Brontë, Zoë (LEEDS)", "Zoë Brontë"),
        ("Dr J.R. Hartley", "Dr J.R. Hartley"),
        ("李雷", "李雷"),
        ("", ""),
        ("ann@example.org", ""),
        ("Win at www.example.org", ""),
        ("example.org", ""),
        ("Call 0300 303 5678", ""),
        ("You have won a prize so write back to us today", ""),
        ("<b>Ann</b>", ""),
    ],
)
def test_only_what_is_clearly_a_name_is_greeted(name: str, greeted: str) -> None:
    assert person(name) == greeted
