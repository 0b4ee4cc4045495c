"""What a program writes around a reply, our reader takes off again: the new text comes back."""

import html
from email.message import EmailMessage
from email.policy import SMTP

from hypothesis import given, settings
from hypothesis import strategies as st
from mail_out.letters import AT, IDENTITY, LETTERS

from bot.mail.parse import parse
from bot.mail.render import render
from bot.sandbox.mailbox.mail import Mail
from bot.sandbox.mailbox.writing import reply_to

WORDS = st.sampled_from(
    ["data", "please", "hospital", "we", "apply", "2021", "figures?", "Jane", "England", "thanks,",
     "naïve", "Łódź", "£9,450", "don't", "=", "=20", ".", "..", "e.g.", "50%", "<5", "a&b", "[1]",
     "東京"]
)  # fmt: skip
LINES = st.lists(WORDS, min_size=1, max_size=9).map(" ".join)
REPLIES = (
    st.lists(LINES | st.just(""), min_size=1, max_size=6)
    .map("\n".join)
    .map(str.strip)
    .filter(lambda text: any(char.isalpha() for char in text) and "\n\n\n" not in text)
)
OURS = st.sampled_from(sorted(LETTERS)).map(lambda name: render(LETTERS[name], IDENTITY, at=AT))
ENCODINGS = st.sampled_from(["quoted-printable", "base64", "8bit"])


def answered(ours: EmailMessage) -> Mail:
    """Our letter as its receiver has it in the mailbox."""
    return Mail(1, AT, "service", IDENTITY.address, ("robin@uni.example",), bytes(ours))


@settings(max_examples=60, deadline=None)
@given(OURS)
def test_a_letter_of_ours_is_read_as_it_was_written(ours: EmailMessage) -> None:
    written = ours.get_body(("plain",))
    assert written is not None
    read = parse(bytes(ours))
    assert read.text == written.get_content().replace("\r\n", "\n").strip("\n")
    assert read.message_id == ours["Message-ID"]
    assert read.subject == ours["Subject"]


@settings(max_examples=120, deadline=None)
@given(OURS, REPLIES, ENCODINGS)
def test_a_reply_above_our_letter_comes_back_alone_in_any_encoding(
    ours: EmailMessage, said: str, encoding: str
) -> None:
    before = answered(ours)
    mail = EmailMessage(SMTP)
    mail["From"] = "Robin Asker <robin@uni.example>"
    mail["Subject"] = reply_to(before).subject
    mail.set_content(said + reply_to(before).body, charset="utf-8", cte=encoding)
    assert parse(bytes(mail)).new_text == said


@settings(max_examples=60, deadline=None)
@given(OURS, REPLIES)
def test_so_it_does_from_a_page(ours: EmailMessage, said: str) -> None:
    page = ours.get_body(("html",))
    assert page is not None
    shown = "".join(f"<div>{html.escape(line) or '<br>'}</div>" for line in said.split("\n"))
    mail = EmailMessage(SMTP)
    mail["From"] = "Robin Asker <robin@uni.example>"
    mail["Subject"] = f"Re: {ours['Subject']}"
    mail.set_content(
        f'{shown}<br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">On Mon, 2 Mar 2026 '
        f"at 09:30, Data Access &lt;{IDENTITY.address}&gt; wrote:<br></div>"
        f'<blockquote class="gmail_quote">{page.get_content()}</blockquote></div>',
        subtype="html",
        charset="utf-8",
    )
    assert parse(bytes(mail)).new_text == said
