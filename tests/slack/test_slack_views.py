"""Cards, notes, modals and App Home keep Slack's limits, and what came by mail stays inert."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_cards import (
    LATE,
    MOST_OF_A_CARD,
    REFERENCE,
    WHEN,
    backgrounds,
    cases,
    hostile,
    inert,
    messages,
    texts,
    troubles,
)

from bot.sandbox.slack import problems, view_problems
from bot.slack import card_thread, modals, names, views
from bot.slack.blocks import section
from bot.slack.home_views import MOST_LINES, home_view, listed
from bot.slack.letters import letter_blocks, letter_text
from bot.slack.mrkdwn import pieces, units
from bot.slack.reply_modal import reply_modal
from handlers.authentication import Authentication, Verdict
from handlers.case_background import Background, EarlierEnquiry
from handlers.case_need import Need
from handlers.case_now import CaseNow, LinkView
from handlers.case_queue import OpenCase
from handlers.case_tables import LinkKind, Priority
from handlers.case_view import CaseView, EventView, TroubleView
from handlers.clocks import Clock, ClockName, ClockState
from handlers.letters import Content, Letter, Link, Part
from handlers.similar_cases import SimilarCase
from handlers.tables import CaseState
from triage.decision import EnquiryType, Flag, PassageHit, Reason
from triage.organisation import Organisation


@settings(max_examples=40, deadline=None)
@given(cases, backgrounds)
def test_any_case_makes_a_card_that_slack_takes_and_that_is_inert(case, background):
    blocks = views.card(case, background)
    assert problems(blocks, "message") == []
    assert inert(blocks)
    assert sum(map(units, texts(blocks))) <= MOST_OF_A_CARD
    assert 0 < units(views.card_text(case, background)) <= 3000


@pytest.mark.long
@pytest.mark.timeout(1800)
@settings(max_examples=10_000, deadline=None)
@given(cases, backgrounds)
def test_ten_thousand_cases_make_cards_that_slack_takes(case, background):
    blocks = views.card(case, background)
    assert problems(blocks, "message") == []
    assert inert(blocks)
    assert sum(map(units, texts(blocks))) <= MOST_OF_A_CARD


def test_the_longest_card_of_all_is_one_that_slack_takes():
    long = "<" * 5000
    question = f"[From guidance: {'a' * 80}, p, for “{long}”]\n[Please answer: “{long}”]\n"
    case = CaseView(
        id=1,
        version=1,
        state=CaseState.OPEN,
        reference=REFERENCE,
        channel="email",
        subject=long,
        requester=long,
        requester_name=long,
        earlier_enquiries=10**6,
        types=tuple(map(str, EnquiryType)),
        flags=tuple(map(str, Flag)),
        reasons=tuple(Reason(rule="r", text=long) for _ in range(20)),
        summary=long,
        draft=question * 20 + long,
        offered=None,
        passages=(PassageHit(article=long, version=1, passage=long, score=1.0),),
        officer="UANA",
        officer_name=long,
        resolution=None,
        opened_at=WHEN,
        resolved_at=None,
        messages=(),
        events=(EventView(version=2, kind="claim", actor_name=long, at=WHEN),),
        troubles=tuple(
            TroubleView(
                id=1, kind="answer", transport="mail", recipient=long, state="held", error=long
            )
            for _ in range(9)
        ),
        slack_channel=None,
        slack_ts=None,
        now=CaseNow(
            priority=Priority.URGENT,
            snoozed_until=WHEN,
            links=(LinkView(reference=REFERENCE, kind=LinkKind.DUPLICATE, from_here=False),) * 10,
            writing=(long,) * 9,
            undo=7,
        ),
    )
    behind = Background(
        need=Need(long, long),
        organisation=Organisation(long, "signature"),
        earlier=(EarlierEnquiry(reference=long, subject=long, opened_at=WHEN, ended=long),) * 3,
        similar=(
            SimilarCase(
                reference=long,
                summary=long,
                resolution="answered",
                officer_name=long,
                resolved_at=WHEN,
            ),
        )
        * 3,
        clocks=tuple(
            Clock(name, ClockState.LATE, started_at=WHEN, due=WHEN, left=-LATE, ended_at=None)
            for name in ClockName
        ),
    )
    blocks = views.card(case, behind)
    assert problems(blocks, "message") == []
    assert 10_000 < sum(map(units, texts(blocks))) <= MOST_OF_A_CARD


@settings(max_examples=40, deadline=None)
@given(cases, backgrounds)
def test_the_heading_is_the_need_and_the_first_words_of_a_reader_aloud_name_case_and_flags(
    case, background
):
    heading = views.card(case, background)[0]
    assert heading["type"] == "header"
    assert units(heading["text"]["text"]) <= 150
    said = views.card_text(case, background)
    flags = f" ({', '.join(map(views.flag_name, case.flags))})" if case.flags else ""
    assert said.startswith(f"Case {case.reference}{flags}:")


@settings(max_examples=20, deadline=None)
@given(cases)
def test_a_draft_ticks_off_what_it_covers_and_says_what_is_left(case):
    draft = (
        "Dear Ann,\n\n[From guidance: ndrs-total-cost, estimate, for “Is it final?”]\nNo.\n\n"
        "[Please answer: “When does it come?”]\n\nKind regards"
    )
    open_case = case.model_copy(update={"state": CaseState.OPEN, "draft": draft, "offered": None})
    said = "\n".join(texts(views.card(open_case)))
    assert "*Draft answer* covers 1 of 2 questions" in said
    assert ":white_check_mark: “Is it final?” (ndrs-total-cost)" in said
    assert "Yours to answer: “When does it come?”" in said
    assert "[From guidance" not in said


@settings(max_examples=40, deadline=None)
@given(cases)
def test_any_case_makes_modals_that_slack_takes(case):
    seen = names.Seen(case.id, case.version)
    for draw in (reply_modal, modals.reclassify_modal, modals.resolve_modal):
        modal = draw(case, seen)
        assert view_problems(modal) == []
        assert names.seen_in(modal["private_metadata"]) == seen


@settings(max_examples=40, deadline=None)
@given(messages, troubles, hostile)
def test_any_note_is_one_that_slack_takes(message, trouble, text):
    for blocks in (
        card_thread.later_message(message),
        card_thread.delivery_note(trouble, REFERENCE),
        *card_thread.whole(text * 40),
        [section(card_thread.decided(trouble.recipient, text))],
    ):
        assert problems(blocks, "message") == []
        assert inert(blocks)


def test_a_message_of_a_megabyte_is_shown_in_few_posts_and_says_what_is_missing():
    posts = card_thread.whole("word " * 200_000)
    assert len(posts) == card_thread.MOST_POSTS
    assert "The rest is left out here." in posts[-1][-1]["elements"][0]["text"]
    assert max(sum(map(len, texts(post))) for post in posts) < 13_000


@settings(max_examples=40, deadline=None)
@given(st.lists(hostile, min_size=1, max_size=MOST_LINES + 3))
def test_any_list_of_cases_makes_an_app_home_that_slack_takes(subjects):
    lines = [
        OpenCase(
            id=1,
            reference=REFERENCE,
            subject=subject,
            state=CaseState.OPEN,
            flags=("complaint",),
            officer_name=subject,
            opened_at=WHEN,
            slack_channel="C1",
            slack_ts="1.000001",
        )
        for subject in subjects
    ]
    blocks = [
        *listed("My cases", lines, "https://pretend.example/"),
        *listed("Unclaimed", lines, ""),
        *listed("None", [], ""),
    ]
    assert view_problems(home_view(blocks)) == []


@settings(max_examples=40, deadline=None)
@given(hostile, hostile, hostile)
def test_any_letter_makes_a_post_that_slack_takes(name, text, url):
    part = Part(
        article="a",
        version=1,
        passage="p",
        sha256="0",
        heading="h",
        text=text,
        links=(Link(text=text, url=f"https://data.example/{url}"), Link(text=text, url=url)),
    )
    letter = Letter(
        template="answer",
        reference=REFERENCE,
        to="UCARLA",
        to_name=name,
        subject=text,
        content=Content(parts=(part,)),
        message_id="<1@triagebot.example>",
    )
    blocks = letter_blocks(letter_text(letter))
    assert problems(blocks, "message") == []
    assert "<!" not in "".join(texts(blocks))
    assert "<@" not in "".join(texts(blocks))


@settings(max_examples=50, deadline=None)
@given(hostile, st.integers(20, 400))
def test_pieces_hold_the_whole_text_and_each_fits(text, most):
    found = list(pieces(text, most))
    assert all(0 < units(piece) <= most for piece in found)
    assert "".join("".join(found).split()) == "".join(text.split())


@settings(max_examples=40, deadline=None)
@given(cases)
def test_flags_stand_before_everything_but_the_reference(case):
    blocks = views.card(case)
    if case.flags and case.state != CaseState.RESOLVED:
        assert views.flag_name(case.flags[0]) in blocks[1]["text"]["text"]


@settings(max_examples=20, deadline=None)
@given(cases, messages)
def test_a_card_warns_of_a_sender_whose_check_failed_and_says_who_checked(case, message):
    found = Authentication(verdict=Verdict.FAILED, by="our mail gateway mx.example", dmarc="fail")
    said = message.model_copy(update={"authentication": found, "direction": "in"})
    open_case = case.model_copy(update={"state": CaseState.OPEN, "messages": (said,)})
    [warning] = [text for text in texts(views.card(open_case)) if "gateway mx.example" in text]
    assert warning.startswith(":warning: The sender's address may be forged")
    assert "DMARC fail" in warning
