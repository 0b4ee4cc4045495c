"""The deliver job: one effect, one result; doubt and failure are told to officers, once."""

import asyncio

import psycopg
import pytest

from bot.pipeline import MOST_STARTS
from handlers.cases import Officer
from handlers.delivery import InDoubt, Later, Refused, Sent
from handlers.outbox import RETRY_SECONDS
from handlers.tables import Outgoing
from handlers.undecided import it_arrived, send_again

ASHA = Officer("U1", "Asha Verma", may_act=True)


@pytest.fixture
async def mail(pipeline, accept, rows):
    """The number of an acknowledgement that waits to be handed over."""
    await pipeline.triage(await accept(), 0)
    return next(one.id for one in await rows(Outgoing) if one.transport == "mail")


@pytest.fixture
def state(store):
    """An effect as it now is."""

    async def read(outgoing_id):
        async with store.unit() as unit:
            return await unit.session.get_one(Outgoing, outgoing_id)

    return read


@pytest.fixture
def left_in_hand(database, mail):
    """Have the mail look as a worker left it that was killed while it handed it over."""
    with psycopg.connect(database) as connection:
        connection.execute(
            "UPDATE outgoing SET state = 'sending', sending_at = now() - interval '1 hour'"
            " WHERE id = %s",
            [mail],
        )


async def notes(rows):
    return [one for one in await rows(Outgoing) if one.kind == "delivery_note"]


def waits(database, outgoing_id):
    """Seconds that each waiting job of an effect still waits, without the first."""
    with psycopg.connect(database) as connection:
        found = connection.execute(
            "SELECT extract(epoch FROM scheduled_at - now()) FROM procrastinate_jobs"
            " WHERE task_name = 'deliver' AND args->>'subject' = %s AND scheduled_at IS NOT NULL",
            [str(outgoing_id)],
        )
        return [round(float(seconds)) for (seconds,) in found]


async def test_an_effect_is_handed_over_once_however_many_workers_try(pipeline, relay, mail, state):
    await asyncio.gather(*(pipeline.deliver(mail, 0) for _ in range(4)))
    await pipeline.deliver(mail, 0)
    assert len(relay.got) == 1
    assert (await state(mail)).state == "sent"
    assert (await state(mail)).receipt == "250 OK"


async def test_what_is_put_off_is_tried_again_with_longer_and_longer_waits(
    pipeline, relay, mail, state, database
):
    relay.answers.extend(Later("451 busy") for _ in range(3))
    for _ in range(3):
        await pipeline.deliver(mail, 0)
    assert waits(database, mail) == pytest.approx(RETRY_SECONDS[:3], abs=2)
    assert ((await state(mail)).attempts, (await state(mail)).error) == (3, "451 busy")
    await pipeline.deliver(mail, 0)
    assert (await state(mail)).state == "sent"


async def test_the_other_sides_wish_for_a_wait_is_honoured(pipeline, relay, mail, database):
    relay.answers.append(Later("ratelimited", after_seconds=77))
    await pipeline.deliver(mail, 0)
    assert waits(database, mail) == pytest.approx([77], abs=2)


async def test_a_class_of_failure_has_a_least_wait_beyond_which_the_usual_ones_grow(
    pipeline, relay, mail, database
):
    relay.answers.extend(Later("452 4.2.2 full", at_least=300) for _ in range(4))
    for _ in range(4):
        await pipeline.deliver(mail, 0)
    assert waits(database, mail) == pytest.approx([300, 300, 300, RETRY_SECONDS[3]], abs=2)


async def test_an_effect_that_is_not_to_blame_keeps_its_tries(
    pipeline, relay, mail, state, database
):
    relay.answers.extend(Later("away", 60, counts=False) for _ in range(20))
    for _ in range(20):
        await pipeline.deliver(mail, 0)
    assert ((await state(mail)).state, (await state(mail)).attempts) == ("ready", 0)
    assert len(waits(database, mail)) <= 1


async def test_a_refusal_is_final_and_told_once(pipeline, relay, mail, state, rows):
    relay.answers.append(Refused("550 no such user"))
    await pipeline.deliver(mail, 0)
    await pipeline.deliver(mail, 0)
    assert ((await state(mail)).state, relay.got) == ("failed", [])
    assert len(await notes(rows)) == 1


async def test_when_the_last_try_is_used_up_officers_are_told(pipeline, relay, mail, state, rows):
    for _ in range(len(RETRY_SECONDS) + 1):
        relay.answers.append(Later("451 busy"))
        await pipeline.deliver(mail, 0)
    assert (await state(mail)).state == "failed"
    assert len(await notes(rows)) == 1


