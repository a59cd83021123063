"""The written forms of the codebook's concepts, organisations, places and series, as the matcher compares them.

Each form is a row of folded words; a `*` leaves the end of its word open. Called by `matching`, once for a codebook
and a language; it reads no text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from codebook.load import Codebook, OrganisationEntry, PlaceEntry, SeriesEntry
from transforms.text import fold, is_han

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
_OPEN = "\ue000"  # stands for `*` while a form is folded
_SHORT = 5  # letters up to which a name in capitals is an abbreviation, whose every letter's case counts


@dataclass(frozen=True, slots=True)
class Form:
    """One form of one entry: its words, each with whether its end is open, and how it must be written."""

    kind: HitKind
    key: str
    line: str
    words: tuple[tuple[str, bool], ...]
    written: str  # as in the codebook, without `*`
    is_capital: bool = False
    is_exact: bool = False
    needs_context: bool = False

    @property
    def needle(self) -> str:
        """What an automaton looks for: the first words, bounded by spaces where they must begin and end.

        The words of a concept stand one sign apart, so that all up to the first open one are looked for at once; in a
        name quotes may stand between the words ("агентство «Кабар»"), so that only the first is.
        """
        closed = next((n for n, (_, is_open) in enumerate(self.words) if is_open), len(self.words) - 1)
        sought = self.words[: closed + 1] if self.kind == "concept" else self.words[:1]
        if sought[-1][0] == "":  # a word left open altogether
            sought = sought[:-1]
        stems = " ".join(stem for stem, _ in sought)
        if is_han(stems[0]):
            return stems
        return f" {stems}" if sought[-1][1] else f" {stems} "


def forms_of(codebook: Codebook, language: str) -> Iterator[Form]:
    """Yield all forms that a text in a language may use."""
    for line in codebook.lines:
        if line.language == language:
            for stem in line.stems:
                yield Form("concept", line.concept, line.id, _words(stem), stem.replace("*", ""))
    kin = KIN.get(language, (language, "en"))
    for organisation in codebook.organisations.values():
        yield from _organisation_forms(organisation, kin)
    for place in codebook.places.values():
        yield from _place_forms(place, kin)
    for series in codebook.series.values():
        yield from _series_forms(series, kin)


def _organisation_forms(entry: OrganisationEntry, kin: Sequence[str]) -> Iterator[Form]:
    """Yield the forms of an organisation; outside English their last word takes an ending."""
    homonyms = {fold(form) for form in entry.needs_context}
    for name in _names(entry.names, kin):
        is_short = len(name) <= _SHORT and sum(letter.isupper() for letter in name) > 1
        is_odd = is_short and not name.isupper()  # capitals as in "UzA" are context enough
        yield Form(
            "organisation",
            entry.id,
            entry.id,
            _words(name, is_open=kin[0] != "en"),
            name,
            is_capital=name[0].isupper(),
            is_exact=is_short,
            needs_context=fold(name) in homonyms and not is_odd,
        )


def _place_forms(entry: PlaceEntry, kin: Sequence[str]) -> Iterator[Form]:
    """Yield the forms of a place; what is written in capitals is met in capitals only."""
    for name in _names(entry.names, kin):
        written = name.replace("*", "")
        is_short = written.isupper() and len(written) <= _SHORT and not is_han(written[0])
        yield Form("place", entry.id, entry.id, _words(name), written, is_capital=name[0].isupper(), is_exact=is_short)


def _series_forms(entry: SeriesEntry, kin: Sequence[str]) -> Iterator[Form]:
    """Yield the forms of a series; outside English their last word takes an ending."""
    for name in _names(entry.names, kin):
        yield Form("series", entry.id, entry.id, _words(name, is_open=kin[0] != "en"), name)


def _names(names: Mapping[str, Sequence[str]], kin: Sequence[str]) -> list[str]:
    """Return the names in these languages, each once, in order."""
    return list(dict.fromkeys(name for language in kin for name in names.get(language, ())))


def _words(form: str, is_open: bool = False) -> tuple[tuple[str, bool], ...]:
    """Return the folded words of a form, each with whether letters may follow."""
    marked = form.replace("*", _OPEN)
    folded = "".join(_OPEN if given == _OPEN else letter for given, letter in zip(marked, fold(marked), strict=True))
    words = [(part.replace(_OPEN, ""), _OPEN in part) for part in folded.split()]
    if is_open and words:
        words[-1] = (words[-1][0], True)
    return tuple(words)
