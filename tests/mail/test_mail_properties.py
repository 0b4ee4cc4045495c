"""Laws of reading mail: any bytes are read, and quoting below changes nothing."""

import dataclasses
import json
import time

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.mail.parse import as_record, attachment_bytes, parse, to_message
from bot.mail.quotes import newly_written, split

FIELDS = st.sampled_from(
    rb"""From:
To:
Subject:
Date:
Message-ID:
References:
Reply-To:
Content-Type:
Content-Type: multipart/mixed; boundary=b
Content-Type: multipart/alternative; boundary=b
Content-Type: text/html
Content-Type: message/rfc822
Content-Type: text/plain; format=flowed; charset=utf-7

--b
--b--
Content-Transfer-Encoding: base64
Content-Transfer-Encoding: quoted-printable
 folded
 =?utf-8?q?=ff=00?= =?x?b?====?=
Content-Disposition: attachment; filename*0*=utf-8''%ff;
begin 644 a
end
<blockquote type=cite><div id=divRplyFwdMsg>
On 1 Jan 2020 at 10:00, a@b.example wrote:
> old
--
Jane <a@b.example>""".splitlines(keepends=True)
)
MAILS = st.lists(
    FIELDS | st.binary(max_size=30) | st.sampled_from([b"\0", b"\xed\xa0\x80"]), max_size=30
).map(b"".join) | st.binary(max_size=300)
WORDS = st.sampled_from(
    ["data", "please", "hospital", "we", "apply", "2021", "figures?", "Jane", "England", "thanks,"]
)
LINES = st.lists(WORDS, min_size=1, max_size=8).map(" ".join)
LETTERS = st.lists(LINES, min_size=1, max_size=6).map("\n".join)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(MAILS)
def test_any_bytes_are_read_and_give_text_that_can_be_stored(raw: bytes) -> None:
    parsed = parse(raw)
    fields = dataclasses.asdict(parsed)
    flat = [value for value in fields.values() if isinstance(value, str)]
    flat += [
        part
        for value in fields.values()
        if isinstance(value, tuple)
        for part in value
        if isinstance(part, str)
    ]
    flat += [parsed.html or "", *(file.name for file in parsed.attachments)]
    for value in flat:
        assert "\0" not in value
        value.encode("utf-8")
    json.dumps(as_record(parsed, "mail.eml")).encode("utf-8")
    to_message(parsed)
    for index, file in enumerate(parsed.attachments):
        assert len(attachment_bytes(raw, index)) == file.size


@settings(max_examples=100, deadline=None)
@given(LETTERS, LETTERS)
def test_quoting_a_message_below_a_reply_never_changes_what_is_new(reply: str, old: str) -> None:
    alone = newly_written(reply)
    quoted = "\n".join(f"> {line}" for line in old.split("\n"))
    head = "From: A Team <a@b.example>\nSent: 2 March 2022 09:15\nTo: Jane\nSubject: Data"
    for below in (
        f"On Wed, 2 Mar 2022 at 09:15, A Team <a@b.example> wrote:\n\n{quoted}",
        f"On Wed, 2 Mar 2022 at 09:15, A Team <a@b.example> wrote:\n\n{old}",
        f"-----Original Message-----\n{head}\n\n{old}",
        f"{head}\n\n{old}",
        quoted,
    ):
        assert newly_written(f"{reply}\n\n{below}\n") == alone


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_the_new_text_is_empty_only_where_nothing_is_said(text: str) -> None:
    parts = split(text)
    assert parts.new or not any(character.isalnum() for character in text)


def seconds(raw: bytes) -> float:
    """Processor time, so that a busy machine changes nothing."""
    begun = time.process_time()
    parse(raw)
    return time.process_time() - begun


def test_ten_megabytes_of_html_are_read_in_bounded_time() -> None:
    page = b"<p>Dear <b>team</b>, we would like data.</p>\n" * 230_000
    assert seconds(b"Content-Type: text/html\n\n" + page) < 3


def test_two_hundred_nested_multiparts_are_read_in_bounded_time_and_lose_no_byte() -> None:
    opened = b"".join(
        b"--b%d\nContent-Type: multipart/mixed; boundary=b%d\n\n" % (depth, depth + 1)
        for depth in range(200)
    )
    raw = b"Content-Type: multipart/mixed; boundary=b0\n\n" + opened + b"--b200\n\nat the end\n"
    assert seconds(raw) < 2
    assert b"at the end" in attachment_bytes(raw, 0)


def test_hostile_forms_are_read_in_bounded_time() -> None:
    for raw in (
        b"Content-Type: text/html\n\n" + b"<style>" * 100_000,
        b"Subject: " + b"=?a?b?xx " * 100_000 + b"\n\n",
        b"From: " + b"<a@" * 100_000 + b"\n\n",
        b"\n" + b"begin 644 a\n" * 100_000,
        b"\n" + b"On 3 Mar 2022 10:10 a@b x:\n> a\n" * 20_000,
    ):
        assert seconds(raw) < 3
