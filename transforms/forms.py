"""The written forms of the codebook's concepts, organisations, places and series, as the matcher compares them.

Each form is a row of folded words; a `*` leaves the end of its word open. Called by `matching`, once for a codebook
and a language; it reads no text.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from codebook.load import Codebook, ScriptEntry
from transforms.text import fold, is_han

HitKind = Literal["concept", "organisation", "place", "series"]
# In which languages' forms a text may name things: Russian ones stand in all Cyrillic texts, English ones everywhere.
KIN = {
    "ru": ("ru", "en"),
    "kk": ("kk", "ru", "en"),
    "kk-Latn": ("kk", "en"),
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
MOST_BETWEEN = 3  # signs that may stand between two words of one name
_MOST_SOUGHT = 2  # words of a name
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
    home: str | None = None  # the country of an organisation, as the id of its place
    is_office: bool = False  # a ministry or regulator: every country has one of that name
    is_edged: bool = False  # stands in a text without spaces: a letter of another script bounds it

    @property
    def sought(self) -> tuple[tuple[str, bool], ...]:
        """The words that an automaton looks for at once: all up to the first open one, of a name at most two."""
        closed = next((n for n, (_, is_open) in enumerate(self.words) if is_open), len(self.words) - 1)
        most = len(self.words) if self.kind == "concept" else 1 if self.is_edged else _MOST_SOUGHT
        sought = self.words[: min(closed + 1, most)]
        return sought if sought[-1][0] else sought[:-1]  # the last word may be left open altogether

    @property
    def needles(self) -> tuple[str, ...]:
        """What is looked for: the words that are sought, bounded by spaces where they must begin and end.

        The words of a concept stand one sign apart; in a name up to three may stand between: «агентство "Кабар"».
        """
        stems = [stem for stem, _ in self.sought]
        gaps = range(1, MOST_BETWEEN + 1) if self.kind != "concept" and len(stems) > 1 else (1,)
        texts = [(" " * gap).join(stems) for gap in gaps]
        if is_han(stems[0][0]) or self.is_edged:
            return tuple(texts)
        return tuple(f" {text}" if self.sought[-1][1] else f" {text} " for text in texts)

    @property
    def is_all_sought(self) -> bool:
        """Whether nothing is left to compare once the needle is found but where its last word ends."""
        return len(self.sought) == len(self.words)


def forms_of(codebook: Codebook, language: str) -> Iterator[Form]:
    """Yield all forms that a text in a language may use; a second script's are its language's, transliterated."""
    forms = _forms(codebook, language)
    return (replace(form, is_edged=not is_han(form.written[0])) for form in forms) if language == "zh" else forms


def _forms(codebook: Codebook, language: str) -> Iterator[Form]:
    """Yield all forms that a text in a language may use, as for texts with spaces."""
    writer = _Writer(language, codebook)
    for line in codebook.lines:
        if line.language == writer.base:
            for stem in writer.written(line.stems):
                yield Form("concept", line.concept, line.id, _words(stem), stem.replace("*", ""))
    yield from _names(codebook, writer, is_open=language != "en")


def _names(codebook: Codebook, writer: _Writer, is_open: bool) -> Iterator[Form]:
    """Yield the forms of the gazetteer; outside English the last word of a name takes an ending."""
    for organisation in codebook.organisations.values():
        homonyms = {fold(form) for form in (*organisation.needs_context, *writer.written(organisation.needs_context))}
        for name in writer.names(organisation.names):
            yield replace(
                _organisation_form(organisation.id, name, is_open, homonyms),
                home=(organisation.country or "").lower(),
                is_office=organisation.kind in {"ministry", "regulator"},
            )
    for place in codebook.places.values():
        for name in writer.names(place.names):
            yield _place_form(place.id, name)
        for name in writer.names(place.peoples):
            yield replace(_place_form(place.id, name), needs_context=True)
    for series in codebook.series.values():
        for name in writer.names(series.names):
            yield Form("series", series.id, series.id, _words(name, is_open), name)


@dataclass(frozen=True)
class _Writer:
    """How a language's texts write what the codebook holds."""

    language: str
    codebook: Codebook

    @property
    def script(self) -> ScriptEntry | None:
        """The second script that the language is written in, if it is one."""
        return self.codebook.scripts.get(self.language)

    @property
    def base(self) -> str:
        """The language whose words serve."""
        return self.script.of if self.script else self.language

    def written(self, forms: Iterable[str]) -> list[str]:
        """Return forms of the base language as texts in this script write them."""
        script = self.script
        return [one for form in forms for one in (script.transliterate(form) if script else (form,))]

    def names(self, names: Mapping[str, Sequence[str]]) -> list[str]:
        """Return the names that such a text may use, each once, in order."""
        kin = KIN.get(self.language, (self.base, "en"))
        own = [self.written(names.get(one, ())) if one == self.base else names.get(one, ()) for one in kin]
        return list(dict.fromkeys(name for row in own for name in row))


def _organisation_form(key: str, name: str, is_open: bool, homonyms: Collection[str]) -> Form:
    """Return one form of an organisation; outside English its last word takes an ending."""
    is_short = len(name) <= _SHORT and sum(letter.isupper() for letter in name) > 1
    is_odd = is_short and not name.isupper()  # capitals as in "UzA" are context enough
    return Form(
        "organisation",
        key,
        key,
        _words(name, is_open),
        name,
        is_capital=name[0].isupper(),
        is_exact=is_short,
        needs_context=fold(name) in homonyms and not is_odd,
    )


def _place_form(key: str, name: str) -> Form:
    """Return one form of a place; what is written in capitals is met in capitals only."""
    written = name.replace("*", "")
    is_short = written.isupper() and len(written) <= _SHORT and not is_han(written[0])
    return Form("place", key, key, _words(name), written, is_capital=name[0].isupper(), is_exact=is_short)


def _words(form: str, is_open: bool = False) -> tuple[tuple[str, bool], ...]:
    """Return the folded words of a form, each with whether letters may follow."""
    marked = form.replace("*", _OPEN)
    folded = "".join(_OPEN if given == _OPEN else letter for given, letter in zip(marked, fold(marked), strict=True))
    words = [(part.replace(_OPEN, ""), _OPEN in part) for part in folded.split()]
    if is_open and words:
        words[-1] = (words[-1][0], True)
    return tuple(words)
