"""Approving an answer, and asking why, through real Bolt: over Socket Mode and over HTTP."""

from datetime import date

from slack_world import decision, eventually, words

from bot.slack import names
from bot.slack.card_actions import SEND_ANSWER
from handlers.letters import Letter
from handlers.tables import CaseState
from triage.decision import Counted, Explanation, Neighbour, PassageHit, Route, Sentence

ASKED = "What does Total Cost mean?"
ROUTES = {Route.ANSWER: 0.8, Route.ESCALATE: 0.19, Route.IGNORE: 0.01}
TEXT = "Mr Hale, NHS number 999 000 0018, asks. When is it ready?"


def explained(ground, text="", sentences=()):
    return Explanation(
        ground=ground,
        routes=ROUTES,
        words=(Counted(words="total cost", weight=1.25),),
        sentences=sentences,
        nearest=(
            Neighbour(id="tarn-900", route=Route.ANSWER, similarity=0.91, why="the cost shown"),
        ),
    )


def offered(library, ground="approval"):
    """A decision whose answer waits for approval."""
    passage = next(
        one
        for one in library.passages
        if one.topic == "ndrs-total-cost" and one.sendable(date.today(), library.contacts) is None
    )
    hit = PassageHit(
        article=passage.article.id, version=passage.article.version, passage=passage.id, score=1.0
    )
    return decision(passages=(hit,), explanation=explained(ground)), passage


async def test_an_officer_reads_the_answer_and_has_it_sent(world, library):
    made, passage = offered(library)
    card = await world.case_card(ASKED, decided=made)
    assert SEND_ANSWER in words(card)
    assert "Answer that waits for your approval" in words(card)
    await world.ana.press(world.cases, card.ts, names.APPROVE)
    modal = await world.modal_of("UANA")
    shown = "\n".join(str(block) for block in modal.blocks)
    assert passage.heading in shown
    box = {"field": {"field": ["read"]}}
    assert await world.ana.submit(modal.id, box) == {}
    [mail] = [one for one in await world.outgoing("mail") if one.kind == "answer"]
    letter = Letter.model_validate(mail.payload)
    assert [part.passage for part in letter.content.parts] == [passage.id]
    assert (letter.officer_name, mail.automatic) == ("Ana Whitlock", False)
    case = await world.case()
    assert (case.state, case.resolution) == (CaseState.RESOLVED, "answered")


async def test_a_case_that_needs_a_person_offers_no_answer(world, library):
    made, _ = offered(library, ground="doubt")
    card = await world.case_card(ASKED, decided=made)
    assert SEND_ANSWER not in words(card)


async def test_an_answer_approved_twice_is_sent_once_and_says_so(world, library):
    made, _ = offered(library)
    card = await world.case_card(ASKED, decided=made)
    for one in (world.ana, world.ben):
        await one.press(world.cases, card.ts, names.APPROVE)
    first, second = await world.modal_of("UANA"), await world.modal_of("UBEN")
    box = {"field": {"field": ["read"]}}
    assert await world.ana.submit(first.id, box) == {}
    errors = await world.ben.submit(second.id, box)
    assert "Ana Whitlock had the answer sent" in errors["field"]
    assert [one.kind for one in await world.outgoing("mail")].count("answer") == 1


async def test_an_approved_answer_that_is_taken_back_waits_for_approval_again(world, library):
    world.desk.undo_seconds = 20
    made, _ = offered(library)
    card = await world.case_card(ASKED, decided=made)
    await world.ana.press(world.cases, card.ts, names.APPROVE)
    modal = await world.modal_of("UANA")
    assert await world.ana.submit(modal.id, {"field": {"field": ["read"]}}) == {}
    await world.deliver()
    await world.ana.press(world.cases, card.ts, names.UNDO)
    await eventually(lambda: is_in(world, CaseState.OPEN))
    case = await world.case()
    assert (case.resolution, case.resolved_at) == (None, None)
    assert case.answer is not None


async def is_in(world, state):
    return (await world.case()).state == state


async def test_one_button_shows_what_the_decision_rests_on(world):
    whole = f"Our cancer data\n\n{TEXT}"
    asks = whole.index("When is")
    spans = (
        Sentence(start=whole.index("Mr Hale"), end=asks - 1, needs_person=0.97),
        Sentence(start=asks, end=len(whole), needs_person=0.4),
    )
    why = explained("doubt", sentences=spans)
    card = await world.case_card(TEXT, decided=decision(explanation=why, likeness=0.5))
    await world.ana.press(world.cases, card.ts, names.SHOW_WHY)
    await eventually(lambda: world.seen_by("UANA", world.cases))
    [told] = [
        words(one)
        for one in world.slack.workspace.seen_by(world.cases, "UANA")
        if one.seen_only_by == "UANA"
    ]
    assert "A fee has to be looked up." in told
    assert "“total cost” +1.25" in told
    assert "tarn-900: answer, likeness 0.91 (the cost shown)" in told
    assert "40 % needs a person: When is it ready?" in told
    assert "answer 80 %" in told
    assert "999 000 0018" not in told
    assert "Counted: less than a minute of 10 working days." in told


async def test_who_is_no_officer_is_not_told_why(world):
    card = await world.case_card()
    world.slack.workspace.channels[world.cases].members.add("UCARLA")
    await world.carla.press(world.cases, card.ts, names.SHOW_WHY)
    [told] = await eventually(lambda: world.seen_by("UCARLA", world.cases))
    assert "Only case officers" in told
