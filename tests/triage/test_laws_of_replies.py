"""What holds for the reply to every labelled message, whatever its route, and for its draft."""

import re
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

import pytest
from mail_out.letters import IDENTITY

from bot.mail.quotes import newly_written
from bot.mail.render import render_text
from handlers.compose import Composer
from handlers.letters import Content, Letter, Series
from knowledge import catalogue
from knowledge.articles import Passage
from knowledge.library import Library
from triage.choosing import MANY_QUESTIONS
from triage.decision import Decision
from triage.labelled import DATA, read
from triage.many import decide_many
from triage.message import Message
from triage.model import Model

TODAY = date(2026, 11, 28)
LATER = date(2099, 1, 1)
MOST_WORDS = 250
NOTHING_MEETS_IT = re.compile(
    r"None of the published series that we know has figures on this for (?:each [A-Za-z, ]+"
    r"|areas that small|the years that you name|the country that you name)\."
    r"|None of the published series that we know tells people apart on this in the way that you ask"
    r" for\."
    r"|None of the published series that we know holds forecasts\. Each tells of what has been"
    r" counted\."
    r"|Published series hold totals and rates\. None that we know holds rows about single people"
    r" or linked records\."
)
"""What may be said where nothing published meets a need: fixed words and levels of area."""


class Replied(NamedTuple):
    message: Message
    decision: Decision
    content: Content
    text: str


@pytest.fixture(scope="session")
def composer(library: Library) -> Composer:
    return Composer(library, library.contacts)


@pytest.fixture(scope="session", params=["held", pytest.param("train", marks=pytest.mark.long)])
def replies(
    request: pytest.FixtureRequest, model: Model, library: Library, composer: Composer
) -> list[Replied]:
    """What each message would be told, were it answered."""
    messages = [one.message(newly_written) for one in read([DATA / request.param])]
    found = []
    for message, decision in zip(
        messages, decide_many(messages, model, library, today=TODAY), strict=True
    ):
        content, _ = composer.content(decision, TODAY)
        if not content.is_empty:
            found.append(Replied(message, decision, content, written(content)))
    return found


def written(content: Content) -> str:
    """The automatic mail with this content, to somebody whose name is not known."""
    letter = Letter(
        template="answer",
        reference="ENQ-7K3MQD-4T9P",
        to="enquirer@example.org",
        subject="Enquiry",
        content=content,
        message_id="<ENQ-7K3MQD-4T9P@triagebot.example>",
    )
    return render_text(letter, IDENTITY)[1]


def lines(text: str) -> set[str]:
    return {line.strip() for line in text.splitlines() if line.strip()}


def of_guidance(passages: Iterable[Passage], library: Library) -> set[str]:
    """Every line that guidance may put into a reply."""
    return {
        line
        for one in passages
        for line in (
            one.heading,
            one.filled(library.contacts),
            *(f"- {link.text}: {link.url}" for link in one.links),
        )
    }


def of_series(series: Iterable[Series], library: Library) -> set[str]:
    """Every line on these series, from the catalogue's own fields."""
    catalogued = {one.id: one for one in library.series}
    said = {
        "Published data that may meet your need",
        "Published data that comes near what you ask for",
    }
    for one in series:
        entry = catalogued[one.id]
        period = f"Period: from {one.first}" + (f" to {one.last}" if one.last else "")
        said |= {
            f"- {entry.title}, published by {entry.publisher}",
            f"Area: {entry.geography}",
            f"How often: {entry.frequency}",
            f"Not included: {'; '.join(entry.does_not_hold)}",
            period,
            str(entry.url),
        }
        if one.why:
            assert all(is_told_by(entry, reason) for reason in one.why.split("; "))
            said.add(f"Why it may fit: {one.why}")
        for shown, field in ((one.first, entry.first), (one.last, entry.to)):
            year = re.search(r"\d{4}", shown or "")
            assert year is None or year[0] in (field or "")
    return said


def is_told_by(entry: catalogue.Series, reason: str) -> bool:
    """Whether a reason why an entry fits is in those of its fields that somebody has checked."""
    if reason == "the years that you name":
        return all(entry.is_checked(field) for field in ("from", "to", "latest_seen"))
    words = set(re.split(r", | and ", reason.removeprefix("split by ")))
    if reason.startswith("split by "):
        return entry.is_checked("breakdowns") and words <= set(entry.breakdowns)
    if reason.startswith("figures for each "):
        return entry.is_checked("geography_levels") and len(words) <= len(entry.geography_levels)
    return entry.is_checked("topics") and reason in entry.topics


def test_the_labelled_messages_bring_up_most_of_what_can_be_said(
    replies: list[Replied], library: Library
) -> None:
    said = {(part.article, part.passage) for one in replies for part in one.content.parts}
    assert len(replies) > 500
    assert len(said) > 0.7 * len(library.passages)


def test_every_line_is_a_passages_a_checked_fields_or_a_templates(
    replies: list[Replied], library: Library
) -> None:
    guidance = of_guidance(library.passages, library)
    template = lines(written(Content()))
    for one in replies:
        known = guidance | template | of_series(one.content.series, library)
        if one.content.unmet:
            assert not one.content.series
            assert NOTHING_MEETS_IT.fullmatch(one.content.unmet)
            known |= {"Published data", one.content.unmet}
        assert lines(one.text) <= known


def test_every_passage_is_approved_in_force_and_has_a_source(
    replies: list[Replied], library: Library
) -> None:
    passages = {(one.article.id, one.id): one for one in library.passages}
    for one in replies:
        for part in one.content.parts:
            front = passages[part.article, part.passage].article
            assert front.status == "approved"
            assert front.approval is not None
            assert front.effective_from <= TODAY <= front.review_by
            assert front.passages[part.passage].sources
            assert front.version == part.version


def test_nothing_of_guidance_is_said_once_its_review_is_overdue(
    replies: list[Replied], composer: Composer
) -> None:
    for one in replies:
        content, why = composer.content(one.decision, LATER)
        assert not content.parts
        assert bool(why) == bool(one.decision.passages)


def test_a_reply_keeps_to_250_words_unless_four_questions_were_asked(
    replies: list[Replied],
) -> None:
    few = [one for one in replies if len(one.decision.asked) < MANY_QUESTIONS]
    assert max(len(one.text.split()) for one in few) <= MOST_WORDS


def test_a_mailbox_that_is_not_set_keeps_its_passage_back(
    replies: list[Replied], library: Library
) -> None:
    bare = {name: library.contacts[name] for name in ("organisation", "telephone")}
    passages = {(one.article.id, one.id): one for one in library.passages}
    lesser, needing = Composer(library, bare), 0
    for one in replies:
        content, why = lesser.content(one.decision, TODAY)
        lacking = [
            part
            for part in one.content.parts
            if passages[part.article, part.passage].placeholders - bare.keys()
        ]
        needing += len(lacking)
        assert len(content.parts) == len(one.content.parts) - len(lacking)
        assert bool(why) == bool(lacking)
    assert needing
