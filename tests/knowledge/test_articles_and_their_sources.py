"""What a reply may rest on: each passage has an honest source, and nothing in it goes out of date.

Each fault is also put into a sound article, to show that it would be found.
"""

from datetime import UTC, date, datetime
from itertools import combinations

import pytest
from article_faults import faults

from bot.settings import Settings
from knowledge.articles import ARTICLES, Passage, parse_article, read_articles
from knowledge.search import tokens

PASSAGES = [passage for article in read_articles() for passage in article.passages]
SETTINGS = {name for name in Settings.model_fields if name.startswith("contact_")}
GOOD = (ARTICLES / "audits.md").read_text(encoding="utf-8")
PAGE = "url: https://digital.nhs.uk/services/data-access-request-service-dars/data-sharing-audits"
DATED = "dated: 2022-01-18"
TEXT = "They have been done remotely since November 2020."
LINK = "- text: Data sharing audits and reports\n        url: https://digital.nhs.uk/services"
TODAY = date(2026, 11, 23)

each = pytest.mark.parametrize("passage", PASSAGES, ids=lambda one: f"{one.article.id}-{one.id}")


@each
def test_a_passage_is_told_as_its_sources_have_it(passage: Passage) -> None:
    assert not faults(passage, datetime.now(UTC).date())


@each
def test_what_a_deployment_fills_in_is_a_setting(passage: Passage) -> None:
    assert passage.placeholders <= SETTINGS | {"organisation", "telephone"}


def seeded(old: str, new: str) -> list[str]:
    """The faults of one passage of a sound article, once this stands in place of that."""
    assert old in GOOD
    article = parse_article(GOOD.replace(old, new), "audits.md")
    assert not faults(parse_article(GOOD, "audits.md").passages[1], TODAY)
    return faults(article.passages[1], TODAY)


@pytest.mark.parametrize(
    ("new", "said"),
    [
        ("An audit costs 1,431.", "a price"),
        ("An audit costs nine hundred pounds.", "a price"),
        ("Look at digital.nhs.uk for more.", "an address"),
        ("Write to audits@dars.example.", "an address"),
        ("Call 0300 303 5678.", "a telephone number"),
        ("Call +44 300 303 5678.", "a telephone number"),
        ("Write to 7 Wellington Place, LS1 4AP.", "a postcode"),
        ("NHS Digital does them.", "the organisation"),
        ("NHSE does them.", "the organisation"),
        ("Professor Whitlock leads them.", "a person"),
        ("See DARS-NIC-123456-A1B2C.", "a reference"),
        ("They have been done remotely since 1 March 2024.", "later than its sources"),
        ("They are to end in 2030.", "later than its sources"),
    ],
)
def test_a_word_that_is_out_of_place_is_found(new: str, said: str) -> None:
    [fault] = seeded(TEXT, new)
    assert said in fault


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (DATED, "dated: 2022-01-01", "give the year alone"),
        (DATED, "dated: 2031-01-18", "is to come"),
        (DATED, "seen: 2027", "is to come"),
        (LINK, LINK.replace("digital.nhs.uk", "digital-nhs.example"), "leads to"),
        (
            f"{PAGE}\n        {DATED}",
            f"url: https://production-like.nhsd.io/audits\n        {DATED}",
            "is a copy",
        ),
    ],
)
def test_a_source_or_a_link_that_cannot_be_stood_by_is_found(old: str, new: str, said: str) -> None:
    [fault] = seeded(old, new)
    assert said in fault


def test_a_day_to_come_may_be_told_by_an_article_that_ends_before_it() -> None:
    told = GOOD.replace(TEXT, "They are to end in April 2027.")
    ends = told.replace("owner:", "effective_until: 2027-03-31\nowner:", 1)
    assert faults(parse_article(told, "audits.md").passages[1], TODAY)
    assert not faults(parse_article(ends, "audits.md").passages[1], TODAY)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("dated: 2022-01-18", "dated 18 January 2022"),
        ("dated: 2022-01", "dated January 2022"),
        ("seen: 2022", "seen 2022"),
    ],
)
def test_a_date_is_told_no_more_exactly_than_it_is_known(given: str, words: str) -> None:
    article = parse_article(GOOD.replace(DATED, given), "audits.md")
    assert article.front.passages["how-done"].sources[0].when == words


def alike(questions: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Pairs of questions of two passages that are asked in the same words, in any order."""
    known = [(passage, question, frozenset(tokens(question))) for passage, question in questions]
    return [
        (one, other)
        for (first, one, these), (second, other, those) in combinations(known, 2)
        if first != second and these and these == those
    ]


def test_no_two_passages_are_asked_for_in_the_same_words() -> None:
    asked = [
        (f"{one.article.id}/{one.id}", question) for one in PASSAGES for question in one.questions
    ]
    assert not alike(asked)
    again = asked[0][1].upper()
    assert alike([*asked, ("another/passage", again)]) == [(asked[0][1], again)]
