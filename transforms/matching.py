"""Where a text names the concepts, organisations, places and series of the codebook: one Aho–Corasick pass per text.

A scanner is made once per codebook and language and kept. The automaton finds the first words of all forms at once;
each find is then compared with the whole form, its open endings, its capitals and, for homonyms, what stands beside
it. Offsets are those of the text as given. It decides nothing about events: the coding modules do.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Literal

import ahocorasick_rs

from codebook.load import Codebook, OrganisationEntry
from transforms.text import fold, is_han, word_end

HitKind = Literal["concept", "organisation", "place", "series"]
# In which languages' forms a text may name things: Russian ones stand in all Cyrillic texts, English ones everywhere.
KIN = {
    "ru": ("ru", "en"),
    "kk": ("kk", "ru", "en"),
    "ky": ("ky", "ru", "en"),
    "uz": ("uz", "en"),
    "uz-Cyrl": ("uz-Cyrl", "uz", "ru", "en"),
    "tg": ("tg", "ru", "en"),
    "tk": ("tk", "en"),
    "tr": ("tr", "en"),
    "zh": ("zh", "en"),
    "en": ("en",),
}
LONGEST_ENDING = 9  # letters; chains such as -leriniňkiden are longer than any ending of a name that we have met
_OPENING, _CLOSING = "«“\"„‘'《「『‹", "»”\"’'》」』›"


@dataclass(frozen=True, slots=True)
class Hit:
    """One find: what, where in the text (end exclusive), and by which line of the codebook."""

    kind: HitKind
    key: str  # a concept, or the id of an organisation, a place, a series
    line: str  # the id of the lexicon line, or of the entry
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Form:
    """One form of one entry: its words, each with whether its end is open, and how it must be written."""

    kind: HitKind
    key: str
    line: str
    words: tuple[tuple[str, bool], ...]
    written: str  # as in the codebook
    is_capital: bool = False
    is_exact: bool = False  # short names in capitals: every letter's case counts
    needs_context: bool = False


@dataclass(frozen=True, eq=False)
class Scanner:
    """The forms of one language, behind their automaton."""

    language: str
    automaton: ahocorasick_rs.AhoCorasick
    forms_by_needle: tuple[tuple[_Form, ...], ...]


@lru_cache(maxsize=32)
def scanner_for(codebook: Codebook, language: str) -> Scanner:
    """Return the scanner for texts in a language of the codebook (made at the first call, in some tens of ms)."""
    forms: dict[str, list[_Form]] = defaultdict(list)
    for form in _forms(codebook, language):
        forms[_needle(form)].append(form)
    needles = list(forms)
    return Scanner(language, ahocorasick_rs.AhoCorasick(needles), tuple(tuple(forms[needle]) for needle in needles))


def scan(text: str, scanner: Scanner) -> list[Hit]:
    """Return what the text names, by start; of names that overlap the longest stays, concepts overlap freely."""
    padded = f" {fold(text)} "
    found = []
    for needle, start, end in scanner.automaton.find_matches_as_indexes(padded, overlapping=True):
        for form in scanner.forms_by_needle[needle]:
            stop = _match(form, padded, start, end)
            if stop is not None:
                begin = start if padded[start] != " " else start + 1
                found.append((form, Hit(form.kind, form.key, form.line, begin - 1, stop - 1)))
    return _settled(text, found)


def _forms(codebook: Codebook, language: str) -> Iterator[_Form]:
    """Yield all forms that a text in this language may use."""
    for line in codebook.lines:
        if line.language == language:
            for stem in line.stems:
                yield _Form("concept", line.concept, line.id, _words(stem, is_open=False), stem)
    kin = KIN.get(language, (language, "en"))
    for organisation in codebook.organisations.values():
        yield from _names(organisation, kin)
    for place in codebook.places.values():
        for name in _unique(place.names, kin):
            words = _words(name, is_open=not name.isascii())
            yield _Form("place", place.id, place.id, words, name, is_capital=name[:1].isupper())
    for series in codebook.series.values():
        for name in _unique(series.names, kin):
            yield _Form("series", series.id, series.id, _words(name, is_open=language != "en"), name, is_capital=False)


def _names(entry: OrganisationEntry, kin: Sequence[str]) -> Iterator[_Form]:
    """Yield the forms of an organisation; outside English their last word takes an ending."""
    homonyms = {fold(form) for form in entry.needs_context}
    for name in _unique(entry.names, kin):
        is_short = len(name) <= 5 and sum(letter.isupper() for letter in name) > 1
        is_odd = is_short and not name.isupper()  # capitals as in "UzA" are context enough
        yield _Form(
            "organisation",
            entry.id,
            entry.id,
            _words(name, is_open=kin[0] != "en"),
            name,
            is_capital=name[0].isupper(),
            is_exact=is_short,
            needs_context=fold(name) in homonyms and not is_odd,
        )


def _unique(names: object, kin: Sequence[str]) -> list[str]:
    """Return the names in these languages, each once, in order."""
    by_language = names if isinstance(names, dict) else dict(names)  # type: ignore[call-overload]
    return list(dict.fromkeys(name for language in kin for name in by_language.get(language, ())))


def _words(form: str, is_open: bool) -> tuple[tuple[str, bool], ...]:
    """Return the folded words of a form, each with whether letters may follow."""
    marked = form.replace("*", "\ue000")
    words = [(part.replace("\ue000", ""), "\ue000" in part) for part in _fold_keeping(marked).split()]
    if is_open and words:
        words[-1] = (words[-1][0], True)
    return tuple(words)


def _fold_keeping(marked: str) -> str:
    """Fold a form but keep the mark of an open end."""
    folded = fold(marked)
    return "".join("\ue000" if given == "\ue000" else letter for given, letter in zip(marked, folded, strict=True))


def _needle(form: _Form) -> str:
    """Return what the automaton looks for: the first word, bounded by spaces where it must begin and end."""
    stem, is_open = form.words[0]
    if is_han(stem[0]):
        return stem
    return f" {stem}" if is_open else f" {stem} "


def _match(form: _Form, padded: str, start: int, end: int) -> int | None:
    """Return where the form ends in the padded text when it is all there, else None."""
    stem, is_open = form.words[0]
    if is_han(stem[0]):
        return _match_rest(form, padded, end)
    position = start + 1 + len(stem)
    if is_open:
        position = word_end(padded, position)
        if form.kind == "organisation" and position - start - 1 - len(stem) > LONGEST_ENDING:
            return None
    return _match_rest(form, padded, position)


def _match_rest(form: _Form, padded: str, position: int) -> int | None:
    """Return where the second and later words of a form end, at most three signs apart."""
    for stem, is_open in form.words[1:]:
        begin = position
        while begin < len(padded) and padded[begin] == " ":
            begin += 1
        if begin - position > 3 or not padded.startswith(stem, begin):
            return None
        position = begin + len(stem)
        if is_han(stem[0]) if stem else False:
            continue
        stop = word_end(padded, position)
        if stop != position and not is_open:
            return None
        position = stop
    return position


def _settled(text: str, found: Iterable[tuple[_Form, Hit]]) -> list[Hit]:
    """Drop names that are not written as names, homonyms without context, and names inside longer names.

    A homonym that the text once names in context counts in all of it: "the Saryarqa agency … Saryarqa and Tulpar".
    """
    pairs = [(form, hit) for form, hit in found if _is_written(form, hit, text)]
    heads = [hit for _, hit in pairs if hit.key in {"media_actor", "media_head"}]
    sure = {hit.key for form, hit in pairs if not form.needs_context or _has_context(hit, text, heads)}
    pairs = [(form, hit) for form, hit in pairs if not form.needs_context or hit.key in sure]
    concepts = {hit for _, hit in pairs if hit.kind == "concept"}
    names = _longest([hit for _, hit in pairs if hit.kind != "concept"])
    return sorted([*concepts, *names], key=lambda hit: (hit.start, -hit.end, hit.key, hit.line))


def _is_written(form: _Form, hit: Hit, text: str) -> bool:
    """Say whether a name stands there with the capitals that it must have."""
    if form.is_exact:
        return text.startswith(form.written, hit.start)
    return not form.is_capital or text[hit.start].isupper() or not text[hit.start].isalpha() or is_han(text[hit.start])


def _has_context(hit: Hit, text: str, heads: Sequence[Hit]) -> bool:
    """Say whether a homonym stands in quotes or beside a head noun such as "agency"."""
    if (
        hit.start > 0
        and text[hit.start - 1] in _OPENING
        and any(c in _CLOSING for c in text[hit.end - 1 : hit.end + 2])
    ):
        return True
    return any(0 <= hit.start - head.end <= 2 or 0 <= head.start - hit.end <= 2 for head in heads)


def _longest(hits: Sequence[Hit]) -> list[Hit]:
    """Return the hits that lie in no longer one; equal spans keep series before organisations before places."""
    order = {"series": 0, "organisation": 1, "place": 2, "concept": 3}
    kept: list[Hit] = []
    for hit in sorted(set(hits), key=lambda h: (h.start - h.end, order[h.kind], h.start, h.key)):
        if all(hit.end <= other.start or hit.start >= other.end for other in kept):
            kept.append(hit)
    return kept


def spans_overlap(left: tuple[int, int], right: tuple[int, int]) -> bool:
    """Say whether two spans share a character."""
    return left[0] < right[1] and right[0] < left[1]


def gaps(hits: Sequence[Hit]) -> list[tuple[int, int]]:
    """Return the spans between hits in order."""
    return [(left.end, right.start) for left, right in pairwise(hits)]
