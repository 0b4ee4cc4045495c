"""An article as it is typed: every fault beside its field, and a text that reads back the same."""

from dataclasses import replace
from datetime import date

import pytest

from knowledge.article_checks import FaultsError, checked, too_few_questions
from knowledge.articles import Article, read_articles
from knowledge.editing import drafted
from knowledge.typed_article import (
    TypedArticle,
    TypedLink,
    TypedPassage,
    TypedSource,
    slug,
    typed_of,
)

TODAY = date(2026, 11, 28)
ASKED = tuple(f"can i pay in {number} parts" for number in range(2, 10))
PASSAGE = TypedPassage(
    heading="Can I pay in instalments?",
    text="No. The whole fee is due\nonce: the agreement is signed.",
    questions=ASKED,
    sources=(TypedSource("https://digital.nhs.uk/services", "seen", "2026-05-06"),),
)
FEES = TypedArticle(
    topic="charges-guidance",
    title="Fees: «in instalments»",
    owner="DARS enquiries lead",
    effective_from="2026-11-28",
    review_by="2027-11-28",
    passages=(PASSAGE,),
)


def faults_of(typed: TypedArticle) -> dict[str, str]:
    with pytest.raises(FaultsError) as refused:
        checked(typed, 1, TODAY)
    return {".".join(map(str, one.where)): one.said for one in refused.value.faults}


@pytest.mark.parametrize("article", read_articles(), ids=lambda one: one.front.id)
def test_an_article_that_is_opened_and_kept_unchanged_says_the_same(article: Article) -> None:
    base = drafted(article, article.front.version + 1)
    again = checked(typed_of(base), article.front.version + 1, TODAY, base)
    assert again.front == article.front.model_copy(
        update={
            "version": article.front.version + 1,
            "status": "draft",
            "approval": again.front.approval,
        }
    )
    assert [one.text for one in again.passages] == [one.text for one in article.passages]
    # Lines differ only where a list stood on one line.
    lines = {*again.text.splitlines()} ^ {*base.splitlines()}
    assert all("steers" in one or one.startswith("      - ") for one in lines)


def test_a_new_article_is_named_by_its_title_and_a_passage_by_its_heading() -> None:
    article = checked(FEES, 1, TODAY)
    assert (article.front.id, article.front.status) == ("fees-in-instalments", "draft")
    assert [one.id for one in article.passages] == ["can-i-pay-in-instalments"]
    assert article.passages[0].text == "No. The whole fee is due once: the agreement is signed."


def test_two_passages_of_one_heading_are_two() -> None:
    twice = replace(FEES, passages=(PASSAGE, replace(PASSAGE, text="Ask the team.")))
    ids = [one.id for one in checked(twice, 1, TODAY).passages]
    assert ids == ["can-i-pay-in-instalments", "can-i-pay-in-instalments-2"]


def test_every_empty_field_is_named_at_once() -> None:
    assert faults_of(TypedArticle()).keys() == {
        "topic",
        "title",
        "owner",
        "effective_from",
        "review_by",
        "passages.0.heading",
        "passages.0.text",
        "passages.0.questions",
        "passages.0.sources",
    }


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"id": "../Fees"}, "id"),
        ({"topic": "weather"}, "topic"),
        ({"owner": "  "}, "owner"),
        ({"review_by": "next year"}, "review_by"),
        ({"review_by": "2026-11-27"}, "review_by"),
        ({"effective_until": "2026-11-27"}, "effective_until"),
        ({"effective_from": "2026-02-30"}, "effective_from"),
        ({"links": (TypedLink("", "https://nhs.uk"),)}, "links.0.text"),
    ],
)
def test_a_fault_stands_beside_its_field(change: dict[str, str], field: str) -> None:
    assert faults_of(replace(FEES, **change)).keys() == {field}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"heading": ""}, "heading"),
        ({"text": " \n"}, "text"),
        ({"text": "## fees"}, "text"),
        ({"questions": ASKED[:7]}, "questions"),
        ({"questions": (*ASKED[:7], "Can I pay in 2 parts?")}, "questions"),
        ({"sources": ()}, "sources"),
        ({"sources": (TypedSource("nhs.uk", "dated", "2026-05-06"),)}, "sources.0.url"),
        ({"sources": (TypedSource("https://nhs.uk", "seen", ""),)}, "sources.0.day"),
        ({"sources": (TypedSource("https://nhs.uk", "seen", "2026-11-29"),)}, "sources.0.day"),
        ({"sources": (TypedSource("https://nhs.uk", "dated", "2027"),)}, "sources.0.day"),
        ({"sources": (TypedSource("https://nhs.uk", "dated", "2026-13"),)}, "sources.0.day"),
        ({"links": (TypedLink("Fees", "javascript:alert(1)"),)}, "links.0.url"),
    ],
)
def test_a_fault_of_a_passage_stands_beside_its_field(change: dict[str, str], field: str) -> None:
    second = replace(FEES, passages=(PASSAGE, replace(PASSAGE, **change)))
    assert faults_of(second).keys() == {f"passages.1.{field}"}


@pytest.mark.parametrize("title", ["Fees ---", "---", "# Fees", "{a: b}", "yes", "Fees: 'so'"])
def test_words_that_mean_something_to_a_file_are_kept_as_words(title: str) -> None:
    article = checked(replace(FEES, id="fees", title=title), 1, TODAY)
    assert article.front.title == title
    assert typed_of(article.text).title == title


def test_a_text_that_is_no_article_is_not_lost() -> None:
    assert typed_of("just\nwords").passages[0].text == "just words"
    broken = typed_of("---\nid: [\n---\n## reply-1\nName the country.\n")
    assert "Name the country." in broken.passages[0].text


def test_a_short_name_is_cut_between_words() -> None:
    assert slug("The team's “own” fees, 2026!") == "the-teams-own-fees-2026"
    assert slug("fees " * 20) == "-".join(["fees"] * 9)


def test_what_asks_in_too_few_ways_is_named() -> None:
    text = checked(FEES, 1, TODAY)
    assert not list(too_few_questions(text))
