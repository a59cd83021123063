"""One find of a word or name of the codebook in a text: the record that matching makes and all coding modules read."""

from __future__ import annotations

from typing import NamedTuple

from transforms.forms import HitKind


class Hit(NamedTuple):
    """One find: what, where in the text (end exclusive), and by which line of the codebook."""

    kind: HitKind
    key: str  # a concept, or the id of an organisation, a place, a series
    line: str  # the id of the lexicon line, or of the entry
    start: int
    end: int


def spans_overlap(left: tuple[int, int], right: tuple[int, int]) -> bool:
    """Say whether two spans share a character."""
    return left[0] < right[1] and right[0] < left[1]
