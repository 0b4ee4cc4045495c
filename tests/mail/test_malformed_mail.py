"""Mail that breaks the rules is read as its sender meant it, and nothing of it is lost."""

import base64

import pytest

from bot.mail.parse import ParsedMail, attachment_bytes, parse

HEAD = b"From: jane@x.example\nSubject: Data\n"
TWO_PARTS = (
    b"preamble\n--used\nContent-Type: text/plain\n\nWhere?\n"
    b"--used\nContent-Type: application/pdf; name=a.pdf\n\nPDF\n--used--\n"
)


def body(fields: bytes, content: bytes) -> ParsedMail:
    return parse(HEAD + fields + b"\n\n" + content)


@pytest.mark.parametrize(
    "declared",
    [b"multipart/mixed", b"multipart/mixed; boundary=other", b'multipart/mixed; boundary=""'],
)
def test_parts_are_found_by_the_boundary_that_is_used_not_the_one_declared(declared: bytes) -> None:
    parsed = body(b"Content-Type: " + declared, TWO_PARTS)
    assert parsed.text == "Where?"
    assert [file.name for file in parsed.attachments] == ["a.pdf"]


def test_a_boundary_named_within_a_line_divides_nothing() -> None:
    content = b"See --b here\n--b\n\nWhere is --b used?\n--bc\n--b--\nepilogue\n"
    parsed = body(b"Content-Type: multipart/mixed; boundary=b", content)
    assert parsed.text == "Where is --b used?\n--bc"


def test_a_multipart_encoded_as_a_whole_is_opened() -> None:
    fields = b"Content-Type: multipart/mixed; boundary=used\nContent-Transfer-Encoding: base64"
    parsed = body(fields, base64.encodebytes(TWO_PARTS))
    assert parsed.text == "Where?"
    assert [file.size for file in parsed.attachments] == [3]


@pytest.mark.parametrize(
    ("encoding", "content", "text"),
    [
        (b"base64", b"Hello team, where do we apply?", "Hello team, where do we apply?"),
        (b"base64", b"SGVs!bG8g*dGVh\nbQ==", "Hello team"),
        (b"base64", b"SGVsbG8=\nd29ybGQ=\n", "Helloworld"),
        (b"base64", b"SGVsbG8", "Hello"),
        (b"BASE64;", b"SGVsbG8=", "Hello"),
        (b"base64", b"SGVsbG8h\n____\na list\n", "Hello!\n____\na list"),
        (b"base64", b"SGVsbG8=\nTo leave this list\n", "Hello\nTo leave this list"),
        (b"quoted-printable", b"Hello =  \nworld", "Hello world"),
        (b"quoted-printable", b"=zz =C3=A9=", "=zz \u00e9"),
        (b"Quoted_Printable", b"=C3=A9", "\u00e9"),
        (b"7bit", b"caf\xc3\xa9", "caf\u00e9"),
        (b"x-unknown", b"Hello", "Hello"),
    ],
)
def test_transfer_encodings_are_undone_as_far_as_they_go(
    encoding: bytes, content: bytes, text: str
) -> None:
    assert body(b"Content-Transfer-Encoding: " + encoding, content).text == text


@pytest.mark.parametrize(
    ("kind", "content", "text"),
    [
        (b"text/html", b"<meta charset=koi8-r>\xd0\xd2\xc9", "при"),
        (b"text/html, charset=utf-8", b"<b>x</b>", "x"),
        (b"text/plain; charset=cp-850", b"caf\x82", "café"),
        (b"text/plain; charset=x-windows-949", "안녕".encode("cp949"), "안녕"),
        (b"text/plain", "こんにちは".encode("iso-2022-jp"), "こんにちは"),
        (b"text/plain; charset=utf-16", "où".encode("utf-16"), "où"),
        (b"text/plain; charset=nonsense", b"caf\xe9", "café"),
        (b"text/plain; charset=utf-8", b"caf\xe9 na\xefve", "café naïve"),
        (b"text/plain; charset=us-ascii", b"caf\xc3\xa9", "café"),
        (b"text/enriched", b"<bold>Hi</bold> <<x>", "Hi <x>"),
        (b"text", b"Hi", "Hi"),
        (b"nothing of the kind", b"Hi", "Hi"),
        (b"text/plain; format=flowed; delsp=yes", b"hos \npital", "hospital"),
    ],
)
def test_text_is_read_in_the_charset_it_is_in(kind: bytes, content: bytes, text: str) -> None:
    assert body(b"Content-Type: " + kind, content).text == text


