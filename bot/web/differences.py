"""Two versions of an article side by side, line by line, with the words that differ marked."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

AROUND = 1
"""Lines alike that are shown before and after a change."""


class Piece(NamedTuple):
    """Some words of a line, and whether they stand on this side alone."""

    text: str
    differs: bool


class Row(NamedTuple):
    """A line of both sides; a side without it has no pieces. `left_out` lines come before."""

    before: tuple[Piece, ...]
    after: tuple[Piece, ...]
    left_out: int = 0


def differences(before: str, after: str) -> list[Row]:
    """The lines that differ, with a line around each; empty where nothing does."""
    old, new = before.splitlines(), after.splitlines()
    rows: list[Row] = []
    left_out = 0
    groups = SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(AROUND)
    end = 0
    for group in groups:
        left_out = group[0][1] - end
        for row in (row for opcode in group for row in _rows(opcode, old, new)):
            rows.append(row._replace(left_out=left_out))
            left_out = 0
        end = group[-1][2]
    return rows


def _rows(
    opcode: tuple[str, int, int, int, int], old: Sequence[str], new: Sequence[str]
) -> Iterator[Row]:
    kind, first, last, other_first, other_last = opcode
    left, right = old[first:last], new[other_first:other_last]
    if kind == "equal":
        for line in left:
            alike = (Piece(line, differs=False),)
            yield Row(alike, alike)
        return
    for number in range(max(len(left), len(right))):
        yield _compared(left[number : number + 1], right[number : number + 1])


def _compared(left: Sequence[str], right: Sequence[str]) -> Row:
    if not left or not right:
        return Row(
            tuple(Piece(line, differs=True) for line in left),
            tuple(Piece(line, differs=True) for line in right),
        )
    old, new = (re.findall(r"\s+|[^\s]+", side[0]) for side in (left, right))
    before, after = [], []
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        differs = kind != "equal"
        before.append(Piece("".join(old[i1:i2]), differs))
        after.append(Piece("".join(new[j1:j2]), differs))
    return Row(
        tuple(piece for piece in before if piece.text),
        tuple(piece for piece in after if piece.text),
    )
