"""Files that came with a case go back with an officer's reply, byte for byte, and no others do."""

import email
import email.policy
from email.message import EmailMessage

import pytest
from mail_out.letters import IDENTITY
from mail_out.sinks import Sink, listening, relay
from slack_world import decision
from sqlalchemy import select

from bot.mail.transport import MailTransport
from bot.reading import MailReader
from handlers.case_files import MOST_BYTES, files_of
from handlers.cases import Officer, Press
from handlers.errors import NotAllowed
from handlers.inbound import waiting
from handlers.intake import Accepted, keep_mail
from handlers.receive import Judged, receive
from handlers.replies import reply
from handlers.tables import Case, Outgoing, StoredMessage

ASHA = Officer("asha", "Asha Verma", may_act=True)
PDF, SHEET = b"%PDF-1.7 \x00\xff\r\n.\r\nend", b"a,b\n1,2\n"


def mail() -> bytes:
    message = EmailMessage()
    message["From"] = "Jo <jo@uni.example>"
    message["To"] = "dars@triagebot.example"
    message["Subject"] = "Our form"
    message["Message-ID"] = "<form@uni.example>"
    message.set_content("Is this the right form for our agreement?")
    message.add_attachment(PDF, maintype="application", subtype="pdf", filename="Formulär é.pdf")
    message.add_attachment(SHEET, maintype="text", subtype="csv", filename="fields.csv")
    return message.as_bytes()


async def take() -> bool:
    return True


@pytest.fixture
async def case(store, desk) -> Case:
    """A case of a mail with two files."""
    accepted = Accepted(
        key="form",
        envelope_from="jo@uni.example",
        envelope_to=("dars@triagebot.example",),
        peer="127.0.0.1",
        raw=mail(),
    )
    [inbound_id] = await keep_mail(store, [accepted])
    async with store.unit() as unit:
        arrival = MailReader(frozenset())(await waiting(unit, inbound_id))
        await receive(unit, arrival, Judged(decision(), 1), desk)
        return (await unit.session.execute(select(Case))).scalar_one()


async def test_the_chosen_file_goes_with_the_reply(store, desk, case):
    async with store.unit() as unit:
        files = await files_of(unit, case.enquiry_id)
        assert [one.name for one in files] == ["Formulär é.pdf", "fields.csv"]
        press = Press(case.id, case.version, ASHA)
        await reply(unit, press, "Please fill in this page.", desk, files=[files[0].key])
    sink = Sink()
    async with store.unit() as unit:
        rows = select(Outgoing).where(Outgoing.kind == "officer")
        outgoing = (await unit.session.execute(rows)).scalar_one()
    async with listening(sink) as port, relay(port) as out:
        await MailTransport(out, IDENTITY, store=store).deliver(outgoing, take)
        await MailTransport(out, IDENTITY, store=store).deliver(outgoing, take)
    arrived = email.message_from_bytes(bytes(sink.taken[0].content), policy=email.policy.default)
    [file] = arrived.iter_attachments()
    assert file.get_filename() == "Formulär é.pdf"
    assert file.get_content_type() == "application/pdf"
    assert file.get_content() == PDF
    assert "Please fill in this page." in arrived.get_body(("plain",)).get_content()
    assert "Please fill in this page." in arrived.get_body(("html",)).get_content()
    again = email.message_from_bytes(bytes(sink.taken[1].content), policy=email.policy.default)
    assert again.get_boundary() == arrived.get_boundary(), "sent again it is the same mail"


async def test_a_file_of_another_case_is_refused(store, desk, case):
    async with store.unit() as unit:
        with pytest.raises(NotAllowed, match="not of this case"):
            await reply(unit, Press(case.id, case.version, ASHA), "Here.", desk, files=["999-0"])


async def test_more_than_mail_servers_take_is_refused(store, desk, case):
    async with store.unit() as unit:
        row = await unit.session.execute(
            select(StoredMessage).where(StoredMessage.enquiry_id == case.enquiry_id).limit(1)
        )
        message = row.scalar_one()
        message.attachments = [{**one, "size": MOST_BYTES} for one in message.attachments]
        await unit.session.flush()
        keys = [one.key for one in await files_of(unit, case.enquiry_id)]
        with pytest.raises(NotAllowed, match="10 MB"):
            await reply(unit, Press(case.id, case.version, ASHA), "Here.", desk, files=keys)
