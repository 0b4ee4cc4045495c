"""What a draft tells its officer: what guidance answers, and what is left to them."""

from datetime import date

import pytest
from shipped import shipped

from handlers.compose import Composer
from handlers.drafts import COVERED, NEEDED, for_sending, outline, questions_of
from knowledge.library import Library
from triage.decision import Asked, Decision, Explanation, PassageHit, Route, Sentence
from triage.message import Message

CONTACTS = {"organisation": "NHS England", "telephone": "0300 303 5678"}
COST, DATE = "Is the Total Cost final?", "When will [our] data of 999 000 0018 come?"
MESSAGE = Message(subject="", text=f"{COST} {DATE}", new_text=f"{COST} {DATE}")
ESTIMATE = ("ndrs-total-cost", "estimate")


def decision(*, needs: tuple[float, float], second: tuple[tuple[str, str], ...] = ()) -> Decision:
    places = ((0, len(COST)), (len(COST) + 1, len(COST) + 1 + len(DATE)))
    sentences = [
        Sentence(start=start, end=end, needs_person=chance)
        for (start, end), chance in zip(places, needs, strict=True)
    ]
    asked = [
        Asked(start=start, end=end, passages=found)
        for (start, end), found in zip(places, ((ESTIMATE,), second), strict=True)
    ]
    article, passage = ESTIMATE
    hit = PassageHit(article=article, version=shipped(article), passage=passage, score=1.0)
    return Decision(
        types=(),
        type_scores={},
        route=Route.ESCALATE,
        topics=(),
        flags=(),
        confidence=0.5,
        reasons=(),
        passages=(hit,),
        series=(),
        asked=tuple(asked),
        model="test",
        thresholds={},
        explanation=Explanation(
            ground="doubt", routes={}, words=(), sentences=tuple(sentences), nearest=()
        ),
    )


@pytest.fixture(scope="module")
def composer() -> Composer:
    return Composer(Library.load(None, CONTACTS), CONTACTS)


@pytest.fixture
def draft(composer: Composer) -> str:
    found = decision(needs=(0.1, 0.9))
    content, _ = composer.content(found, date.today())
    return composer.draft(content, "Ann", questions_of(found, MESSAGE))


def test_a_draft_says_which_question_each_passage_is_for(draft: str) -> None:
    assert f"{COVERED}ndrs-total-cost, estimate, for “{COST}”]\nNo. The 'Total Cost'" in draft


def test_a_draft_says_which_question_is_left_and_shows_no_patient(draft: str) -> None:
    [left] = [line for line in draft.splitlines() if line.startswith(NEEDED)]
    assert "When will (our) data of" in left
    assert "5919" not in left


def test_what_the_classifier_gives_to_a_person_is_left_to_one(composer: Composer) -> None:
    for chance, left in ((0.1, 0), (0.9, 1)):
        found = decision(needs=(0.1, chance), second=(ESTIMATE,))
        content, _ = composer.content(found, date.today())
        asked = questions_of(found, MESSAGE)
        assert composer.draft(content, "", asked).count(NEEDED) == left


def test_without_guidance_every_question_is_left(composer: Composer) -> None:
    found = decision(needs=(0.1, 0.1)).model_copy(update={"passages": ()})
    content, _ = composer.content(found, date.today())
    assert composer.draft(content, "", questions_of(found, MESSAGE)).count(NEEDED) == 2


def test_notes_of_guidance_are_not_sent_and_an_open_question_is_counted(draft: str) -> None:
    words, left = for_sending(draft)
    assert left == 1
    assert COVERED not in words
    answered = draft.replace(NEEDED, "On Monday. [")
    assert for_sending(answered)[1] == 0


def test_a_draft_taken_apart_says_what_is_covered_what_is_left_and_the_letter(draft):
    said = outline(draft)
    assert [(one.article, one.question) for one in said.covered] == [(ESTIMATE[0], COST)]
    assert said.left == ("When will (our) data of (NHS number) come?",)
    assert COVERED not in said.letter
    assert NEEDED not in said.letter
    assert said.letter.startswith("Dear Ann,")
