"""Which organisation somebody writes for: by their signature, else by their address."""

import pytest

from triage.organisation import is_personal, organisation

SIGNED = "Where is our data?\n\nKind regards\nRobin Asker\nResearch Data Manager\n{line}"


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Northmere University Hospitals NHS Trust", "Northmere University Hospitals NHS Trust"),
        ("School of Medicine, Castlegate University", "Castlegate University"),
        ("Brackwater Health Ltd | 12 Mill Road", "Brackwater Health Ltd"),
        ("Department of Health Research", "Department of Health Research"),
    ],
)
def test_a_signature_names_it(line, name):
    found = organisation("robin@gmail.com", SIGNED.format(line=line))
    assert found == (name, "signature")


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("r@x.northmere.ac.uk", "x.northmere.ac.uk (a university or college)"),
        ("r@nhs.net", "nhs.net (NHS)"),
        ("r@brackwater.nhs.uk", "brackwater.nhs.uk (NHS)"),
        ("r@castlegate.gov.uk", "castlegate.gov.uk (government)"),
        ("r@Lindhurst.example", "lindhurst.example"),
        ("r@notnhs.net", "notnhs.net"),
    ],
)
def test_without_a_signature_the_address_shows_it(address, name):
    assert organisation(address, "Where is our data?") == (name, "address")


@pytest.mark.parametrize("address", ["lena@gmail.com", "U0SBX00004", "", "no-domain@"])
def test_a_personal_or_missing_address_shows_none(address):
    assert organisation(address, "I work with a university. Where is my data?") is None


def test_what_a_message_says_of_a_body_is_no_signature():
    text = "Did Northmere University get our file?\n\nLena"
    assert organisation("lena@gmail.com", text) is None
    assert is_personal("lena@GMAIL.com")
    assert not is_personal("lena@nhs.net")
