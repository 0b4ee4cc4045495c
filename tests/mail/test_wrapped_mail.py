"""Letters in wrappers: what needs no key is read, and what does is kept whole."""

import base64
import struct
from pathlib import Path

import pytest

from bot.mail.parse import attachment_bytes, parse

FOLDER = Path(__file__).parents[1] / "data" / "wrapped"


@pytest.mark.parametrize("name", ["smime-signed", "smime-signed-in-pieces"])
def test_an_opaquely_signed_letter_is_read_without_a_key(name: str) -> None:
    raw = (FOLDER / f"{name}.eml").read_bytes()
    parsed = parse(raw)
    assert parsed.new_text == "Where do we apply for hospital data?"
    assert [file.name for file in parsed.attachments] == ["form.pdf", "smime.p7m"]
    assert attachment_bytes(raw, 0) == b"PDF"
    assert parsed.protection is None


def test_an_encrypted_letter_is_kept_and_said_to_be_closed() -> None:
    parsed = parse((FOLDER / "smime-encrypted.eml").read_bytes())
    assert (parsed.text, parsed.protection) == ("", "smime")
    assert [file.name for file in parsed.attachments] == ["smime.p7m"]


def test_a_signed_letter_that_was_cut_is_read_as_far_as_it_goes_or_kept() -> None:
    raw = (FOLDER / "smime-signed.eml").read_bytes()
    for length in range(len(raw) - 2_000, len(raw), 97):
        parsed = parse(raw[:length])
        assert parsed.text or parsed.attachments


def wrapped_in_itself(times: int) -> bytes:
    """A signed letter in a signed letter, and so on, as only a hostile sender makes it."""
    letter = b"\n\nat the end\n"
    head = b"Content-Type: application/pkcs7-mime\n\n"
    for _ in range(times):
        octets = tlv(0x04, letter)
        inner = tlv(0x30, tlv(0x06, bytes.fromhex("2a864886f70d010701")) + tlv(0xA0, octets))
        signed = tlv(0x30, tlv(0x02, b"\1") + tlv(0x31, b"") + inner)
        kind = tlv(0x06, bytes.fromhex("2a864886f70d010702"))
        letter = head + tlv(0x30, kind + tlv(0xA0, signed))
    return letter


def tlv(tag: int, value: bytes) -> bytes:
    return bytes([tag, 0x84]) + len(value).to_bytes(4, "big") + value


def test_a_wrapper_within_wrappers_without_end_is_kept_closed() -> None:
    assert parse(wrapped_in_itself(1)).text == "at the end"
    parsed = parse(wrapped_in_itself(2_000))
    assert parsed.text == ""
    assert b"at the end" in attachment_bytes(wrapped_in_itself(2_000), 0)


def attribute(number: int, value: bytes, level: int = 1) -> bytes:
    return struct.pack("<BII", level, number, len(value)) + value + b"\0\0"


def properties(*pairs: tuple[int, int, bytes]) -> bytes:
    out = struct.pack("<I", len(pairs))
    for kind, number, value in pairs:
        out += struct.pack("<HHII", kind, number, 1, len(value)) + value + b"\0" * (-len(value) % 4)
    return out


def winmail(*attributes: bytes) -> bytes:
    return struct.pack("<IH", 0x223E9F78, 1) + b"".join(attributes)


def mail_with(wrapper: bytes, text: bytes = b"") -> bytes:
    return (
        b"Subject: Data\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\n" + text + b"\n--b\n"
        b"Content-Type: application/ms-tnef; name=winmail.dat\n"
        b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(wrapper) + b"\n--b--\n"
    )


OUTLOOK = winmail(
    attribute(0x69007, struct.pack("<II", 1250, 0)),
    attribute(0x2800C, "Prosímy o źródło.\0".encode("cp1250")),
    attribute(0x69002, b"\0" * 14, level=2),
    attribute(0x18010, b"FORM~1.PDF\0", level=2),
    attribute(0x6800F, b"PDF", level=2),
    attribute(
        0x69005,
        properties(
            (0x1F, 0x3707, "formulář.pdf\0".encode("utf-16-le")),
            (0x1E, 0x370E, b"application/pdf\0"),
        ),
        level=2,
    ),
)


def test_winmail_dat_gives_its_text_and_its_files_and_stays_itself() -> None:
    raw = mail_with(OUTLOOK)
    parsed = parse(raw)
    assert parsed.text == "Prosímy o źródło."
    assert [(file.name, file.type) for file in parsed.attachments] == [
        ("formulář.pdf", "application/pdf"),
        ("winmail.dat", "application/ms-tnef"),
    ]
    assert attachment_bytes(raw, 0) == b"PDF"
    assert attachment_bytes(raw, 1) == OUTLOOK
    assert parsed.protection is None


def test_a_page_in_winmail_dat_is_read_where_it_has_no_plain_text() -> None:
    page = winmail(
        attribute(0x69003, properties((0x102, 0x1013, b"<p>Where do we <b>apply</b>?</p>")))
    )
    assert parse(mail_with(page)).text == "Where do we apply?"


def test_a_letter_beside_winmail_dat_is_not_said_twice() -> None:
    text = "Prosímy o źródło.".encode()
    assert parse(mail_with(OUTLOOK, text)).text.count("źródło") == 1


def test_winmail_dat_that_is_cut_anywhere_is_still_kept() -> None:
    for length in range(len(OUTLOOK)):
        parsed = parse(mail_with(OUTLOOK[:length]))
        assert parsed.attachments[-1].size == length
