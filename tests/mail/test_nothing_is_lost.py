# ruff: noqa: E501, ISC004, RUF001 -- a hostile mail a line, and Chinese
"""Laws of reading mail: each part is text or a file, and a reply to our letter is read alone."""

import html
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.mail.parse import attachment_bytes, parse

DATA = Path(__file__).parents[1] / "data"
LETTERS = sorted((DATA / "golden_mail").glob("*.html"))
REPLIES = st.sampled_from(
    [
        "Yes, the second one please.",
        "Thank you, that helps.\nMay we also have the years before 2015?",
        "No. We need it for each trust:\n\n- admissions\n- outpatients",
        "Oui, merci beaucoup.",
        "好的，谢谢。",
        "Dear team,\n\nwe wrote to you on Monday. From: 2019, to: 2021, is that possible?",
    ]
)


@dataclass(frozen=True)
class Node:
    """A part to be: its type, the word that only it holds, or the parts in it."""

    kind: str
    word: str
    children: tuple["Node", ...] = ()

    def text(self, depth: int = 0) -> str:
        if not self.children:
            content = f"<p>{self.word}</p>" if self.kind == "text/html" else self.word
            return f"Content-Type: {self.kind}\n\n{content}\n"
        edge = f"b{depth}"
        inner = "".join(f"--{edge}\n{child.text(depth + 1)}\n" for child in self.children)
        return f"Content-Type: {self.kind}; boundary={edge}\n\n{inner}--{edge}--\n"

    def leaves(self) -> list["Node"]:
        return [leaf for child in self.children for leaf in child.leaves()] or [self]


WORDS = st.integers(0, 10**9).map(lambda number: f"word{number}word")
LEAVES = st.builds(
    Node,
    st.sampled_from(
        ["text/plain", "text/html", "text/calendar", "text/csv", "application/pdf", "image/png",
         "message/rfc822", "message/partial", "message/delivery-status", "application/ms-tnef",
         "application/pkcs7-mime", "application/pgp-signature", "text/plain; name=a.txt",
         "nonsense", "multipart/mixed"]
    ),
    WORDS,
)  # fmt: skip
TREES = st.recursive(
    LEAVES,
    lambda inner: st.builds(
        Node,
        st.sampled_from(["multipart/mixed", "multipart/related", "multipart/report",
                         "multipart/signed", "multipart/encrypted", "multipart/parallel"]),
        st.just(""),
        st.lists(inner, min_size=1, max_size=4).map(tuple),
    ),
    max_leaves=10,
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(TREES)
def test_each_part_is_in_the_text_or_among_the_files(tree: Node) -> None:
    raw = f"Subject: Data\n{tree.text()}".encode()
    parsed = parse(raw)
    files = b"\n".join(attachment_bytes(raw, at) for at in range(len(parsed.attachments)))
    for leaf in tree.leaves():
        assert leaf.word in parsed.text or leaf.word.encode() in files, leaf


@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: letter.stem)
@settings(max_examples=20, deadline=None)
@given(reply=REPLIES)
def test_a_reply_to_our_letter_is_read_without_the_letter(letter: Path, reply: str) -> None:
    ours = letter.with_suffix(".txt").read_text(encoding="utf-8")
    quoted = "\n".join(f"> {line}".rstrip() for line in ours.split("\n"))
    wrote = "On Wed, 2 Mar 2022 at 09:15, Data Access <dars@triagebot.example> wrote:"
    head = "From: Data Access <dars@triagebot.example>\nSent: 2 March 2022 09:15\nTo: Jane\nSubject: Re"
    for text in (
        f"{reply}\n\n{wrote}\n\n{quoted}",
        f"{wrote}\n\n{quoted}\n\n{reply}",
        f"{reply}\n\n{head}\n\n{ours}",
        f"{reply}\n\n-----Original Message-----\n{head}\n\n{ours}",
    ):
        assert parse(f"Subject: Re: Data\n\n{text}\n".encode()).new_text == reply


