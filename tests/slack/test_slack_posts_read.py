"""A post read as its writer saw it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.incoming import SUBJECT_CHARACTERS, Post, plain, read_inbound, subject_of
from bot.slack.mrkdwn import escape
from handlers.inbound import Waiting

NAMES = {"UBEN": "Ben Osei"}


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("<@UBOT> who may apply?", "who may apply?"),
        ("ask <@UBEN> or <@UELSE|else>", "ask @Ben Osei or @else"),
        ("see <https://a.example/?b=1&amp;c=2>", "see https://a.example/?b=1&c=2"),
        ("see <https://a.example|the page>", "see the page (https://a.example)"),
        ("<mailto:ann@b.example|ann@b.example>", "ann@b.example"),
        ("in <#C1|general>, <!here> and <!subteam^S1|@team>", "in #general, @here and @team"),
        ("1 &lt; 2 &amp;&amp; 3 &gt; 2", "1 < 2 && 3 > 2"),
        ("two\nlines", "two\nlines"),
        ("", ""),
    ],
)
def test_marks_are_read(sent, read):
    assert plain(sent, NAMES, without="UBOT") == read


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"])))
def test_what_is_escaped_reads_as_it_was(text):
    assert plain(escape(text), {}).split() == escape_free(text).split()


def escape_free(text: str) -> str:
    """Without the marks of direction that `escape` takes away."""
    return "".join(
        " " if "\u202a" <= one <= "\u202e" or "\u2066" <= one <= "\u2069" else one for one in text
    )


def test_a_long_first_line_is_cut_between_words():
    subject = subject_of("word " * 60 + "\nmore")
    assert subject.endswith("word …")
    assert len(subject) <= SUBJECT_CHARACTERS + 2


def test_a_post_becomes_an_arrival_of_its_thread():
    post = Post(channel="C1", ts="2.000001", thread_ts="1.000001", user="UCARLA", text="More.")
    raw = post.model_dump_json().encode()
    arrival = read_inbound(Waiting(7, "slack", "UCARLA", ("C1",), raw))
    assert (arrival.inbound_id, arrival.reply_to, arrival.message_id) == (
        7,
        "UCARLA",
        "slack:C1:2.000001",
    )
    assert (arrival.slack_channel, arrival.slack_thread) == ("C1", "1.000001")
    assert arrival.message.channel == "slack"
