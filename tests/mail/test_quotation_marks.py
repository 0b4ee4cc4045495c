# ruff: noqa: RUF001 -- Cyrillic
"""The odder ways in which programs say that what follows was written before."""

import pytest

from bot.mail.quotes import split

SAID = "Could we have the second extract as well?\n\nIt is for the same study."
OLD = "Dear Robin,\n\nhere is the first extract."
DANISH = """-------- Tidligere besked --------
Fra: Data Team <team@dars.example>
Dato: 03.03.2022 16.05
Til: robin@uni.example
Emne: Udtræk"""
HUNGARIAN = """====== Annak az előzménye ======

Feladó: Data Team <team@dars.example>
Dátum: 2022.03.03. 16:05
Címzett: robin@uni.example
Tárgy: Kivonat"""
QUOTED = "> Dear Robin,\n>\n> here is the first extract."


@pytest.mark.parametrize(
    "line",
    [
        "Thursday, 3 March 2022, 4:05 PM +0100 from Data Team <team@dars.example>:",
        '03.03.2022, 16:05, "Data Team" <team@dars.example>:',
        "чт, 3 мар. 2022 г. в 16:05, Data Team <team@dars.example>:",
        '4:05 PM, March 3, 2022, "Data Team" <team@dars.example>:',
        "2022-03-03 16:05 GMT+01:00 Data Team <\nteam@dars.example>:",
        "---- On Thu, 03 Mar 2022 16:05:11 +0100 Data Team wrote ----",
        "---- Data Team schrieb ----",
        "--------On 3/3/2022 4:05 PM, Data Team wrote--------",
        "Date: Thu, 03 Mar 2022 16:05:11 +0100\nTo: robin@uni.example",
        "From: team@dars.example\nDate: Thu, 03 Mar 2022 16:05:11 +0100",
        DANISH,
        HUNGARIAN,
    ],
)
def test_what_a_program_puts_above_an_older_message_goes_with_it(line: str) -> None:
    parts = split(f"{SAID}\n\n{line}\n\n{OLD}\n")
    assert parts.new == SAID
    assert "first extract" in parts.quoted


@pytest.mark.parametrize(
    "joint",
    [" On Thu, Mar 3, 2022 at 4:05 PM, team@dars.example wrote:",
     "--- On Thu, Mar 3, 2022 at 4:05 PM, Data Team wrote:",
     " Le 3 mars 2022 à 16:05, Data Team a écrit :"],
)  # fmt: skip
def test_an_attribution_on_the_line_of_the_last_words_is_taken_off(joint: str) -> None:
    assert split(f"{SAID}{joint}\n{QUOTED}\n").new == SAID


def test_a_link_that_broke_the_marks_of_a_quotation_is_part_of_it() -> None:
    broken = (
        "On Thu, 3 Mar 2022 at 16:05, Data Team wrote:\n\n> The form is here:\n"
        "(https://dars.example/form/7) >\n> Or see it whole (https://dars.example/all\n"
        "?form=7&page=2)\n> Data Team\n"
    )
    assert split(f"{SAID}\n\n{broken}").new == SAID


@pytest.mark.parametrize(
    "text",
    [
        "We met on 3 March 2022 at 16:05 and agreed with jane@uni.example:\n\nno names leave.",
        "Thursday, 3 March 2022, 4:05 PM is the deadline:\n\nplease send it by then.",
        "Contact: Data Team <team@dars.example>:\n\nWhen will they answer?",
        "Date: 3 March 2022\nPlace: Leeds\n\nWho may come?",
        "From: January 2020\nTo: March 2022\n\nThese are the months that we need.",
        "---- what I wrote before ----\n\nstill holds, and here is more.",
        "-------- Our question --------\n\nMay we keep the data?",
        "I know what she wrote On 3 March 2022 at 16:05 in the minutes.\n\nIs it final?",
        "See (https://dars.example/form/7)\n\nIs that the right form?",
        f"First the costs.\n\n{'_' * 60}\n\nThen how long it takes us.\n\nKind regards\nRobin",
        "> Is it free?\nYes (https://dars.example/costs)\n> And the second one?\nNo.",
    ],
)
def test_what_people_write_in_such_words_is_theirs(text: str) -> None:
    assert split(text).new == text


@pytest.mark.parametrize(
    "line",
    ["Télécharger Outlook pour Android<https://aka.ms/x>", "Laden Sie Outlook für iOS herunter",
     "Downloaden Outlook voor Android", "Sent from Mailbox for iPad", "From my iPhone 6",
     "Baixar Outlook para iOS<https://aka.ms/x>"],
)  # fmt: skip
def test_what_outlook_advertises_in_other_languages_is_no_new_text(line: str) -> None:
    assert split(f"{SAID}\n\n{line}\n").new == SAID
