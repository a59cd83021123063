"""Names in real Kazakh news, tagged by people (KazNERD): which countries and organisations of ours are found in it.

A tag is counted as listed where it begins, at the beginning of one of its words, with a form that the codebook has for
a country (tags GPE) or an organisation (tags ORGANISATION), whatever ending follows; forms of up to three letters must
be all of the word. It is found where the scanner names that country or organisation within the tag. So it is not
measured whether all is listed that should be, but whether what is listed is met in all its cases. Called by
`conformance`.
"""

from __future__ import annotations

import gzip
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.figures import Figure
from codebook.load import Codebook, load_codebook
from transforms.matching import scan, scanner_for
from transforms.text import fold

_LANGUAGE: Final = "kk"
_KIN: Final = ("kk", "ru", "en")  # of the names that a Kazakh text may use, as the scanner does
_WHOLE_WORD: Final = 3  # letters up to which a form is an abbreviation
_KINDS: Final = {"GPE": "place", "ORGANISATION": "organisation"}
_NO_SPACE_AFTER, _NO_SPACE_BEFORE = "«(“", "»).,:;!?”"
_MOST_TOLD: Final = 8


@dataclass(frozen=True, slots=True)
class Tag:
    """A tagged name: class, and where it stands in its sentence."""

    kind: str
    start: int
    end: int


def measure(data: Path) -> list[Figure]:
    """Return the recall of countries and organisations in DATA/entities, of all and of the inflected ones."""
    codebook = load_codebook()
    forms = {"GPE": _country_forms(codebook), "ORGANISATION": _organisation_forms(codebook)}
    cases: dict[str, list[tuple[str, bool, bool]]] = defaultdict(list)
    with gzip.open(data / "entities" / "kaznerd_valid.txt.gz", "rt", encoding="utf-8") as lines:
        for text, tags in sentences(lines):
            for name, tag, is_inflected, is_found in _judged(text, tags, forms, codebook):
                cases[tag.kind].append((name, is_inflected, is_found))
    return [
        *_figures("entities.countries", cases["GPE"]),
        *_figures("entities.organisations", cases["ORGANISATION"]),
    ]


def sentences(lines: Iterable[str]) -> Iterator[tuple[str, list[Tag]]]:
    """Yield each sentence of an IOB2 file, a word and its tag on a line, as text with the names tagged in it."""
    text, tags = "", list[Tag]()
    for line in [*lines, ""]:
        word, _, label = line.strip().rpartition(" ")
        if not word:
            if text:
                yield text, tags
            text, tags = "", []
            continue
        is_joined = not text or text[-1] in _NO_SPACE_AFTER or word[0] in _NO_SPACE_BEFORE
        start = len(text) + (0 if is_joined else 1)
        text = f"{text}{'' if is_joined else ' '}{word}"
        position, _, kind = label.partition("-")
        if position == "B":
            tags.append(Tag(kind, start, len(text)))
        elif position == "I" and tags:
            tags[-1] = Tag(kind, tags[-1].start, len(text))


def listed(name: str, forms: Mapping[str, str]) -> tuple[str, str] | None:
    """Return the entry that a name is listed as, with the form, the longest that begins one of its words; else None."""
    folded = f" {fold(name)} "
    fitting = [form for form in forms if f" {form}" in folded and (len(form) > _WHOLE_WORD or f" {form} " in folded)]
    best = max(fitting, key=len, default=None)
    return (forms[best], best) if best else None


def _judged(
    text: str, tags: Iterable[Tag], forms: Mapping[str, Mapping[str, str]], codebook: Codebook
) -> Iterator[tuple[str, Tag, bool, bool]]:
    """Yield each listed tag with its words, whether an ending follows the form, and whether the scanner finds it."""
    known = [(tag, listed(text[tag.start : tag.end], forms[tag.kind])) for tag in tags if tag.kind in forms]
    if not any(entry for _, entry in known):
        return
    hits = scan(text, scanner_for(codebook, _LANGUAGE))
    for tag, entry in known:
        if entry:
            name = text[tag.start : tag.end]
            inside = [hit for hit in hits if hit.start < tag.end and tag.start < hit.end]
            named = {
                codebook.places[hit.key].country if tag.kind == "GPE" else hit.key
                for hit in inside
                if hit.kind == _KINDS[tag.kind]
            }
            yield name, tag, f" {entry[1]} " not in f" {fold(name)} ", entry[0] in named


def _country_forms(codebook: Codebook) -> dict[str, str]:
    """Return the country of each form that the codebook has for a country."""
    countries = [place for place in codebook.places.values() if place.kind == "country" and place.country]
    return {form: str(place.country) for place in countries for form in _forms(place.names)}


def _organisation_forms(codebook: Codebook) -> dict[str, str]:
    """Return the organisation of each form that the codebook has for one."""
    return {form: entry.id for entry in codebook.organisations.values() for form in _forms(entry.names)}


def _forms(names: Mapping[str, Iterable[str]]) -> Iterator[str]:
    """Yield the forms of an entry that a Kazakh text may use, folded and without their open ends."""
    for language in _KIN:
        for name in names.get(language, ()):
            yield " ".join(fold(name.replace("*", "")).split())


def _figures(name: str, cases: Iterable[tuple[str, bool, bool]]) -> Iterator[Figure]:
    """Yield the recall of all cases and of those with an ending."""
    told = list(cases)
    for title, chosen in ((name, told), (f"{name}.inflected", [case for case in told if case[1]])):
        missed = Counter(words for words, _, is_found in chosen if not is_found)
        note = ", ".join(f"{words} {number}" for words, number in missed.most_common(_MOST_TOLD))
        yield Figure(title, 1 - missed.total() / max(1, len(chosen)), len(chosen), f"missed: {note or 'none'}")
