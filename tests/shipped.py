"""The versions in which our articles are shipped: a test of decisions counts on from there."""

from knowledge.articles import ARTICLES, read_article


def shipped(article: str) -> int:
    """The version of an article before anybody decided on it."""
    return read_article(ARTICLES / f"{article}.md").front.version
