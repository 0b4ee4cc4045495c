"""Approved articles: complete, sourced, fresh, and never sent with a gap in them."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from knowledge.articles import ARTICLES, ArticleError, Passage, read_article, read_articles
from knowledge.topics import Topic

TODAY = date(2026, 11, 23)
SEEN = {"organisation", "telephone"}


@pytest.fixture(scope="module")
def passages() -> list[Passage]:
    return [passage for article in read_articles() for passage in article.passages]


@pytest.fixture
def passage(passages: list[Passage]) -> Passage:
    """One that needs a placeholder."""
    return next(one for one in passages if "contact_dars" in one.placeholders)


def test_every_topic_has_an_article_and_a_fact(passages: list[Passage]) -> None:
    assert {passage.topic for passage in passages} == set(Topic)
    assert all(topic.fact.endswith(".") for topic in Topic)


def test_every_passage_names_its_source_and_where_to_read_on(passages: list[Passage]) -> None:
    for passage in passages:
        entry = passage.article.passages[passage.id]
        assert entry.sources
        assert passage.links
        assert passage.questions


def test_a_passage_is_short_enough_to_be_read(passages: list[Passage]) -> None:
    assert all(20 <= len(passage.text.split()) <= 100 for passage in passages)


def test_a_filled_passage_holds_no_placeholder(passages: list[Passage]) -> None:
    for passage in passages:
        contacts = dict.fromkeys(passage.placeholders, "here")
        assert passage.sendable(TODAY, contacts) is None
        assert "{" not in passage.filled(contacts)


def test_a_missing_contact_is_named(passage: Passage) -> None:
    contacts = dict.fromkeys(passage.placeholders - {"contact_dars"}, "here")
    assert passage.sendable(TODAY, contacts) == "no setting for contact_dars"


def test_nothing_is_sent_before_it_is_in_force_or_after_its_review(passage: Passage) -> None:
    contacts = dict.fromkeys(passage.placeholders, "here")
    early = passage.article.effective_from - timedelta(days=1)
    late = passage.article.review_by + timedelta(days=1)
    assert "not in force" in (passage.sendable(early, contacts) or "")
    assert "review" in (passage.sendable(late, contacts) or "")


def test_nothing_is_sent_after_the_day_on_which_it_expires(passage: Passage) -> None:
    front = passage.article.model_copy(update={"effective_until": TODAY})
    ends = Passage(front, passage.id, passage.text)
    contacts = dict.fromkeys(passage.placeholders, "here")
    assert ends.sendable(TODAY, contacts) is None
    assert "expired" in (ends.sendable(TODAY + timedelta(days=1), contacts) or "")


@pytest.mark.parametrize("status", ["draft", "retired"])
def test_only_approved_articles_are_sent(passage: Passage, status: str) -> None:
    front = passage.article.model_copy(update={"status": status})
    other = Passage(front, passage.id, passage.text)
    contacts = dict.fromkeys(passage.placeholders, "here")
    assert status in (other.sendable(TODAY, contacts) or "")


GOOD = (ARTICLES / "ndrs-total-cost.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("topic: ndrs-total-cost", "topic: weather"),
        ("version: 2", "version: 0"),
        ("status: approved", "status: fine"),
        ("## estimate", "## another"),
        ("dated: 2024-02-07\neffective", "effective"),
        ("owner:", "approver: somebody\nowner:"),
    ],
)
def test_an_article_that_breaks_the_form_is_named(tmp_path: Path, old: str, new: str) -> None:
    assert old in GOOD
    path = tmp_path / "broken.md"
    path.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(ArticleError, match=r"broken\.md"):
        read_article(path)


def test_an_id_is_used_once(tmp_path: Path) -> None:
    for name in ("one.md", "two.md"):
        (tmp_path / name).write_text(GOOD, encoding="utf-8")
    with pytest.raises(ArticleError, match="twice"):
        read_articles(tmp_path)