@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: letter.stem)
def test_a_reply_in_html_to_our_letter_is_read_without_the_letter(letter: Path) -> None:
    ours = letter.read_text(encoding="utf-8")
    reply = "Yes, the second & last one please."
    wrote = "On Wed, 2 Mar 2022, Data Access &lt;dars@triagebot.example&gt; wrote:"
    written = f"<div>{html.escape(reply)}</div>"
    for page in (
        f'{written}<div class="gmail_quote"><div class="gmail_attr">{wrote}</div>'
        f'<blockquote class="gmail_quote">{ours}</blockquote></div>',
        f'{written}<div id="appendonsend"></div><div id="divRplyFwdMsg">x</div>{ours}',
        f'<div class="moz-cite-prefix">{wrote}</div><blockquote type="cite">{ours}</blockquote>{written}',
        f'{written}<div class="yahoo_quoted">{wrote}{ours}</div>',
    ):
        raw = f"Subject: Re: Data\nContent-Type: text/html; charset=utf-8\n\n{page}".encode()
        assert parse(raw).new_text == reply


HOSTILE = {
    "a page of 10 MB": b"Content-Type: text/html\n\n" + b"<p>Dear <b>team</b>, data.</p>\n" * 330_000,
    "a text of 10 MB": b"\n" + b"Dear team, where do we apply for data?\n" * 260_000,
    "50,000 tags in one another": b"Content-Type: text/html\n\n" + b"<div>" * 50_000 + b"x",
    "20,000 tables in one another": b"Content-Type: text/html\n\n" + b"<table><tr><td>" * 20_000,
    "20,000 quotations in one another": b"Content-Type: text/html\n\n" + b"<blockquote>" * 20_000,
    "500,000 boundaries": b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n" * 500_000,
    "20,000 undeclared boundaries": b"Content-Type: multipart/mixed\n\n"
    + b"".join(b"--b%d\nContent-Type: multipart/mixed\n\n" % at for at in range(20_000)),
    "50,000 messages in one another": b"Content-Type: message/rfc822\n\n" * 50_000,
    "300,000 fields": b"X: y\n" * 300_000 + b"\nhi",
    "100,000 recipients": b"To: " + b"Jane <a@b.example>, " * 100_000 + b"\n\nhi",
    "9,000 quoted lines above an answer": b"\n" + b"> a\n" * 9_000 + b"text\n",
    "9,000 attributions": b"\n" + b"On 3 Mar 2022 at 10:10 a@b.example wrote:\n" * 9_000,
    "4,500 signatures": b"\nText\n" + b"-- \nJane\n" * 4_500,
    "2,500 dates on a line above a quotation": b"\n" + (b"On 2020 " * 120 + b"\n> a\n") * 2_500,
    "lines of blanks": b"\n" + (b" " * 900 + b"x\n") * 9_000,
    "150,000 armoured signatures": b"\n" + b"-----BEGIN PGP SIGNATURE-----\na\n" * 150_000,
    "35,000 blank lines": b"\nReceived" + b"\n" * 35_000 + b"x",
    "words far apart": b"\n" + (b"this" + b" " * 40_000) * 8,
    "values without end": b"Content-Type: application/pkcs7-mime\n\n" + b"\x30\x80" * 1_000_000,
    "attributes without end": b"Content-Type: application/ms-tnef\n\n\x78\x9f\x3e\x22\0\0"
    + b"\1\x02\x90\x06\0\0\0\0\0\0\0" * 500_000,
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_sizes_take_less_than_two_seconds(name: str) -> None:
    begun = time.process_time()
    parse(HOSTILE[name])
    assert time.process_time() - begun < 2


@pytest.mark.long
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak is read from /proc")
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_sizes_take_less_than_300_mb(name: str, tmp_path: Path) -> None:
    mail = tmp_path / "hostile.eml"
    mail.write_bytes(HOSTILE[name])
    program = (
        "import re, sys; from pathlib import Path; from bot.mail.parse import parse;"
        "parse(Path(sys.argv[1]).read_bytes());"
        "print(re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())[1])"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, str(mail)], capture_output=True, text=True, check=True
    )
    assert int(run.stdout) < 300 * 1024
