"""Line endings that other servers read otherwise must not make one mail into two."""

import asyncio

import pytest
from mail_server.peers import Dial, Shelf, Start

END = b"\r\n.\r\n"
SECOND = (
    b"MAIL FROM:<eve@example.org>\r\nRCPT TO:<dars@triagebot.example>\r\nDATA\r\nSubject: 2\r\n\r\n"
)


@pytest.mark.parametrize(
    "false_end", [b"\n.\n", b"\n.\r\n", b"\r\n.\n", b"\r.\r", b"\r\n.\r", b"\r\n\x00.\r\n"]
)
async def test_only_crlf_dot_crlf_ends_a_mail(
    start: Start, shelf: Shelf, dial: Dial, false_end: bytes
) -> None:
    line = await dial((await start()).port)
    await line.hear()
    await line.envelope()
    body = b"Subject: 1\r\n\r\nhello" + false_end + SECOND + b"smuggled"
    assert (await line.say(body + END)).startswith("250")
    assert (await line.say("NOOP")).startswith("250")
    [mail] = shelf.mails
    # A dot that opens a line is taken off (RFC 5321 4.5.2); all else is as it came.
    assert mail.raw == body.replace(b"\r\n.", b"\r\n") + b"\r\n"


async def test_a_pipelined_client_is_served_in_order(
    start: Start, shelf: Shelf, dial: Dial
) -> None:
    line = await dial((await start()).port)
    await line.hear()
    first = SECOND.replace(b"Subject: 2", b"Subject: 1")
    line.writer.write(b"EHLO client.example\r\n" + first + END + SECOND + END + b"QUIT\r\n")
    heard = (await line.reader.read()).decode()
    codes = [text[:3] for text in heard.splitlines() if text[3] == " "]
    assert codes == ["250", "250", "250", "354", "250", "250", "250", "354", "250", "221"]
    assert [mail.raw[:10] for mail in shelf.mails] == [b"Subject: 1", b"Subject: 2"]


async def test_a_mail_cut_off_before_its_end_is_not_kept(
    start: Start, shelf: Shelf, dial: Dial
) -> None:
    line = await dial((await start()).port)
    await line.hear()
    await line.envelope()
    line.writer.write(b"Subject: half\r\n\r\nhalf\r\n")
    line.writer.close()
    await asyncio.sleep(0.2)
    assert shelf.mails == []
