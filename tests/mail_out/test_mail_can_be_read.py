"""Mails as a screen reader and an eye take them: order of headings, language, contrast, links."""

import re
from email.message import EmailMessage
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from mail_out.letters import LETTERS, rendered

from bot.mail.one_click import call, write_to

LEAST_CONTRAST = 4.5
"""WCAG 2.2, success criterion 1.4.3 at level AA, for text of ordinary size."""

each = pytest.mark.parametrize("name", LETTERS)


class Read(HTMLParser):
    """What a screen reader would find."""

    def __init__(self) -> None:
        super().__init__()
        self.headings: list[int] = []
        self.links: list[tuple[str, str]] = []
        self.tags: list[str] = []
        self.language = ""
        self._target: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "html":
            self.language = given.get("lang", "")
        if tag == "a":
            self._target = given["href"]
            self.links.append((self._target, ""))

    def handle_data(self, data: str) -> None:
        if self._target is not None:
            self.links[-1] = (self._target, self.links[-1][1] + data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._target = None


def html_of(name: str) -> str:
    _, html = rendered(name).iter_parts()
    assert isinstance(html, EmailMessage)
    return str(html.get_content())


def read(name: str) -> Read:
    reader = Read()
    reader.feed(html_of(name))
    return reader


@each
def test_headings_begin_with_one_of_the_first_rank_and_skip_none(name: str) -> None:
    found = read(name).headings
    assert found[0] == 1
    assert found.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(found))


@each
def test_the_language_is_given_and_no_table_or_picture_is_needed(name: str) -> None:
    found = read(name)
    assert found.language == "en-GB"
    assert not {"table", "img", "font", "center"} & set(found.tags)


@each
def test_no_link_is_without_words_and_only_an_officer_writes_bare_addresses(name: str) -> None:
    for target, words in read(name).links:
        assert words.strip()
        if LETTERS[name].template != "officer":
            assert "://" not in words
            assert target


@each
def test_a_person_is_one_click_away_and_the_mail_finds_its_enquiry(name: str) -> None:
    targets = [target for target, _ in read(name).links]
    assert "tel:03003035678" in targets
    [mail] = {one for one in targets if one.startswith("mailto:dars@")}
    assert mail.endswith("?subject=My%20enquiry%20%5BENQ-7K3MQD-4T9P%5D")


@each
def test_every_colour_of_text_stands_out_from_its_ground(name: str) -> None:
    style = html_of(name).split("</style>", maxsplit=1)[0]
    light, dark = style.split("@media (prefers-color-scheme: dark)")
    for part in (light, dark):
        ground = re.findall(r"background-color: (#[0-9a-f]{6})", part)
        texts = re.findall(r"[ {]color: (#[0-9a-f]{6})", part)
        assert len(ground) == 1
        assert len(texts) == 2
        assert min(contrast(one, ground[0]) for one in texts) >= LEAST_CONTRAST


def contrast(one: str, other: str) -> float:
    """The ratio that WCAG 2.2 defines."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
    return sum(weight * one for weight, one in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize(
    "contact", ["", "see our page", "a@b.example, c@d.example", "a b@c.example"]
)
def test_what_is_no_address_is_no_link(contact: str) -> None:
    assert write_to(contact, "ENQ-7K3MQD-4T9P") is None


@pytest.mark.parametrize(
    ("telephone", "link"),
    [
        ("0300 303 5678", "tel:03003035678"),
        ("+44 (300) 303-5678", "tel:+443003035678"),
        ("0300 303 5678 ext 4", None),
        ("ask at the desk", None),
        ("", None),
    ],
)
def test_only_a_number_alone_can_be_called(telephone: str, link: str | None) -> None:
    assert call(telephone) == link
