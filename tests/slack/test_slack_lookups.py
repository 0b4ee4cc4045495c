"""`/triage search`, `show` and `stats`: what an officer finds without leaving Slack."""

import json

import pytest
from slack_world import app_of, decision, eventually, over_socket, words

from bot.slack import names
from triage.decision import PassageHit, Route


async def asked(world, typed: str, who: str = "UANA") -> str:
    """What somebody alone reads after a command."""
    acting = {"UANA": world.ana, "UBEN": world.ben, "UCARLA": world.carla}[who]
    before = len(world.seen_by(who, world.cases))
    await acting.command(world.cases, "/triage", typed)
    await eventually(lambda: len(world.seen_by(who, world.cases)) > before)
    told = [
        one for one in world.slack.workspace.seen_by(world.cases, who) if one.seen_only_by == who
    ]
    return words(told[-1])


async def reference_of(world, subject: str) -> str:
    found = await asked(world, f"search {subject}")
    return next(one for one in found.replace("|", " ").replace(">", " ").split() if "ENQ-" in one)


@pytest.fixture
async def cards(world):
    """Two cases."""
    await world.mail("How do we link SACT to admissions?", subject="SACT regimens")
    await world.mail("What will it cost?", subject="A quote for breast cancer data")
    await world.deliver()
    return world.cards


async def test_a_case_of_today_is_found_by_a_word_with_a_link_to_its_card(world, cards):
    found = await asked(world, "search sact today")
    assert "1 case for “sact today”" in found
    assert "SACT regimens" in found
    assert "A quote" not in found
    assert f"/p{cards[0].ts.replace('.', '')}|ENQ-" in found


async def test_where_no_case_holds_all_words_those_with_some_are_shown_and_it_is_said(world, cards):
    found = await asked(world, "search sact invoices")
    assert "No case holds all the words" in found
    assert "SACT regimens" in found


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("search", "What shall be looked for?"),
        ("search zebrafish", "No case was found"),
        ("search yesterday", "No case was found"),
        ("search <!channel> %_'--", "No case was found"),
        ("show", "Which one?"),
        ("show ENQ-000000-0000", "There is no enquiry"),
    ],
)
async def test_what_is_not_there_is_said_in_a_line(world, cards, typed, told):
    assert told in await asked(world, typed)


async def test_a_case_is_shown_to_who_asks_and_its_buttons_work_there(world, cards):
    reference = await reference_of(world, "sact")
    shown = await asked(world, f"show {reference.lower()}")
    assert reference in shown
    assert "The card in its channel" in shown
    [drawn] = [
        one
        for one in world.slack.workspace.seen_by(world.cases, "UANA")
        if one.seen_only_by == "UANA" and names.CLAIM in json.dumps(one.blocks)
    ]
    await world.ana.press(world.cases, drawn.ts, names.CLAIM)

    async def is_claimed():
        await world.deliver()
        return "Ana Whitlock" in words(world.cards[0])

    await eventually(is_claimed)

    def is_drawn_anew():
        return "Ana Whitlock" in words(drawn)

    await eventually(is_drawn_anew)
    assert "The card in its channel" in words(drawn)


async def test_a_shown_card_that_is_old_is_drawn_anew_by_the_press_that_is_refused(world, cards):
    reference = await reference_of(world, "sact")
    await asked(world, f"show {reference}")
    shown = [
        one
        for one in world.slack.workspace.seen_by(world.cases, "UANA")
        if one.seen_only_by == "UANA" and names.CLAIM in json.dumps(one.blocks)
    ][-1]
    card = next(one for one in world.cards if reference in words(one))
    await world.ben.press(world.cases, card.ts, names.CLAIM)

    async def is_bens():
        await world.deliver()
        card = next(one for one in world.cards if reference in words(one))
        return "Ben Osei" in words(card)

    await eventually(is_bens)
    await world.ana.press(world.cases, shown.ts, names.REPLY)
    await eventually(lambda: "Ben Osei" in words(shown))
    assert "Ben Osei claimed it" in world.seen_by("UANA", world.cases)[-1]


async def test_figures_are_read_by_officers_and_analysts_alone(quiet_world):
    quiet_world.settings = quiet_world.settings.model_copy(
        update={"slack_analysts": frozenset({"UCARLA"})}
    )
    quiet_world.slack.workspace.channels[quiet_world.cases].members.add("UCARLA")
    await quiet_world.mail("What will it cost?")
    async with over_socket(app_of(quiet_world), quiet_world):
        for who in ("UANA", "UCARLA"):
            assert "*1* messages: " in await asked(quiet_world, "stats", who)
        assert "Only case officers" in await asked(quiet_world, "search cost", "UCARLA")
        quiet_world.carla.open_home()
        home = await eventually(lambda: quiet_world.slack.views.home("UCARLA"))
    told = json.dumps(home.content, ensure_ascii=False)
    assert "*1* messages: " in told
    assert "Our cancer data" not in told


async def test_an_analyst_reads_no_case_where_officers_are_named_nowhere(quiet_world):
    named = {"slack_officers_group": None, "slack_analysts": frozenset({"UCARLA"})}
    quiet_world.settings = quiet_world.settings.model_copy(update=named)
    quiet_world.slack.workspace.channels[quiet_world.cases].members.add("UCARLA")
    await quiet_world.mail("What will it cost?")
    async with over_socket(app_of(quiet_world), quiet_world):
        assert "1 case for" in await asked(quiet_world, "search cost")
        assert "Only case officers" in await asked(quiet_world, "search cost", "UCARLA")


async def test_an_enquiry_that_was_answered_is_said_to_have_no_case(world, library):
    passage = next(one for one in library.passages if one.topic == "ndrs-total-cost")
    hit = PassageHit(
        article=passage.article.id, version=passage.article.version, passage=passage.id, score=1
    )
    outcome = await world.mail(
        "What does Total Cost mean?", decided=decision(Route.ANSWER, passages=(hit,))
    )
    assert outcome.what == "answered"
    assert "without a case" in await asked(world, f"show {outcome.reference}")
