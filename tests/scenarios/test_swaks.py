"""The same enquiries by swaks, a mail client that shares no code with us."""

import asyncio
import shutil

import pytest
from scenarios.enquiries import GIVEN, OWN, see_through
from scenarios.service import MAILBOX

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(shutil.which("swaks") is None, reason="swaks is not installed"),
]


@pytest.mark.parametrize("enquiry", [*GIVEN, *OWN], ids=lambda one: one.name)
async def test_an_enquiry_by_swaks_has_its_right_outcome(desk, enquiry):
    asked = enquiry.mail("swaks")
    said = await swaks(desk.service.port("mail"), asked)
    assert "<** " not in said, "something was refused"
    await see_through(desk, enquiry, asked)


async def swaks(port, mail):
    """Hand a mail in; what was said on the line."""
    sender = mail["From"].addresses[0].addr_spec
    process = await asyncio.create_subprocess_exec(
        *(
            "swaks",
            "--server",
            f"127.0.0.1:{port}",
            "--from",
            sender,
            "--to",
            MAILBOX,
            "--data",
            "-",
        ),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate(mail.as_bytes())
    assert process.returncode == 0, said.decode(errors="replace")
    return said.decode(errors="replace")