@pytest.mark.parametrize(
    ("value", "subject"),
    [
        (b"=?utf-8?B?SGVsbG8gd29ybGQ", "Hello world"),
        (b"=?utf-8?Q?a?b?=", "a?b"),
        (b'"=?utf-8?Q?Caf=C3=A9?="', '"Café"'),
        (b"=?iso-8859-1*en?Q?caf=E9?=", "café"),
        (b"=?utf-8?B?w6k===?=", "é"),
        (b"=?utf-8?q?=E2=82?= =?UTF-8?q?=AC?=", "€"),
        (b"=?utf-8?B?4oKs?==?utf-8?B?4oKs?=", "€€"),
        (b"=?utf-8?Q?a_b?=\n\t=?utf-8?Q?_c?=", "a b c"),
        (b"=?cp-850?Q?caf=82?=", "café"),
        (b"=?utf-8?x?abc?=", "=?utf-8?x?abc?="),
        (b"=?utf-8?Q??=", ""),
    ],
)
def test_broken_encoded_words_are_read(value: bytes, subject: str) -> None:
    assert parse(b"Subject: " + value + b"\n\n").subject == subject


def test_raw_letters_in_a_field_are_read_in_the_charset_of_the_text() -> None:
    raw = b"Subject: \xd0\xd2\xc9\xd7\xc5\xd4\nContent-Type: text/plain; charset=koi8-r\n\n"
    assert parse(raw).subject == "привет"


@pytest.mark.parametrize(
    ("value", "sender"),
    [
        (b'"jane doe"@x.example', '"jane doe"@x.example'),
        (b"<@a.example,@b.example:jane@x.example>", "jane@x.example"),
        (b"Jane <mailto:jane@x.example>", "jane@x.example"),
        (b"Jane [mailto:jane@x.example]", "jane@x.example"),
        (b"Jane Doe <jane@x.example", "jane@x.example"),
        (b"jane @ x.example", "jane@x.example"),
        (b"jane(comment)@x.example", "jane@x.example"),
        (b"Team: jane@x.example;", "jane@x.example"),
        (b"jane@[192.0.2.1]", "jane@[192.0.2.1]"),
        (b'"jane@x.example" <real@y.example>', "real@y.example"),
        (b"Jane <jane@x.example> <second@y.example>", "jane@x.example"),
        (b"=?utf-8?Q?Jane_=3Cjane=40x.example=3E?=", "jane@x.example"),
        (b"Jane\nFrom: jane@x.example", "jane@x.example"),
        (b"jane@x.example\nthis is no field\nX-A: b", "jane@x.example"),
        (b"undisclosed-recipients:;", ""),
    ],
)
def test_addresses_are_found_in_broken_fields(value: bytes, sender: str) -> None:
    assert parse(b"From: " + value + b"\n\n").sender == sender


@pytest.mark.parametrize(
    ("parameters", "name"),
    [
        (b"filename*=utf-8''caf%C3%A9.pdf; filename=cafe.pdf", "café.pdf"),
        (b"filename=cafe.pdf; filename*=utf-8''caf%C3%A9.pdf", "café.pdf"),
        (b"filename*=caf%C3%A9.pdf", "café.pdf"),
        (b"filename*0*=iso-8859-1''caf%E9; filename*1*=%E9.pdf", "caféé.pdf"),
        (b'filename*0="long "; filename*1="name.pdf"', "long name.pdf"),
        (b'filename="=?utf-8?Q?caf=C3=A9?=\n =?utf-8?Q?.pdf?="', "café.pdf"),
        (b'filename="a;b.pdf"', "a;b.pdf"),
        (b'filename="..\\\\..\\\\a.pdf"', "a.pdf"),
        (b"filename=my file.pdf", "my file.pdf"),
    ],
)
def test_file_names_are_read_however_they_are_encoded(parameters: bytes, name: str) -> None:
    fields = b"Content-Type: application/pdf\nContent-Disposition: attachment; " + parameters
    assert body(fields, b"PDF").attachments[0].name == name


