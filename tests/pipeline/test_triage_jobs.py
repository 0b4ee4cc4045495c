"""The triage job: a message is followed through once, or set aside as a case; never lost."""

import asyncio
import random
import string
import traceback

import pytest
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from bot.pipeline import MOST_STARTS, MessageFailedError
from handlers.enquiries import add_participants
from handlers.errors import StoreUnavailableError
from handlers.tables import Case, Enquiry, Inbound, Outgoing, StoredMessage

SECRET = "Born 1 April 1950, NHS number 999 000 0018"


def letters(number):
    """So many letters without order, which no database makes shorter."""
    return "".join(random.Random(7).choices(string.ascii_letters, k=number))


def fails_with_their_words(message):
    raise ValueError(f"cannot decide {message.text}")


async def test_a_message_that_fails_three_times_becomes_a_case_marked_set_aside(
    make_pipeline, accept, rows
):
    pipeline, inbound = make_pipeline(fails_with_their_words), await accept(SECRET)
    for tries in range(2):
        with pytest.raises(MessageFailedError):
            await pipeline.triage(inbound, tries)
    await pipeline.triage(inbound, 2)
    [kept] = await rows(Inbound)
    assert (kept.state, kept.failures) == ("set_aside", 3)
    [case] = await rows(Case)
    assert case.reasons[0]["rule"] == "set_aside"
    assert [one.kind for one in await rows(Outgoing)] == ["card"]


async def test_what_a_message_holds_reaches_neither_the_log_nor_the_kept_error(
    make_pipeline, accept, rows
):
    pipeline, inbound = make_pipeline(fails_with_their_words), await accept(SECRET)
    with capture_logs() as logs, pytest.raises(MessageFailedError) as raised:
        await pipeline.triage(inbound, 0)
    [kept] = await rows(Inbound)
    told = "".join(traceback.format_exception(raised.value))
    assert "999" not in f"{logs} {kept.error} {told}"
    assert "ValueError" in kept.error


async def test_a_message_that_kills_its_worker_each_time_is_set_aside_unread(
    pipeline, accept, rows
):
    inbound = await accept()
    await pipeline.triage(inbound, MOST_STARTS)
    [kept] = await rows(Inbound)
    assert (kept.state, kept.failures) == ("set_aside", 0)
    assert len(await rows(Case)) == 1


async def test_a_database_that_is_away_is_not_the_messages_fault(make_pipeline, accept, rows):
    def away(message):
        del message
        raise StoreUnavailableError

    inbound = await accept()
    for tries in range(5):
        with pytest.raises(StoreUnavailableError):
            await make_pipeline(away).triage(inbound, tries)
    [kept] = await rows(Inbound)
    assert (kept.state, kept.failures) == ("new", 0)


@pytest.mark.parametrize(
    "head",
    [
        f"References: <{letters(5000)}@uni.example>\n",
        "References: " + " ".join(f"<{number}@u>" for number in range(9000)) + "\n",
        "".join(
            "References: " + " ".join(f"<{part}{n}>" for n in range(9900)) + "\n"
            for part in "abcdefgh"
        ),
        "Reply-To: " + letters(60000) + "@uni.example\n",
    ],
    ids=["a-long-id", "many-ids", "more-ids-than-parameters", "a-long-address"],
)
async def test_headers_without_measure_do_not_stop_a_message(pipeline, accept, rows, head):
    await pipeline.triage(await accept(head=head), 0)
    assert len(await rows(Case)) == 1


async def test_a_message_id_longer_than_an_index_takes_does_not_stop_a_message(
    pipeline, accept, rows
):
    await pipeline.triage(await accept(message_id=f"<{letters(5000)}@uni.example>"), 0)
    assert len(await rows(Case)) == 1


async def test_an_address_longer_than_an_index_takes_does_not_stop_a_message(
    pipeline, accept, rows
):
    wide = "".join(chr(0x10000 + ord(one)) for one in letters(900))
    await pipeline.triage(await accept(sender=f"{wide}@uni.example"), 0)
    assert len(await rows(Case)) == 1


async def test_what_the_database_can_never_take_is_the_messages_fault(
    store, make_pipeline, accept, rows
):
    async def too_much():
        async with store.unit() as unit:
            await add_participants(unit, 1, {letters(9000)})

    inbound = await accept()
    await make_pipeline().triage(inbound, 0)
    with pytest.raises(OperationalError, match="index row"):
        await too_much()


async def test_the_same_mail_to_two_of_our_addresses_at_once_is_one_enquiry(pipeline, accept, rows):
    copies = [
        await accept(message_id="<same@uni.example>", to=to)
        for to in ("dars@triagebot.example", "data@triagebot.example") * 3
    ]
    await asyncio.gather(*(pipeline.triage(one, 0) for one in copies))
    assert len(await rows(Enquiry)) == 1


async def test_another_mail_under_a_message_id_that_was_used_is_not_dropped(pipeline, accept, rows):
    for text in ("Where is our application?", "We lost a laptop with your data."):
        await pipeline.triage(await accept(text, message_id="<form@uni.example>"), 0)
    texts = [one.text for one in await rows(StoredMessage) if one.direction == "in"]
    assert texts == ["Where is our application?", "We lost a laptop with your data."]


async def test_the_days_cap_holds_also_for_mails_that_come_at_once(pipeline, accept, rows):
    mails = [await accept(f"Question {number}?") for number in range(12)]
    await asyncio.gather(*(pipeline.triage(one, 0) for one in mails))
    assert len(await rows(Case)) == 12
    assert [one.kind for one in await rows(Outgoing)].count("acknowledgement") == 5


async def test_later_mails_that_come_at_once_all_join_the_one_case(pipeline, accept, rows):
    first = await accept(message_id="<first@uni.example>")
    await pipeline.triage(first, 0)
    later = [await accept(f"And {n}?", head="In-Reply-To: <first@uni.example>\n") for n in range(4)]
    await asyncio.gather(*(pipeline.triage(one, 0) for one in later))
    assert len(await rows(Case)) == 1
    assert [one.failures for one in await rows(Inbound)] == [0] * 5
