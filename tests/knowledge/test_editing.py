"""What a decision changes in an article's text, and what it leaves alone."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from knowledge.articles import Article, ArticleError, parse_article, read_articles
from knowledge.editing import approved, drafted, retired

AT = datetime(2026, 11, 28, 16, 30, tzinfo=UTC)


def every() -> list[Article]:
    return read_articles()


@pytest.mark.parametrize("article", every(), ids=lambda one: one.front.id)
def test_an_approval_changes_version_status_and_approver_alone(article: Article) -> None:
    draft = parse_article(drafted(article, 2), "draft")
    result = approved(draft, 'Ana "Wit" Whitlock: ☂', AT)
    kept = {"version", "status", "approval"}
    assert result.front.model_dump(exclude=kept) == article.front.model_dump(exclude=kept)
    assert [one.text for one in result.passages] == [one.text for one in article.passages]
    assert (result.front.version, result.front.status) == (2, "approved")
    approval = result.front.approval
    assert approval is not None
    assert (approval.by, approval.at) == ('Ana "Wit" Whitlock: ☂', AT)
    assert article.front.approval is not None
    assert approval.page == article.front.approval.page


def test_no_article_that_is_shipped_names_a_person_as_its_approver() -> None:
    assert not [one for one in every() if one.front.approval and one.front.approval.by]


def test_a_new_draft_forgets_who_approved_the_version_before() -> None:
    first = approved(parse_article(drafted(every()[0], 2), "x"), "Ana Whitlock", AT)
    assert "Ana Whitlock" not in drafted(first, 3)
    second = approved(parse_article(drafted(first, 3), "x"), "Ben Osei", AT)
    assert second.text.count("  by:") == 1


def test_a_person_alone_may_approve_what_restates_no_page() -> None:
    text = drafted(every()[0], 2)
    start, end = text.index("approval:"), text.index("effective_from:")
    alone = approved(parse_article(text[:start] + text[end:], "x"), "Ana Whitlock", AT)
    assert alone.front.approval is not None
    assert (alone.front.approval.page, alone.front.approval.by) == (None, "Ana Whitlock")
    assert "approval:" not in drafted(alone, 3)


def test_an_approval_written_on_one_line_is_refused_rather_than_guessed_at() -> None:
    text = drafted(every()[0], 2)
    start, end = text.index("approval:"), text.index("effective_from:")
    flow = "approval: {page: 'https://example.org/', title: A, dated: 2024-01-01}\n"
    with pytest.raises(ArticleError):
        approved(parse_article(text[:start] + flow + text[end:], "x"), "Ana Whitlock", AT)


def test_what_is_retired_keeps_its_text(tmp_path: Path) -> None:
    article = every()[0]
    result = retired(article)
    assert result.front.status == "retired"
    (tmp_path / "one.md").write_text(result.text, encoding="utf-8")
    assert read_articles(tmp_path) == [result]


def test_a_file_that_says_withdrawn_is_read_as_retired() -> None:
    text = every()[0].text.replace("status: approved", "status: withdrawn")
    assert parse_article(text, "x").front.status == "retired"


def test_only_a_draft_goes_without_an_approval() -> None:
    text = drafted(every()[0], 2)
    start, end = text.index("approval:"), text.index("effective_from:")
    bare = text[:start] + text[end:]
    assert parse_article(bare, "x").front.approval is None
    with pytest.raises(ArticleError, match="only a draft"):
        parse_article(bare.replace("status: draft", "status: approved"), "x")
