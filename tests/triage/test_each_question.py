"""Each question of a message is answered for itself: by series where it wants figures, or not.

The library is searched with the encoder: by words alone all questions are much alike.
"""

from datetime import date

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


def figures(searched: Library, whole: str, *asked: str) -> Figures:
    """What series answer of a message that asks these questions."""
    found = [searched.find(one) for one in asked]
    hits = [one.passages(WANTED, TODAY) for one in found]
    return Figures(searched.find(whole), found, hits, FLOOR)


def best(searched: Library, text: str, topic: Topic) -> Hit:
    return searched.find(text).passages({topic}, TODAY)[0]


def test_a_question_about_charges_is_not_answered_by_series_that_another_brings_up(
    searched: Library,
) -> None:
    both = figures(searched, f"{TRIALS} {COST}", TRIALS, COST)
    assert both.answered == (True, False)


def test_a_question_that_says_nothing_of_its_own_goes_with_the_one_before(
    searched: Library,
) -> None:
    assert figures(searched, f"{TRIALS} {SHEET}", TRIALS, SHEET).answered == (True, True)


def test_where_guidance_alone_is_asked_for_no_series_is_named_for_the_words_around_it(
    searched: Library,
) -> None:
    around = "I study new bowel cancers in England by age group and write a grant."
    assert searched.find(f"{around} {COST}").series()
    assert not figures(searched, f"{around} {COST}", COST).found


def test_series_leave_room_for_the_passage_that_another_question_needs(searched: Library) -> None:
    named = figures(searched, TRIALS, TRIALS)
    needed = best(searched, COST, Topic.CHARGES_GUIDANCE)
    kept = named.beside([needed])
    assert kept[0] is named.found[0]
    assert len(kept) == 1 or sum(map(series_words, kept)) + passage_words(needed, ()) <= MOST_WORDS


def test_areas_are_those_of_the_question_or_else_of_the_whole_message(searched: Library) -> None:
    practice, trust = "Antidepressant items by GP practice?", "And A&E waits for each NHS trust?"
    message = searched.find(f"{practice} {trust}").wanted
    assert searched.find(trust).wanted.in_light_of(message).levels == {"trust"}
    assert searched.find(SHEET).wanted.in_light_of(message).levels == {"gp-practice", "trust"}


def test_a_wish_for_records_stands_for_every_question_of_a_message(searched: Library) -> None:
    message = searched.find(f"{TRIALS} And patient-level records of them?").wanted
    assert searched.find(TRIALS).wanted.in_light_of(message).records


def test_a_second_question_in_one_sentence_is_answered_once_every_question_is(
    searched: Library,
) -> None:
    sentence = [
        [best(searched, "What is a data sharing audit?", Topic.AUDITS)],
        [best(searched, "Are audit reports public?", Topic.AUDITS)],
    ]
    others = [
        [[best(searched, question, topic)]]
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
