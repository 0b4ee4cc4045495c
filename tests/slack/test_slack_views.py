"""Cards, notes, modals and App Home keep Slack's limits, and what came by mail stays inert."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox.slack import problems, view_problems
from bot.slack import modals, names, views
from bot.slack.blocks import section
from bot.slack.home_views import MOST_LINES, home_view, listed
from bot.slack.letters import letter_blocks, letter_text
from bot.slack.mrkdwn import pieces, units
from handlers.authentication import Authentication, Verdict
from handlers.case_queue import OpenCase
from handlers.case_view import CaseView, EventView, MessageView, TroubleView
from handlers.letters import Content, Letter, Link, Part
from handlers.tables import CaseState
from triage.decision import EnquiryType, Flag, PassageHit, Reason

WHEN = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
NASTY = ("<!channel>", "<@UANA>", "&amp;", "*b* _i_ `c`", "https://evil.example", "\U0001f600" * 50)
hostile = st.lists(
    st.one_of(
        st.text(max_size=40),
        st.sampled_from(NASTY),
        st.text(alphabet="&<>", max_size=400),
        st.integers(1, 3000).map(lambda n: "<&>\n"[n % 4] * n),
    ),
    max_size=8,
).map("".join)
words = st.lists(hostile, max_size=12).map(tuple)
seconds = st.just(WHEN)

messages = st.builds(
    MessageView,
    id=st.integers(1, 9),
    direction=st.just("in"),
    author=hostile,
    author_name=hostile,
    text=hostile,
    automatic_reason=st.none() | st.just("auto-submitted"),
    authentication=st.none()
    | st.builds(
        Authentication, verdict=st.sampled_from(Verdict), by=hostile, spf=hostile, domain=hostile
    ),
    at=seconds,
)
troubles = st.builds(
    TroubleView,
    id=st.integers(1, 2**60),
    kind=st.sampled_from(("answer", "officer")),
    transport=st.just("mail"),
    recipient=hostile,
    state=st.sampled_from(("held", "failed")),
    error=st.none() | hostile,
)
events = st.builds(
    EventView,
    version=st.integers(1, 99),
    kind=st.sampled_from(("opened", "claim", "reply", "resolve", "write_again", "other")),
    actor_name=hostile,
    at=seconds,
)
cases = st.builds(
    CaseView,
    id=st.integers(1, 2**60),
    version=st.integers(1, 2**31),
    state=st.sampled_from(CaseState),
    reference=st.just("ENQ-7K3MQD-4T9P"),
    channel=st.sampled_from(("email", "slack")),
    subject=hostile,
    requester=hostile,
    requester_name=hostile,
    earlier_enquiries=st.integers(0, 10**6),
    types=st.lists(st.sampled_from([*map(str, EnquiryType), "new_type"])).map(tuple),
    flags=st.lists(st.sampled_from([*map(str, Flag), "new_flag"])).map(tuple),
    reasons=words.map(lambda many: tuple(Reason(rule="r", text=one) for one in many)),
    summary=hostile,
    draft=hostile,
    passages=st.lists(
        st.builds(
            PassageHit,
            article=hostile,
            version=st.integers(1, 99),
            passage=st.just("p"),
            score=st.just(1.0),
        ),
        max_size=6,
    ).map(tuple),
    officer=st.none() | st.just("UANA"),
    officer_name=st.none() | hostile,
    resolution=st.none() | st.sampled_from(("answered", "spam", "unknown")),
    opened_at=seconds,
    resolved_at=st.none(),
    messages=st.lists(messages, max_size=2).map(tuple),
    events=st.lists(events, max_size=3).map(tuple),
    troubles=st.lists(troubles, max_size=3).map(tuple),
    slack_channel=st.none(),
    slack_ts=st.none(),
)


def texts(part: object) -> list[str]:
    """The mrkdwn of some blocks."""
    if isinstance(part, dict):
        own = [part["text"]] if part.get("type") == "mrkdwn" else []
        return own + [text for value in part.values() for text in texts(value)]
    return [text for one in part for text in texts(one)] if isinstance(part, list) else []


def inert(blocks: object) -> bool:
    """Whether no text can mention, broadcast or link but by what we wrote: a time of ours."""
    return not any(
        "<" in text.replace("<!date^", "") or ">" in unquoted(text) or "://" in text
        for text in texts(blocks)
    )


def unquoted(text: str) -> str:
    """Without the marks of quotations and the end of our own time."""
    lines = (line.removeprefix("> ") for line in text.split("\n"))
    return "\n".join(lines).replace(" UTC>", "")


@settings(max_examples=40, deadline=None)
@given(cases)
def test_any_case_makes_a_card_that_slack_takes_and_that_is_inert(case):
    blocks = views.card(case)
    assert problems(blocks, "message") == []
    assert inert(blocks)
    assert 0 < units(views.card_text(case)) <= 3000


@pytest.mark.long
@pytest.mark.timeout(1800)
@settings(max_examples=10_000, deadline=None)
@given(cases)
def test_ten_thousand_cases_make_cards_that_slack_takes(case):
    assert problems(views.card(case), "message") == []


@settings(max_examples=40, deadline=None)
@given(cases)
def test_any_case_makes_modals_that_slack_takes(case):
    seen = names.Seen(case.id, case.version)
    for draw in (modals.reply_modal, modals.reclassify_modal, modals.resolve_modal):
        modal = draw(case, seen)
        assert view_problems(modal) == []
        assert names.seen_in(modal["private_metadata"]) == seen


@settings(max_examples=40, deadline=None)
@given(messages, troubles, hostile)
def test_any_note_is_one_that_slack_takes(message, trouble, text):
    for blocks in (
        views.later_message(message),
        views.delivery_note(trouble, "ENQ-7K3MQD-4T9P"),
        *views.whole(text * 40),
        [section(views.decided(trouble.recipient, text))],
    ):
        assert problems(blocks, "message") == []
        assert inert(blocks)


def test_a_message_of_a_megabyte_is_shown_in_few_posts_and_says_what_is_missing():
    posts = views.whole("word " * 200_000)
    assert len(posts) == views.MOST_POSTS
    assert "The rest is left out here." in posts[-1][-1]["elements"][0]["text"]
    assert max(sum(map(len, texts(post))) for post in posts) < 13_000


@settings(max_examples=40, deadline=None)
@given(st.lists(hostile, min_size=1, max_size=MOST_LINES + 3))
def test_any_list_of_cases_makes_an_app_home_that_slack_takes(subjects):
    lines = [
        OpenCase(
            id=1,
            reference="ENQ-7K3MQD-4T9P",
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
        reference="ENQ-7K3MQD-4T9P",
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
