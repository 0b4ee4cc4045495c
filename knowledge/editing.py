"""Changes to an article's text that a decision makes: its version, its status, who approved it.

They are made line by line, so that the rest of the file stays as its owner wrote it.
"""

import json
import re
from datetime import datetime

from knowledge.articles import Article, ArticleError, parse_article

_APPROVAL = re.compile(r"^approval:[^\n]*\n(?:[ \t]+[^\n]*\n)*", re.MULTILINE)
_PERSON = re.compile(r"^[ \t]+(?:by|at):[^\n]*\n", re.MULTILINE)


def drafted(article: Article, version: int) -> str:
    """The text of a draft that starts from this article: nobody has approved it yet."""
    text = _with_line(article.text, "version", str(version))
    text = _with_line(text, "status", "draft")
    return _APPROVAL.sub(lambda found: _nobody(found.group()), text, count=1)


def approved(article: Article, by: str, at: datetime) -> Article:
    """The article as this person approves it, beside the page that it restates, if any.

    Raises:
        ArticleError: when its head is written in a way that cannot be changed line by line.
    """
    text = _APPROVAL.sub(lambda found: _nobody(found.group()), article.text, count=1)
    # A JSON string is a YAML string, whatever the name holds.
    person = f"  by: {json.dumps(by, ensure_ascii=False)}\n  at: {at.isoformat()}\n"
    block = _APPROVAL.search(text)
    if block is None:
        text = re.sub(
            r"^status:[^\n]*\n",
            lambda found: f"{found.group()}approval:\n{person}",
            text,
            count=1,
            flags=re.MULTILINE,
        )
    else:
        text = text[: block.end()] + person + text[block.end() :]
    changed = parse_article(_with_line(text, "status", "approved"), article.front.id)
    approval = changed.front.approval
    if changed.front.status != "approved" or approval is None or approval.by != by:
        raise ArticleError(f"{article.front.id}: write 'approval' with one key a line")
    return changed


def retired(article: Article) -> Article:
    """The article as it stands once it is no longer sent."""
    return parse_article(_with_line(article.text, "status", "retired"), article.front.id)


def _nobody(block: str) -> str:
    """The approval without a person; nothing where no page is left."""
    left = _PERSON.sub("", block)
    return "" if left.strip() == "approval:" else left


def _with_line(text: str, key: str, value: str) -> str:
    changed, times = re.subn(
        rf"^{key}:[^\n]*$", lambda _: f"{key}: {value}", text, count=1, flags=re.MULTILINE
    )
    if not times:
        raise ArticleError(f"the head has no line '{key}:'")
    return changed
