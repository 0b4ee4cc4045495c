"""A mail that could not be taken from a mailbox becomes a case, unread, and nobody is answered."""

from handlers.intake import Accepted
from handlers.set_aside import keep_for_a_person
from handlers.tables import Case, Inbound, Outgoing


async def test_an_officer_is_told_once_and_the_sender_is_not_written_to(pipeline, store, rows):
    mail = Accepted("left:k", "robin@uni.example", ("dars@triagebot.example",), "", b"Subject: x\n")
    why = "it has 104857600 bytes, and 52428800 are taken; it is still in the folder INBOX"
    await keep_for_a_person(store, mail, why)
    await keep_for_a_person(store, mail, why)
    [inbound] = await rows(Inbound)
    await pipeline.triage(inbound.id, 0)
    [case] = await rows(Case)
    assert [reason["text"] for reason in case.reasons] == [
        f"It could not be handled and was set aside: {why}"
    ]
    assert [one.transport for one in await rows(Outgoing)] == ["slack"]
