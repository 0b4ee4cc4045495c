"""What an officer hears where a card, a form or a list is older than the case."""

from slack_world import eventually

from bot.slack import names
from handlers.case_life import Action
from handlers.tables import CaseState


async def claimed_by_ben(world, card):
    await world.ben.press(world.cases, card.ts, names.CLAIM)

    async def is_claimed():
        return (await world.case()).state == CaseState.OPEN

    await eventually(is_claimed)


async def test_the_list_of_all_actions_of_an_old_card_says_what_changed(world):
    card = await world.case_card()
    seen = names.Seen((await world.case()).id, 1)
    chosen = names.dumped_form(seen, names.ALL_FORMS)
    await world.ana.press(world.cases, card.ts, names.MORE, chosen=chosen)
    modal = await world.modal_of("UANA")
    await claimed_by_ben(world, card)
    errors = await world.ana.submit(modal.id, {"field": {"field": Action.SNOOZE}})
    assert "Ben Osei claimed it" in errors["field"]


async def test_a_form_that_is_refused_for_its_age_says_what_to_do_with_what_was_written(world):
    card = await world.case_card()
    await world.ana.press(world.cases, card.ts, names.REPLY)
    modal = await world.modal_of("UANA")
    await claimed_by_ben(world, card)
    errors = await world.ana.submit(modal.id, {"field": {"field": "It is free for you."}})
    assert "Ben Osei claimed it" in errors["field"]
    assert "copy what you wrote, close this form" in errors["field"]
    assert "press again" not in errors["field"]
