"""Texts that are alike are put together, and what they share is named; nobody is."""

import numpy as np
import pytest
import yaml

from knowledge.articles import read_article
from triage.essence import asked, comparable, sentences, shown
from triage.gap_draft import Asked, Reply, draft
from triage.gaps import alike, cluster, farthest, represent, shared_words

THESIS = (
    "Must small numbers be suppressed in a thesis?",
    "How are small numbers suppressed in thesis tables?",
    "Is a thesis exempt from suppressing small numbers?",
)
ABROAD = ("May I open the data from abroad?", "Can the data be opened when abroad?")
OTHER = "Who signs the invoice?"


def together(texts):
    return cluster(texts, represent(texts, None), farthest(None))


def test_alike_texts_form_groups_and_one_like_no_other_forms_none():
    groups = together([*THESIS, OTHER, *ABROAD])
    assert [sorted(one.members) for one in groups] == [[0, 1, 2], [4, 5]]


def test_the_same_texts_give_the_same_groups():
    texts = [*THESIS, OTHER, *ABROAD]
    assert together(texts) == together(texts)


@pytest.mark.parametrize("texts", [[], ["One alone?"], ["", ""], ["?!", "…", "the of and"]])
def test_texts_that_say_nothing_or_nothing_together_form_no_group(texts):
    assert together(texts) == []


def test_shared_words_tell_one_group_from_another():
    texts = [*THESIS, *ABROAD]
    first, second = shared_words(texts, [[0, 1, 2], [3, 4]])
    assert "thesis" in first
    assert "abroad" in second
    assert not set(first) & set(second)
    assert "must" not in first


def test_a_text_is_alike_where_it_would_have_joined():
    texts = [*THESIS, "Which small numbers are suppressed in my thesis?", OTHER]
    vectors = represent(texts, None)
    assert alike(vectors[:3], vectors[3:], farthest(None)).tolist() == [True, False]
    assert alike(vectors[:3], np.zeros((0, vectors.shape[1])), 0.5).tolist() == []


def test_what_is_shown_names_neither_writer_nor_patient():
    text = (
        "I am robin of NIC-123456-A1B2C; ring 0113 496 0123 or +44 7700 900123. Dr Sarah Jones "
        "asked about 999 000 0018, born 1 May 1970, LS1 4AP. <@U012AB> told robin@uni.example."
    )
    assert shown(text, ("Robin Asker", "robin.asker@uni.example")) == (
        "I am [name] of [reference]; ring [telephone] or [telephone]. Dr [name] "
        "asked about [NHS number], born [date of birth], [postcode]. [name] told [address]."
    )


def test_masking_leaves_figures_dates_and_shared_mailboxes_words():
    text = "The research data of 2019-2020 cost £1,200,000 on 1 May 2026."
    assert shown(text, ("Research Data", "data@uni.example")) == text


def test_small_counts_of_people_are_not_shown():
    said = shown("There were 3 patients and two young women in ward 4, and 250 patients.", ())
    assert said == (
        "There were [number] patients and [number] young women in ward 4, and 250 patients."
    )


def test_greeting_signature_and_a_name_alone_are_not_what_a_message_says():
    text = "Dear Jo,\n\nMay I publish it?\n\nRobin Asker"
    assert [part.text for part in sentences(text)] == ["May I publish it?"]
    assert comparable("Re: Models", text, ()) == "Models May I publish it?"
    assert asked("It is a model. May I publish it? Thanks\nJo", 2) == ["May I publish it?"]


def made(*said: str, today="2026-11-30") -> str:
    replies = [Reply(f"Dear Robin,\n\n{one}\n\nRegards\nAsha", ("Robin Asker",)) for one in said]
    questions = [Asked("", ("May I publish it?",))]
    day = np.datetime64(today).item()
    return draft(("model", "share"), "contracts", questions, replies, today=day, encoder=None)


def test_a_draft_is_an_article_once_a_person_has_filled_it_in(tmp_path):
    text = made("Ask for a disclosure review first.", "Name the country in the agreement.")
    _, head, body = text.split("---\n", 2)
    front = yaml.safe_load(head)
    front["approval"] = {"page": "https://x.example", "title": "X", "dated": "2026-01-01"}
    front |= {"status": "approved", "owner": "Someone"}
    for passage in front["passages"].values():
        passage["sources"] = [{"url": "https://x.example", "dated": "2026-01-01"}]
    path = tmp_path / "model-share.md"
    path.write_text(f"---\n{yaml.safe_dump(front)}---\n{body}", encoding="utf-8")
    article = read_article(path)
    assert [one.text for one in article.passages] == [
        "Ask for a disclosure review first.",
        "Name the country in the agreement.",
    ]


def test_the_most_typical_reply_comes_first_and_none_comes_twice():
    review = "Ask for a disclosure review of the model first."
    text = made("Please ring us.", review, review, "Ask for a disclosure review of it.")
    said = [line for line in text.split("---\n")[2].splitlines() if line and line[0] != "#"]
    assert said[0] == review
    assert said.count(review) == 1


def test_without_a_reply_there_is_no_draft():
    assert made() == ""
    assert made("") == ""
