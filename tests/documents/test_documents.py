"""Documentation says what the code does."""

import re
from pathlib import Path

import pytest

from bot.documents import DOCS, PAGES

ROOT = DOCS.parent


@pytest.mark.parametrize("name", PAGES)
def test_a_page_made_from_the_code_is_what_the_code_would_make(name):
    assert (DOCS / name).read_text(encoding="utf-8") == PAGES[name](), "run: make docs"


def test_the_readme_is_short():
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) < 120


PAGES_WITH_LINKS = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]


@pytest.mark.parametrize("page", PAGES_WITH_LINKS, ids=lambda page: page.name)
def test_every_link_to_our_own_files_leads_somewhere(page: Path):
    text = page.read_text(encoding="utf-8")
    targets = [one for one in re.findall(r"\]\(([^)#]+)", text) if "://" not in one]
    missing = [one for one in targets if not (page.parent / one).exists()]
    assert not missing


def test_every_decision_is_in_the_list_of_decisions():
    folder = DOCS / "decisions"
    listed = (folder / "README.md").read_text(encoding="utf-8")
    assert not [one.name for one in folder.glob("0*.md") if one.name not in listed]
