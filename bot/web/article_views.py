"""An article as the knowledge pages show it: its state in words, its passages, its versions."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.expiring import SOON
from bot.web.differences import Row, differences
from handlers.article_use import Use
from handlers.articles import Record, files
from handlers.compose import part_of
from handlers.knowledge_tables import ArticleAction, ArticleEvent
from handlers.letters import Content, Part, Rendered
from knowledge.articles import Article
from knowledge.front_matter import PassageEntry
from knowledge.topics import Topic

Preview = Callable[[Content], Rendered]
"""Makes the mail that holds this content."""


@dataclass(frozen=True, slots=True)
class Line:
    """One article in the list."""

    record: Record
    state: str
    hinders: bool
    """Whether some or all of it is not sent though it is approved."""
    soon: str
    """What ends its use within 60 days, in words; empty where nothing does."""
    use: Use


@dataclass(frozen=True, slots=True)
class PassageView:
    """One passage, as it would be sent."""

    part: Part
    entry: PassageEntry
    missing: tuple[str, ...]
    """Settings that it needs and this deployment lacks."""


@dataclass(frozen=True, slots=True)
class Compared:
    """Two versions side by side."""

    before: str
    after: str
    rows: Sequence[Row]


def lines(
    records: Mapping[str, Record],
    use: Mapping[str, Use],
    contacts: Mapping[str, str],
    today: date,
) -> list[Line]:
    """All articles, in order of id."""
    return [line(one, use.get(key, Use()), contacts, today) for key, one in sorted(records.items())]


def by_topic(every: Iterable[Line], wanted: Callable[[Line], bool]) -> dict[Topic, list[Line]]:
    """Those that are wanted by topic, in the order of the topics."""
    found: dict[Topic, list[Line]] = {topic: [] for topic in Topic}
    for one in filter(wanted, every):
        found[one.record.topic].append(one)
    return {topic: articles for topic, articles in found.items() if articles}


def line(one: Record, use: Use, contacts: Mapping[str, str], today: date) -> Line:
    """One article's state in words."""
    state, hinders = _state(one.used, contacts, today)
    return Line(one, state, hinders, _ends_soon(one.used, today), use)


def _ends_soon(used: Article | None, today: date) -> str:
    if used is None or used.front.status != "approved":
        return ""
    front = used.front
    if not today <= front.last_day <= today + SOON:
        return ""
    return (
        "Review soon" if front.last_day == front.review_by else f"Ends {front.last_day:%-d %b %Y}"
    )


def _state(used: Article | None, contacts: Mapping[str, str], today: date) -> tuple[str, bool]:
    if used is None or used.front.status == "draft":
        return "Not in use yet", False
    front = used.front
    if front.status == "retired":
        return "Retired", False
    if objection := front.objection(today):
        return f"Not sent: {objection.removeprefix(f'article {front.id} ')}", True
    missing = [one for one in used.passages if one.placeholders - contacts.keys()]
    if missing:
        return f"In use, but {len(missing)} of {len(used.passages)} passages lack a setting", True
    return "In use", False


def passage_views(article: Article, contacts: Mapping[str, str]) -> list[PassageView]:
    """The passages of a version, as they would be sent."""
    found = []
    for passage in article.passages:
        missing = tuple(sorted(passage.placeholders - contacts.keys()))
        shown = {**contacts, **{name: f"[{name} is not set]" for name in missing}}
        entry = article.front.passages[passage.id]
        found.append(PassageView(part_of(passage, shown), entry, missing))
    return found


def compared(one: Record, events: Sequence[ArticleEvent]) -> Compared | None:
    """What is in use beside the draft; without a draft, beside what was in use before it."""
    used = one.used
    if used is None:
        first = one.newest
        after = f"Version {first.front.version}, the draft"
        return Compared("Nothing yet: it is new", after, differences("", first.text))
    if one.draft is not None:
        after = f"Version {one.draft.front.version}, the draft"
        before = f"Version {used.front.version}, in use"
        return Compared(before, after, differences(used.text, one.draft.text))
    earlier = _earlier(used, events)
    if earlier is None:
        return None
    version, text = earlier
    return Compared(
        f"Version {version}, before",
        f"Version {used.front.version}, now",
        differences(text, used.text),
    )


def _earlier(used: Article, events: Sequence[ArticleEvent]) -> tuple[int, str] | None:
    """The version before, from the decisions, newest first, or the file."""
    for event in events:
        if event.action == ArticleAction.APPROVED and event.version < used.front.version:
            return event.version, event.text
    for shipped in files():
        if shipped.front.id == used.front.id and shipped.front.version < used.front.version:
            return shipped.front.version, shipped.text
    return None
