"""Replies put together from approved passages and published series; nothing is generated.

Every sentence of an answer comes from a passage (kept here with article, version and hash) or
from a template. A passage that may not be sent today (not approved, past its review, a contact
missing) is left out, and the reason is returned so that the enquiry goes to a person.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from handlers.letters import Content, Link, Part, Series
from knowledge.library import Library
from triage.decision import Decision

TEMPLATES = Path(__file__).with_name("templates")


@dataclass(frozen=True, slots=True)
class Composer:
    """Puts replies together. `contacts` are the placeholders that this deployment has filled in."""

    library: Library
    contacts: Mapping[str, str]

    def content(self, decision: Decision, today: date) -> tuple[Content, tuple[str, ...]]:
        """What can be said to this enquiry today, and why anything had to be left out."""
        parts: list[Part] = []
        objections: list[str] = []
        for hit in decision.passages:
            objection = self.library.objection(hit.article, hit.passage, self.contacts, today)
            if objection is None:
                parts.append(self._part(hit.article, hit.passage))
            else:
                objections.append(f"{hit.article}: {objection}")
        content = Content(parts=tuple(parts), series=tuple(self._series(decision.series)))
        return content, tuple(dict.fromkeys(objections))

    def draft(self, decision: Decision, content: Content, name: str) -> str:
        """A letter for an officer to edit: what guidance covers, in the words that are approved."""
        environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            autoescape=False,  # noqa: S701  plain text for an officer's text box
        )
        draft = environment.get_template("draft.txt").render(
            content=content, decision=decision, name=name
        )
        return draft.strip() + "\n"

    def _part(self, article_id: str, passage_id: str) -> Part:
        article = self.library.article(article_id)
        passage = article.passages[passage_id]
        text = passage.filled(self.contacts)
        return Part(
            article=article_id,
            version=article.version,
            passage=passage_id,
            sha256=hashlib.sha256(passage.text.encode()).hexdigest(),
            heading=passage.heading,
            text=text,
            links=tuple(
                Link(text=link.text, url=str(link.url)) for link in self.library.links(passage)
            ),
        )

    def _series(self, ids: Iterable[str]) -> Iterable[Series]:
        for series_id in ids:
            entry = self.library.series(series_id)
            yield Series(
                id=entry.id,
                title=entry.title,
                publisher=entry.publisher,
                url=str(entry.url),
                details=entry.stated_facts(),
            )
