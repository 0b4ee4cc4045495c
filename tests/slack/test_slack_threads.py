"""Threads in which somebody asked: what is kept, what is left to people, and when we are silent."""

import asyncio

import pytest
from slack_world import decision, eventually, words
from sqlalchemy import func, select

from bot.slack import names
from handlers.slack_posts import PIECES_SECONDS
from handlers.tables import Case, Inbound, InboundState, StoredMessage
from triage.decision import PassageHit, Route


async def count(world, table) -> int:
    async with world.store.unit() as unit:
        return (await unit.session.execute(select(func.count()).select_from(table))).scalar_one()


async def kept(world, number: int = 1) -> list[Inbound]:
    async def enough():
        return await count(world, Inbound) >= number

    await eventually(enough)
    async with world.store.unit() as unit:
        return list((await unit.session.execute(select(Inbound).order_by(Inbound.id))).scalars())


async def settled(world) -> None:
    await world.slack.delivery.settled()
    await asyncio.sleep(0.1)


@pytest.fixture
def answers(library):
    """Triage that answers everything with one passage."""
    passage = next(one for one in library.passages if one.topic == "ndrs-total-cost")
    hit = PassageHit(
        article=passage.article.id, version=passage.article.version, passage=passage.id, score=1
    )
    return lambda _: decision(Route.ANSWER, passages=(hit,))


async def answered(world, answers, text: str = "What does Total Cost mean?"):
    """A question and our answer to it."""
    asked = world.carla.say(world.questions, text)
    await kept(world)
    await world.triage(answers)
    await world.deliver()
    [answer] = world.thread_of(asked)
    return asked, answer


async def test_an_answer_names_its_guidance_and_offers_a_person(world, answers):
    _, answer = await answered(world, answers)
    assert "From our guidance: " in words(answer)
    assert "Not what I meant" in words(answer)


async def test_not_what_i_meant_makes_a_case_and_the_answer_says_so(world, answers):
    asked, answer = await answered(world, answers)
    await world.carla.press(world.questions, answer.ts, names.NOT_MEANT)
    await eventually(lambda: "not what I meant. A case officer" in words(answer))
    assert names.NOT_MEANT not in str(answer.blocks)
    case = await world.case()
    assert case.reasons[0]["rule"] == "answer_did_not_help"
    await world.deliver()
    assert "A case officer will read it" in words(world.thread_of(asked)[-1])
    assert "What does Total Cost mean?" in words(world.card)


async def test_only_who_asked_or_an_officer_says_that_it_was_not_meant(world, answers):
    _, answer = await answered(world, answers)
    world.slack.workspace.add_user(type(world.slack.workspace.user("UBEN"))("UDAN", "dan", "Dan"))
    world.slack.workspace.channels[world.questions].members.add("UDAN")
    dan = type(world.ana)(world.slack, "UDAN")
    await dan.press(world.questions, answer.ts, names.NOT_MEANT)
    [told] = await eventually(lambda: world.seen_by("UDAN", world.questions))
    assert "Only who asked" in told
    assert await count(world, Case) == 0
    await world.ben.press(world.questions, answer.ts, names.NOT_MEANT)
    await eventually(lambda: "Ben Osei: not what I meant" in words(answer))
    assert await count(world, Case) == 1


async def test_a_thought_in_pieces_is_one_question(world):
    first = world.carla.say(world.questions, "Hi all")
    world.carla.say(world.questions, "one thing about SACT:")
    world.carla.say(world.questions, "which years does it cover?")
    rows = await kept(world, 3)
    assert [one.state for one in rows] == [InboundState.NEW, InboundState.DONE, InboundState.DONE]
    read = []
    [outcome] = await world.triage(lambda arrival: read.append(arrival.message) or decision())
    assert outcome.what == "case"
    assert read[0].text == "Hi all\none thing about SACT:\nwhich years does it cover?"
    await world.deliver()
    assert len(world.thread_of(first)) == 1


async def test_pieces_of_two_people_and_of_two_places_stay_apart(world):
    direct = world.slack.workspace.direct_channel("UCARLA", world.slack.app.user_id)
    world.carla.say(world.questions, "What does it cost?")
    world.carla.say(direct.id, "May I ask here?")
    world.ben.say(world.questions, "Who may apply?")
    rows = await kept(world, 3)
    assert {one.state for one in rows} == {InboundState.NEW}


