"""Whole mails against the newly written text that a person read out of them."""

from pathlib import Path

import pytest

from bot.mail.parse import parse

FOLDER = Path(__file__).parents[1] / "data" / "mail"
MAILS = sorted(FOLDER.glob("*.eml"))


def test_every_mail_has_its_expected_text_and_the_reverse() -> None:
    assert {mail.stem for mail in MAILS} == {text.stem for text in FOLDER.glob("*.txt")}
    assert len(MAILS) >= 40


@pytest.mark.parametrize("mail", MAILS, ids=lambda mail: mail.stem)
def test_the_newly_written_text_is_what_a_person_reads_in_it(mail: Path) -> None:
    expected = mail.with_suffix(".txt").read_text(encoding="utf-8")
    assert parse(mail.read_bytes()).new_text == expected.rstrip("\n")


@pytest.mark.parametrize("mail", MAILS, ids=lambda mail: mail.stem)
def test_none_of_these_mails_of_people_is_taken_for_automatic(mail: Path) -> None:
    parsed = parse(mail.read_bytes())
    assert parsed.automatic_reason is None
    assert parsed.may_auto_reply
