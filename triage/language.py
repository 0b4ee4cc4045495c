"""Is a text in the language that the encoder and the articles are in?"""

import re

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)?")
LEAST_WORDS = 12
"""Fewer words tell no language: a list of what is wanted has no small words either."""
_SMALL = (
    "the of and to for we you that this with are have has had what where which who can could is "
    "it it's our your please from by not would how there they do does did be been if or but any "
    "my at as will their them his her when about i'm don't"
)
ENGLISH = frozenset(_SMALL.split())
"""Small words of English, without those that are words of its neighbours (in, was, so, me)."""
LEAST_COMMON = 0.06
"""Share of those words below which a text is not English.

Chosen on the labelled messages of the training and calibration authors.
"""


def is_english(text: str) -> bool:
    """Whether a text reads as English; a short one is taken for it."""
    words = [word.lower().replace("\u2019", "'") for word in _WORD.findall(text)]
    common = sum(word in ENGLISH for word in words)
    return len(words) < LEAST_WORDS or common >= LEAST_COMMON * len(words)
