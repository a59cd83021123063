"""Where a text names the concepts, organisations, places and series of the codebook: one Aho–Corasick pass per text.

A scanner is made once per codebook and language and kept. The automaton finds the first words of all forms at once;
each find is then compared with the whole form and its open endings, and `settling` says which stand. Offsets are those
of the text as given. It decides nothing about events: the coding modules do.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

import ahocorasick_rs

from codebook.load import Codebook
from transforms.forms import MOST_BETWEEN, Form, forms_of
from transforms.hits import Hit
from transforms.settling import is_written, settle
from transforms.text import fold, is_han, word_end

LONGEST_ENDING = 9  # letters; chains such as -leriniňkiden are longer than any ending of a name that we have met
# How a form ends once its needle is found: with it, with any or a few letters more, or right there (Chinese).
Ending = Literal["closed", "open", "name", "bare"]


class Sighting(NamedTuple):
    """The first word of some forms, seen in a folded text: which needle, and where."""

    needle: int
    start: int
    end: int


class Folded(NamedTuple):
    """A text and what it folds to, with a space before and after."""

    text: str
    padded: str


@dataclass(frozen=True, eq=False)
class Scanner:
    """The forms of one language, behind their automaton."""

    language: str
    automaton: ahocorasick_rs.AhoCorasick
    forms_by_needle: tuple[tuple[tuple[Form, Ending | None], ...], ...]


@lru_cache(maxsize=32)
def scanner_for(codebook: Codebook, language: str) -> Scanner:
    """Return the scanner for texts in a language of the codebook (made at the first call, in some tens of ms)."""
    forms: dict[str, list[tuple[Form, Ending | None]]] = defaultdict(list)
    for form in forms_of(codebook, language):
        for needle in form.needles:
            forms[needle].append((form, _ending_of(form)))
    needles = list(forms)
    return Scanner(language, ahocorasick_rs.AhoCorasick(needles), tuple(tuple(forms[needle]) for needle in needles))


def scan(text: str, scanner: Scanner) -> list[Hit]:
    """Return what the text names, by start; of names that overlap the longest stays, concepts overlap freely."""
    folded = folded_text(text)
    return verify(folded, sight(folded, scanner), scanner)


def folded_text(text: str) -> Folded:
    """Return a text made ready for matching."""
    return Folded(text, f" {fold(text)} ")


def sight(folded: Folded, scanner: Scanner) -> list[Sighting]:
    """Return where first words of forms stand: cheap, and more than what the text really names."""
    return scanner.automaton.find_matches_as_indexes(folded.padded, overlapping=True)  # type: ignore[no-any-return]


def verify(folded: Folded, sightings: Iterable[Sighting], scanner: Scanner) -> list[Hit]:
    """Return what is really named where first words were seen."""
    return settle(folded.text, finds(folded, sightings, scanner))


def finds(folded: Folded, sightings: Iterable[Sighting], scanner: Scanner) -> list[tuple[Form, Hit]]:
    """Return the forms that stand whole where first words were seen, names only as they are written."""
    text, padded = folded
    found = []
    for needle, start, end in sightings:
        begin = start if padded[start] == " " else start - 1
        for form, ending in scanner.forms_by_needle[needle]:
            stop = _match(form, padded, start) if ending is None else _ending(ending, padded, end)
            if stop < 0:
                continue
            hit = Hit(form.kind, form.key, form.line, begin, stop - 1)
            if form.kind == "concept" or (is_written(form, hit, text) and not _is_parted(form, text[begin : stop - 1])):
                found.append((form, hit))
    return found


def _is_parted(form: Form, words: str) -> bool:
    """Say whether a sentence ends between the words of a name: "… — Sputnik. Kyrgyzstan and …"."""
    return len(form.words) > 1 and ". " in words and "." not in form.written


def _ending(ending: Ending, padded: str, end: int) -> int:
    """Return where a form ends whose needle ends here, in the padded text, or -1 where its last word is too long."""
    if ending == "closed":
        return end - 1
    if ending == "bare":
        return end
    stop = word_end(padded, end)
    return -1 if ending == "name" and stop - end > LONGEST_ENDING else stop


def _ending_of(form: Form) -> Ending | None:
    """Return how a form ends once its needle is found; None where more of it must be compared."""
    if not form.is_all_sought or form.is_edged:
        return None
    stem, is_open = form.words[-1]
    if is_han(stem[0]):
        return "bare"
    if not is_open:
        return "closed"
    return "name" if form.kind == "organisation" else "open"


def _match(form: Form, padded: str, start: int) -> int:
    """Return where a form whose first word begins here ends in the padded text when it is all there, else -1."""
    if form.is_edged and _is_letter(padded[start - 1]):
        return -1
    position = start + (padded[start] == " ")
    most_between = 1 if form.kind == "concept" else MOST_BETWEEN
    is_first = True
    for stem, is_open in form.words:
        begin = position
        while not is_first and begin < len(padded) and padded[begin] == " ":
            begin += 1
        if begin - position > most_between or not padded.startswith(stem, begin):
            return -1
        is_first, position = False, begin + len(stem)
        if stem and is_han(stem[0]):
            continue
        stop = word_end(padded, position) if not form.is_edged or _is_letter(padded[position]) else position
        if stop != position and (not is_open or (form.kind == "organisation" and stop - position > LONGEST_ENDING)):
            return -1
        position = stop
    return position


def _is_letter(character: str) -> bool:
    """Say whether a character of a folded text is a letter or figure, but no Chinese one."""
    return character != " " and not is_han(character)