@pytest.mark.parametrize(
    ("value", "date"),
    [
        (b"Wed Mar  2 09:15:27 2022", "2022-03-02T09:15:27+00:00"),
        (b"2022/03/02 09:15:27", "2022-03-02T09:15:27+00:00"),
        (b"Wed, 2 Mar 2022 09:15:60 +0000", "2022-03-02T09:15:59+00:00"),
        (b"Wed, 02-Mar-2022 09.15.27 EST", "2022-03-02T09:15:27-05:00"),
        (b"Wed, 31 Feb 2022 09:15:27 +0000", None),
        (b"Wed, 2 Mar 2022 09:15:27 +9999", None),
    ],
)
def test_dates_in_odd_forms_are_read_or_left_out(value: bytes, date: str | None) -> None:
    assert parse(b"Date: " + value + b"\n\n").date == date


@pytest.mark.parametrize(
    "raw",
    [
        b"Subject: a\rFrom: jane@x.example\r\rWhere?",
        b"Subject: a\rFrom: jane@x.example\r\rWhere?\n",
        b"Subject: a\r\r\nFrom: jane@x.example\r\r\n\r\r\nWhere?\r\n",
        b"\n\r\nSubject: a\nFrom: jane@x.example\n\nWhere?",
        b"From jane@x.example Wed Mar  2 09:15:27 2022\nSubject: a\nFrom: jane@x.example\n\nWhere?",
        b"\xef\xbb\xbfSubject: a\nFrom: jane@x.example\n\nWhere?",
        "Subject: a\nFrom: jane@x.example\n\nWhere?".encode("utf-16"),
        b"Subject : a\nFrom\t: jane@x.example\n \t\nWhere?",
        b"Subject: a\nFrom: jane@x.example\nWhere?",
    ],
)
def test_the_lines_of_a_message_are_told_apart_whatever_ends_them(raw: bytes) -> None:
    parsed = parse(raw)
    assert (parsed.subject, parsed.sender, parsed.text) == ("a", "jane@x.example", "Where?")


@pytest.mark.parametrize("kind", [b"message/rfc822", b"message/global"])
def test_a_message_that_only_carries_another_is_read_as_that_one(kind: bytes) -> None:
    parsed = body(b"Content-Type: " + kind, b"Subject: Inner\n\nWhere?")
    assert parsed.text == "Where?"
    assert [file.name for file in parsed.attachments] == ["Inner.eml"]


@pytest.mark.parametrize(
    "kind",
    [
        b"message/partial; number=1; total=2; id=1",
        b'message/external-body; access-type=URL; URL="https://x.example"',
        b"text/calendar",
        b"text/rtf",
        b"application/octet-stream",
        b"image/png; name=",
    ],
)
def test_what_is_no_text_is_kept_as_a_file(kind: bytes) -> None:
    raw = HEAD + b"Content-Type: " + kind + b"\n\nthe content"
    assert attachment_bytes(raw, 0) == b"the content"


@pytest.mark.parametrize(
    "codec", ["uu", "hex", "rot13", "base64", "zlib", "bz2", "idna", "undefined"]
)
def test_a_codec_of_python_that_is_no_charset_is_none(codec: str) -> None:
    assert body(f"Content-Type: text/plain; charset={codec}".encode(), b"Where?").text == "Where?"
    assert parse(f"Subject: =?{codec}?q?Where?=\n\n".encode()).subject == "Where"
