"""Messages in other languages are told from English ones, short ones left aside."""

import pytest

from triage.language import is_english


@pytest.mark.parametrize(
    "text",
    [
        "Rydym yn brifysgol yng Nghymru ac yn awyddus i wneud cais am ddata cofrestru canser.",
        "Bonjour, nous sommes un institut et nous voudrions savoir comment faire une demande.",
        "Dzień dobry, pracuję w przychodni w Leeds i mam pytanie o dane o szczepieniach dzieci.",
        "Guten Tag, wir sind eine Klinik in Bremen und möchten wissen, was die Daten kosten.",
    ],
)
def test_other_languages_are_told(text: str) -> None:
    assert not is_english(text)


@pytest.mark.parametrize(
    "text",
    [
        "cancer figs by ICB 2019-23 pls",
        "Could you tell me where the waiting times by trust for the last three winters are?",
        "Diolch.",
        "",
    ],
)
def test_english_and_short_texts_are_not_taken_for_another(text: str) -> None:
    assert is_english(text)