async def test_a_fault_of_our_own_uses_up_the_tries_and_is_told_in_the_end(
    pipeline, relay, mail, state, rows
):
    for _ in range(len(RETRY_SECONDS) + 1):
        relay.answers.append(KeyError("their words"))
        await pipeline.deliver(mail, 0)
    failed = await state(mail)
    assert failed.state == "failed"
    assert "KeyError" in failed.error
    assert "their words" not in failed.error
    assert len(await notes(rows)) == 1


async def test_an_effect_that_kills_its_worker_each_time_uses_up_a_try_unseen(
    pipeline, relay, mail, state
):
    await pipeline.deliver(mail, MOST_STARTS)
    assert (relay.got, (await state(mail)).attempts) == ([], 1)


class TestInDoubt:
    """Nobody can say whether it left."""

    async def test_silence_after_the_last_word_is_held_and_told(
        self, pipeline, relay, mail, state, rows
    ):
        relay.answers.append(InDoubt("no answer after the final dot"))
        await pipeline.deliver(mail, 0)
        await pipeline.deliver(mail, 0)
        assert ((await state(mail)).state, len(relay.got)) == ("held", 1)
        assert len(await notes(rows)) == 1

    @pytest.mark.usefixtures("left_in_hand")
    async def test_what_a_dead_worker_had_in_hand_is_held(self, pipeline, relay, mail, state, rows):
        await asyncio.gather(*(pipeline.deliver(mail, 0) for _ in range(4)))
        assert ((await state(mail)).state, relay.got) == ("held", [])
        assert len(await notes(rows)) == 1

    @pytest.mark.usefixtures("left_in_hand")
    async def test_where_the_other_side_can_be_asked_its_word_settles_it(
        self, pipeline, relay, mail, state
    ):
        relay.found = Sent("it is here")
        await pipeline.deliver(mail, 0)
        assert ((await state(mail)).state, (await state(mail)).receipt) == ("sent", "it is here")

    @pytest.mark.usefixtures("left_in_hand")
    async def test_with_resend_it_goes_out_again(self, make_pipeline, relay, mail, state):
        resending = make_pipeline(in_doubt="resend")
        await resending.deliver(mail, 0)
        assert (await state(mail)).state == "ready"
        await resending.deliver(mail, 0)
        assert len(relay.got) == 1

    async def test_with_resend_doubt_without_end_is_told_in_the_end(
        self, make_pipeline, relay, mail, state, rows
    ):
        resending = make_pipeline(in_doubt="resend")
        for _ in range(len(RETRY_SECONDS) + 1):
            relay.answers.append(InDoubt("silence"))
            await resending.deliver(mail, 0)
        assert (await state(mail)).state == "failed"
        assert len(await notes(rows)) == 1

    @pytest.mark.usefixtures("left_in_hand")
    async def test_an_officer_has_it_sent_again(self, store, pipeline, relay, mail, state):
        await pipeline.deliver(mail, 0)
        async with store.unit() as unit:
            await send_again(unit, mail, ASHA)
        await pipeline.deliver(mail, 0)
        assert ((await state(mail)).state, len(relay.got)) == ("sent", 1)

    @pytest.mark.usefixtures("left_in_hand")
    async def test_an_officer_says_that_it_arrived(self, store, pipeline, relay, mail, state):
        await pipeline.deliver(mail, 0)
        async with store.unit() as unit:
            await it_arrived(unit, mail, ASHA)
        await pipeline.deliver(mail, 0)
        assert ((await state(mail)).state, relay.got) == ("sent", [])

    async def test_what_another_worker_has_in_hand_is_looked_at_again_later(
        self, pipeline, mail, state, database
    ):
        with psycopg.connect(database) as connection:
            connection.execute(
                "UPDATE outgoing SET state = 'sending', sending_at = now() WHERE id = %s", [mail]
            )
        await pipeline.deliver(mail, 0)
        assert (await state(mail)).state == "sending"
        assert waits(database, mail) == pytest.approx([30], abs=2)


async def test_a_result_is_kept_though_the_database_was_away_when_it_was_known(
    pipeline, relay, mail, state, away
):
    relay.then = away.begin
    delivering = asyncio.create_task(pipeline.deliver(mail, 0))
    await asyncio.sleep(1)
    away.end()
    async with asyncio.timeout(20):
        await delivering
    assert ((await state(mail)).state, len(relay.got)) == ("sent", 1)
