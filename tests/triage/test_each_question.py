"""Each question of a message is answered for itself: by series where it wants figures, or not."""

from datetime import date

import pytest

from bot.brain import load_encoder
from bot.settings import Settings
from knowledge.found import Hit
from knowledge.library import Library
from knowledge.topics import Topic
from triage.choosing import MOST_WORDS, choose, passage_words, series_words
from triage.figures import Figures

TODAY = date(2026, 11, 29)
FLOOR = 0.5
WANTED = {Topic.PUBLISHED_DATA, Topic.CHARGES_GUIDANCE}

TRIALS = "How many new bowel cancers were there in England by age group?"
COST = "Where can I see what the charges for data are, and are they reviewed every year?"
SHEET = "As a spreadsheet?"


@pytest.fixture(scope="module")
def library() -> Library:
    """The library as it is used, with the encoder: by words alone all questions are much alike."""
    settings = Settings()
    encoder = load_encoder(settings)
    if encoder is None:
        pytest.skip("set-up could not fetch the encoder's weights")
    return Library.load(encoder, settings.contacts(), settings.data_dir / "cache")


def figures(library: Library, whole: str, *asked: str) -> Figures:
    """What series answer of a message that asks these questions."""
    found = [library.find(one) for one in asked]
    hits = [one.passages(WANTED, TODAY) for one in found]
    return Figures(library.find(whole), found, hits, FLOOR)


def best(library: Library, text: str, topic: Topic) -> Hit:
    return library.find(text).passages({topic}, TODAY)[0]


def test_a_question_about_charges_is_not_answered_by_series_that_another_brings_up(
    library: Library,
) -> None:
    both = figures(library, f"{TRIALS} {COST}", TRIALS, COST)
    assert both.answered == (True, False)


def test_a_question_that_says_nothing_of_its_own_goes_with_the_one_before(
    library: Library,
) -> None:
    assert figures(library, f"{TRIALS} {SHEET}", TRIALS, SHEET).answered == (True, True)


def test_where_guidance_alone_is_asked_for_no_series_is_named_for_the_words_around_it(
    library: Library,
) -> None:
    around = "I study new bowel cancers in England by age group and write a grant."
    assert library.find(f"{around} {COST}").series()
    assert not figures(library, f"{around} {COST}", COST).found


def test_series_leave_room_for_the_passage_that_another_question_needs(library: Library) -> None:
    named = figures(library, TRIALS, TRIALS)
    needed = best(library, COST, Topic.CHARGES_GUIDANCE)
    kept = named.beside([needed])
    assert kept[0] is named.found[0]
    assert len(kept) == 1 or sum(map(series_words, kept)) + passage_words(needed, ()) <= MOST_WORDS


def test_areas_are_those_of_the_question_or_else_of_the_whole_message(library: Library) -> None:
    practice, trust = "Antidepressant items by GP practice?", "And A&E waits for each NHS trust?"
    message = library.find(f"{practice} {trust}").wanted
    assert library.find(trust).wanted.in_light_of(message).levels == {"trust"}
    assert library.find(SHEET).wanted.in_light_of(message).levels == {"gp-practice", "trust"}


def test_a_wish_for_records_stands_for_every_question_of_a_message(library: Library) -> None:
    message = library.find(f"{TRIALS} And patient-level records of them?").wanted
    assert library.find(TRIALS).wanted.in_light_of(message).records


def test_a_second_question_in_one_sentence_is_answered_once_every_question_is(
    library: Library,
) -> None:
    sentence = [
        [best(library, "What is a data sharing audit?", Topic.AUDITS)],
        [best(library, "Are audit reports public?", Topic.AUDITS)],
    ]
    others = [
        [[best(library, question, topic)]]
        for question, topic in (
            ("Where are the current charges?", Topic.CHARGES_GUIDANCE),
            ("What is the telephone number?", Topic.CONTACT),
            ("When does the COPI notice run out?", Topic.COPI_EXIT),
            ("Which contracts do I need?", Topic.CONTRACTS),
        )
    ]
    once = [lists[0][0].passage.id for lists in others]
    first, second = (hits[0].passage.id for hits in sentence)
    assert told([sentence, *others[:3]]) == [first, second, *once[:3]]
    assert told([sentence, *others]) == [first, *once]


def told(found: list[list[list[Hit]]]) -> list[str]:
    return [hit.passage.id for hit in choose(found, 0.0, lambda hit: hit.score, ())]
