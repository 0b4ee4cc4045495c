"""Enquiries asked in Slack, through real Bolt: over Socket Mode and over HTTP."""

import asyncio
import json

from slack_world import app_of, decision, eventually, over_socket, words
from sqlalchemy import select

from bot.slack.events import SECONDS
from handlers.tables import Inbound, OutgoingState
from triage.decision import PassageHit, Route


async def kept(world) -> list[Inbound]:
    async with world.store.unit() as unit:
        return list((await unit.session.execute(select(Inbound).order_by(Inbound.id))).scalars())


async def test_a_question_is_answered_in_its_thread(world, library):
    passage = next(one for one in library.passages if one.topic == "ndrs-total-cost")
    hit = PassageHit(
        article=passage.article.id, version=passage.article.version, passage=passage.id, score=1
    )
    asked = world.carla.say(world.questions, "What does Total Cost mean?")
    await eventually(lambda: kept(world))
    [outcome] = await world.triage(lambda _: decision(Route.ANSWER, passages=(hit,)))
    assert outcome.what == "answered"
    await world.deliver()
    [answer] = world.thread_of(asked)
    assert outcome.reference in words(answer)
    assert "Carla Nwosu" in words(answer)
    assert "write here in this thread" in words(answer)


async def test_a_question_for_a_person_is_acknowledged_and_answered_by_the_officer(world):
    asked = world.carla.say(world.questions, "Where is our application?")
    await eventually(lambda: kept(world))
    await world.triage()
    await world.deliver()
    [acknowledged] = world.thread_of(asked)
    assert "A case officer will read it" in words(acknowledged)
    assert "Carla Nwosu, in Slack" in words(world.card)
    await world.ana.press(world.cases, world.card.ts, "case_reply")
    modal = await world.modal_of("UANA")
    await world.ana.submit(modal.id, {"field": {"field": "With <the> panel & on time."}})
    await world.deliver()
    reply = world.thread_of(asked)[-1]
    assert "With &lt;the&gt; panel &amp; on time." in words(reply)
    assert "Ana Whitlock" in words(reply)


async def test_a_reply_in_the_thread_joins_its_case(world):
    asked = world.carla.say(world.questions, "Where is our application?")
    await eventually(lambda: kept(world))
    world.carla.say(world.questions, "It is about SACT.", asked.ts)

    async def both():
        return len(await kept(world)) == 2

    await eventually(both)
    outcomes = await world.triage()
    assert [one.what for one in outcomes] == ["case", "joined"]
    assert outcomes[0].reference == outcomes[1].reference


async def test_an_officers_talk_in_an_enquirers_thread_is_no_enquiry(world):
    asked = world.carla.say(world.questions, "Where is our application?")
    await eventually(lambda: kept(world))
    world.ben.say(world.questions, "I will look at it tomorrow.", asked.ts)
    await world.slack.delivery.settled()
    assert [one.envelope_from for one in await kept(world)] == ["UCARLA"]


async def test_a_mention_a_direct_message_and_a_post_are_each_kept_once(world):
    workspace, bot = world.slack.workspace, world.slack.app.user_id
    other = workspace.add_channel("elsewhere", ["UCARLA", "UBEN", bot])
    direct = workspace.direct_channel("UCARLA", bot)
    world.carla.say(world.questions, "@triagebot what does it cost?")
    world.carla.say(other.id, "@triagebot who may apply?")
    world.carla.say(direct.id, "May I ask here?")
    world.ben.say(other.id, "Lunch?")
    await world.slack.delivery.settled()
    assert {(one.envelope_to[0], one.envelope_from) for one in await kept(world)} == {
        (world.questions, "UCARLA"),
        (other.id, "UCARLA"),
        (direct.id, "UCARLA"),
    }
    assert len(await kept(world)) == 3


async def test_an_event_that_comes_twice_is_kept_once(world):
    asked = world.carla.say(world.questions, "What does it cost?")
    world.slack.message_event(asked)
    await world.slack.delivery.settled()
    assert len(await kept(world)) == 1
    assert {one.failure for one in world.slack.delivery.journal} == {None}


async def test_edits_joins_bots_and_talk_among_officers_are_no_enquiries(world):
    card = await world.case_card()
    world.ana.say(world.cases, "I know this one.", card.ts)
    world.ana.say(world.cases, "Busy day!")
    asked = world.slack.workspace.history(world.cases)[0]
    world.slack.edited(asked, {})
    world.slack.emit("member_joined_channel", {"type": "member_joined_channel", "user": "UBEN"})
    before = len(await kept(world))
    await world.slack.delivery.settled()
    assert len(await kept(world)) == before == 1
    assert {one.failure for one in world.slack.delivery.journal} == {None}


async def test_in_a_channel_for_cases_of_one_type_our_name_makes_no_enquiry(quiet_world):
    world, bot = quiet_world, quiet_world.slack.app.user_id
    fees = world.slack.workspace.add_channel("dars-fees", ["UANA", "UBEN", bot]).id
    world.settings = world.settings.model_copy(update={"slack_case_channels": {"charges": fees}})
    async with over_socket(app_of(world), world):
        world.ana.say(fees, "@triagebot is slow today, is it not?")
        world.ana.say(world.questions, "@triagebot what does it cost?")
        await eventually(lambda: kept(world))
        await world.slack.delivery.settled()
    assert [one.envelope_to[0] for one in await kept(world)] == [world.questions]


async def test_a_post_that_cannot_be_kept_is_refused_so_that_slack_sends_it_again(world):
    async with world.store.engine.connect() as other:
        await other.exec_driver_sql("LOCK TABLE inbound IN ACCESS EXCLUSIVE MODE")
        world.carla.say(world.questions, "What does it cost?")
        await asyncio.sleep(SECONDS + 0.2)
        await other.rollback()
    await world.slack.delivery.settled()
    assert len(await kept(world)) == 1
    [told] = [one for one in world.slack.delivery.journal if one.name == "message.channels"]
    assert (told.attempts > 1, told.failure) == (True, None)


async def test_marks_of_mentions_and_links_are_read_as_a_person_reads_them(world):
    bot = world.slack.app.user_id
    text = "@triagebot ask @ben about https://example.org/a?b=1&c=2"
    world.carla.say(world.questions, text)
    await eventually(lambda: kept(world))
    [row] = await kept(world)
    assert json.loads(row.raw)["bot"] == bot
    subjects = []
    await world.triage(lambda arrival: subjects.append(arrival.message) or decision())
    assert subjects[0].text == "ask @Ben Osei about https://example.org/a?b=1&c=2"
    assert subjects[0].subject == subjects[0].text
    assert subjects[0].sender_name == "Carla Nwosu"


async def test_letters_to_slack_never_go_by_mail(world):
    world.carla.say(world.questions, "Where is our application?")
    await eventually(lambda: kept(world))
    await world.triage()
    assert await world.outgoing("mail") == []
    assert len(await world.outgoing("slack", OutgoingState.READY)) == 2