async def test_a_piece_that_comes_while_the_first_is_worked_on_is_not_lost(world):
    from bot.slack.incoming import read_inbound  # noqa: PLC0415
    from handlers.errors import AlreadyDoneError  # noqa: PLC0415  only this test needs them
    from handlers.inbound import waiting  # noqa: PLC0415
    from handlers.receive import Judged, receive  # noqa: PLC0415

    world.carla.say(world.questions, "Hi all")
    [row] = await kept(world)
    async with world.store.unit() as unit:
        read_before = read_inbound(await waiting(unit, row.id))
    world.carla.say(world.questions, "which years does SACT cover?")
    await kept(world, 2)
    with pytest.raises(AlreadyDoneError):
        async with world.store.unit() as unit:
            await receive(unit, read_before, Judged(decision(), 1), world.desk)
    read = []
    await world.triage(lambda arrival: read.append(arrival.message.text) or decision())
    assert read == ["Hi all\nwhich years does SACT cover?"]
    assert PIECES_SECONDS > 0


async def test_a_late_piece_joins_the_case_of_the_first(world):
    first = world.carla.say(world.questions, "Where is our application?")
    await kept(world)
    [one] = await world.triage()
    second = world.carla.say(world.questions, "It is about SACT")
    await kept(world, 2)
    [two] = await world.triage()
    assert (two.what, two.reference) == ("joined", one.reference)
    world.carla.say(world.questions, "from 2019 on", second.ts)
    await kept(world, 3)
    [three] = await world.triage()
    assert (three.what, three.reference) == ("joined", one.reference)
    await world.deliver()
    assert len(world.thread_of(first)) == 1


async def test_after_an_answer_another_question_is_a_question_of_its_own(world, answers):
    await answered(world, answers)
    world.carla.say(world.questions, "What does Total Cost leave out?")
    await kept(world, 2)
    [outcome] = await world.triage(answers)
    assert outcome.what == "answered"


async def test_once_an_officer_writes_in_a_thread_we_are_silent_there_for_good(world, answers):
    asked, answer = await answered(world, answers)
    world.ben.say(world.questions, "Let me explain that in other words.", asked.ts)
    await settled(world)
    world.carla.say(world.questions, "Please do. And for 2019?", asked.ts)
    world.carla.say(world.questions, "@triagebot what does it cost?", asked.ts)
    await kept(world, 3)
    outcomes = await world.triage(answers)
    assert [one.what for one in outcomes] == ["case", "joined"]
    await world.carla.press(world.questions, answer.ts, names.NOT_MEANT)
    await settled(world)
    await world.deliver()
    ours = [one for one in world.thread_of(asked) if one.user == world.slack.app.user_id]
    assert [one.ts for one in ours] == [answer.ts]


async def test_an_officer_who_is_faster_than_triage_keeps_our_answer_back(world, answers):
    asked = world.carla.say(world.questions, "What does Total Cost mean?")
    await kept(world)
    world.ben.say(world.questions, "It is what you pay in all.", asked.ts)
    await settled(world)
    [outcome] = await world.triage(answers)
    assert outcome.what == "case"
    await world.deliver()
    assert [one.user for one in world.thread_of(asked)] == ["UBEN"]
    async with world.store.unit() as unit:
        said = select(StoredMessage.text).where(StoredMessage.direction == "out")
        assert list((await unit.session.execute(said)).scalars()) == ["It is what you pay in all."]


async def test_an_officers_word_that_slack_tells_twice_is_kept_once(world):
    asked = world.carla.say(world.questions, "Where is our application?")
    await kept(world)
    await world.triage()
    word = world.ben.say(world.questions, "I will look.", asked.ts)
    world.slack.message_event(word)
    await settled(world)
    async with world.store.unit() as unit:
        said = select(StoredMessage.text).where(StoredMessage.author == "Ben Osei")
        assert list((await unit.session.execute(said)).scalars()) == ["I will look."]


@pytest.mark.parametrize(
    "talk", ["@ben did you see this?", "@ben thanks!", "@ana what does it cost?"]
)
async def test_what_is_said_to_somebody_else_is_left_to_them(world, talk):
    world.carla.say(world.questions, talk)
    await settled(world)
    assert await count(world, Inbound) == 0


async def test_officers_announce_without_an_answer_and_ask_like_anybody(world):
    world.ana.say(world.questions, "The office is closed on Monday.")
    await settled(world)
    assert await count(world, Inbound) == 0
    world.ana.say(world.questions, "What does Total Cost mean?")
    assert [one.envelope_from for one in await kept(world)] == ["UANA"]


async def test_colleagues_who_talk_below_an_answer_are_left_alone(world, answers):
    asked, _ = await answered(world, answers)
    world.slack.workspace.add_user(type(world.slack.workspace.user("UBEN"))("UDAN", "dan", "Dan"))
    world.slack.workspace.channels[world.questions].members.add("UDAN")
    dan = type(world.ana)(world.slack, "UDAN")
    dan.say(world.questions, "I had the same question.", asked.ts)
    await settled(world)
    assert await count(world, Inbound) == 1
    dan.say(world.questions, "@triagebot and for 2019?", asked.ts)
    assert len(await kept(world, 2)) == 2
