"""The owner of guidance that lapsed is asked, in the channel of the cases."""

from datetime import date, timedelta

import pytest
from slack_world import World, decision, words

from bot.slack.article_note import article_note
from handlers.compose import Composer
from knowledge.articles import Passage
from knowledge.front_matter import Hindrance
from knowledge.library import Library
from triage.decision import PassageHit, Route, Withheld


def lapsed(library: Library) -> tuple[Library, PassageHit]:
    """A library of one passage that is past its review, and a hit on it."""
    old = next(one for one in library.passages if one.topic == "ndrs-total-cost")
    front = old.article.model_copy(update={"review_by": date.today() - timedelta(days=3)})
    hit = PassageHit(article=front.id, version=front.version, passage=old.id, score=1.0)
    return library.with_passages([Passage(front, old.id, old.text)]), hit


async def test_the_note_names_article_owner_reason_and_how_to_mend_it_and_comes_once(
    quiet_world: World, library: Library
) -> None:
    old, hit = lapsed(library)
    quiet_world.desk.composer = Composer(old, library.contacts)
    for _ in range(2):
        decided = decision(Route.ANSWER, passages=(hit,))
        assert (await quiet_world.mail("What does it cost?", decided=decided)).what == "case"
    await quiet_world.deliver()
    notes = [one for one in quiet_world.cards if "Guidance needs its owner" in words(one)]
    [note] = [words(one) for one in notes]
    assert "DARS enquiries lead" in note
    assert f"ndrs-total-cost, version {hit.version}" in note
    assert "was due for review by" in note
    assert "/knowledge" in note
    assert len(quiet_world.cards) == 3


@pytest.mark.parametrize(
    ("hindrance", "mend"),
    [
        (Hindrance.SETTING, "those who run the service set it"),
        (Hindrance.EARLY, "before that day"),
        (Hindrance.RETIRED, "To bring it back"),
        (Hindrance.REVIEW, "Save a draft with what holds now"),
        (None, "Save a draft with what holds now"),
    ],
)
def test_how_to_mend_it_follows_from_the_kind_of_hindrance_whatever_its_words(
    hindrance: Hindrance | None, mend: str
) -> None:
    one = Withheld(
        article="fees",
        version=1,
        title="Fees",
        owner="DARS enquiries lead",
        hindrance=hindrance,
        why="no setting is what it says",
    )
    assert mend in article_note(one)[0]["text"]["text"]
