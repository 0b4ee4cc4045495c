"""How many years of school a text takes: the Flesch-Kincaid grade.

Kincaid, Fishburne, Rogers and Chissom (1975), Derivation of New Readability Formulas for Navy
Enlisted Personnel, Research Branch Report 8-75. Grade 7 is read at the age of about 12.
"""

import re

_SENTENCE = re.compile(r"(?<=[.!?;:])\s+")
_WORD = re.compile(r"[A-Za-z0-9'\u2019-]+")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(r"[^aeioutd]ed$|[^aeioul]e$")


def grade(text: str) -> float:
    """The grade of a text of some sentences; a colon or semicolon ends one, as in the report."""
    sentences = [one for one in _SENTENCE.split(text) if one.strip()]
    words = _WORD.findall(text)
    syllables = sum(map(_syllables, words))
    return 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59


def _syllables(word: str) -> int:
    """About how many are spoken: groups of vowels, less an end that is not."""
    letters = re.sub(r"[^a-z]", "", word.lower())
    silent = bool(_SILENT.search(letters))
    return max(1, len(_VOWELS.findall(letters)) - silent)
