"""A draft article for a gap: officers' own words, put into the form of an article's file.

It is for a person to edit. Sources are left out on purpose, so that it cannot be approved as it is.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import yaml

from knowledge.search import Encode
from triage.essence import asked, sentences, shown
from triage.gaps import Matrix, represent, typical_first

MOST_PASSAGES = 3
MOST_QUESTIONS = 8
SAME = 0.05
"""Cosine distance within which a reply says what another says."""
REVIEW_AFTER = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Reply:
    """What an officer wrote, and the people whom it may name."""

    text: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """An enquiry of the gap: its words, masked already."""

    subject: str
    questions: tuple[str, ...]


def words_of(reply: Reply) -> str:
    """The reply without greeting and signature, masked."""
    said = " ".join(" ".join(part.text.split()) for part in sentences(reply.text))
    return shown(said, reply.people)


def questions_of(text: str, people: Sequence[str]) -> tuple[str, ...]:
    """What an enquiry asks, masked: ways in which people put it."""
    return tuple(asked(shown(text, people), 2))


def draft(
    words: Sequence[str],
    topic: str,
    enquiries: Sequence[Asked],
    replies: Sequence[Reply],
    *,
    today: date,
    encoder: Encode | None,
) -> str:
    """The article's text; empty where no officer has replied with anything to say.

    Enquiries come most typical first.
    """
    said = [one for one in map(words_of, replies) if one]
    if not said:
        return ""
    chosen = _typical(said, represent(said, encoder))
    questions = list(dict.fromkeys(one for each in enquiries for one in each.questions))
    heading = questions[0] if questions else ", ".join(words)
    front: dict[str, Any] = {
        "id": _slug(words),
        "topic": topic,
        "title": ", ".join(words[:3]).capitalize(),
        "version": 1,
        "status": "draft",
        "effective_from": today,
        "review_by": today + REVIEW_AFTER,
        "owner": "",
        "passages": {
            f"reply-{number}": {
                "heading": heading,
                "sources": [],
                "questions": questions[:MOST_QUESTIONS] or [heading],
            }
            for number, _ in enumerate(chosen, start=1)
        },
    }
    head = yaml.safe_dump(front, sort_keys=False, allow_unicode=True, width=100)
    body = "\n".join(f"## reply-{number}\n{text}\n" for number, text in enumerate(chosen, start=1))
    return f"---\n{head}---\n{body}"


def _typical(said: Sequence[str], vectors: Matrix) -> list[str]:
    """The most typical replies first, without those that say the same once more."""
    chosen: list[int] = []
    for place in typical_first(vectors):
        nearest = max((float(vectors[place] @ vectors[one]) for one in chosen), default=-1.0)
        if 1.0 - nearest > SAME and said[place] not in {said[one] for one in chosen}:
            chosen.append(place)
    return [said[place] for place in chosen[:MOST_PASSAGES]]


def _slug(words: Sequence[str]) -> str:
    """An id for the article, of words that it is about."""
    return re.sub(r"[^a-z0-9]+", "-", "-".join(words[:3]).lower()).strip("-") or "new-article"
