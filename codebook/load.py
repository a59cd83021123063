"""The codebook, read once and handed down: what is counted, who and where is meant, and by which words.

It reads the TOML files beside it into one frozen `Codebook`. It matches nothing and codes nothing: that is the work
of `transforms`. `flows` loads it, every other room receives it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, RootModel, TypeAdapter

from codebook.files import FileError, read_toml

Kind = Literal[
    "news_agency",
    "broadcaster",
    "newspaper",
    "magazine",
    "online",
    "holding",
    "studio",
    "union",
    "school",
    "ministry",
    "regulator",
    "state_communication",
    "intergovernmental",
    "alliance",
]
PlaceKind = Literal["country", "region", "city"]
Text = Annotated[str, Field(min_length=1)]
# What rules may ask for beside the concepts of the lexicons: a forum series of series.toml, a media organisation.
SPECIAL_CONCEPTS = frozenset({"series", "media_organisation", "organisation", "alliance"})


class _Row(BaseModel):
    """A row of a hand-written file: unknown keys are errors, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Renaming(_Row):
    """That an organisation took another name in a year; both names stay forms of it."""

    before: Annotated[Text, Field(alias="from")]
    after: Annotated[Text, Field(alias="to")]
    year: int


class OrganisationEntry(_Row):
    """An organisation of the gazetteer; `country` is None for international ones, `known_by` says how it is known."""

    id: Text
    name: Text
    kind: Kind
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")] | None = None
    owner: Text | None = None
    wikidata: Annotated[str, Field(pattern="^Q[0-9]+$")] | None = None
    known_by: Text
    is_publisher: bool = False
    renamed: tuple[Renaming, ...] = ()
    names: Mapping[str, tuple[Text, ...]] = {}
    needs_context: tuple[Text, ...] = ()


class PlaceEntry(_Row):
    """A country, a region or a city; a name that ends in `*` is a stem.

    `peoples` are adjectives that also name a people or its language: they stand for the country beside media only.
    """

    id: Text
    kind: PlaceKind
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")] | None = None
    names: Mapping[str, tuple[Text, ...]] = {}
    peoples: Mapping[str, tuple[Text, ...]] = {}


class SeriesEntry(_Row):
    """A forum or contest that comes again; editions of it are events, `known_by` says which texts name one."""

    id: Text
    name: Text
    known_by: Text | None = None
    countries: tuple[str, ...] = ()
    names: Mapping[str, tuple[Text, ...]] = {}


class TypeEntry(_Row):
    """An event type with the group by which reports are matched, in our own words."""

    id: Text
    group: Text
    definition: Text


class TermEntry(_Row):
    """A status or a role: its name and what it means."""

    id: Text
    definition: Text


class CrosswalkEntry(_Row):
    """What an event of these types at this stage is called in PLOVER and CAMEO."""

    types: tuple[Text, ...]
    stage: Literal["before", "done", "over"]
    event_type: Text
    cameo: Text
    quad_code: Text


class RuleEntry(_Row):
    """Concepts that together in one sentence point to a type of event.

    `within` bounds the characters from the first to the last of them, `named` is how many organisations must be named
    there; `status` is what holds when no cue says otherwise.
    """

    id: Text
    type: Text
    all: tuple[Text, ...]
    none: tuple[Text, ...] = ()
    within: int = 160
    named: int = 0
    status: Text = "concluded"
    weight: Annotated[float, Field(gt=0, le=1)] = 0.5


class ProvisionEntry(_Row):
    """Concepts that together in one sentence about a document say what it provides for."""

    id: Text
    type: Text
    all: tuple[Text, ...]
    none: tuple[Text, ...] = ()


class DiscardEntry(_Row):
    """Concepts that make a sentence no event, unless as many media organisations act in it as `unless_media` says.

    They strike what stands at most `within` characters from them.
    """

    id: Text
    reason: Text
    all: tuple[Text, ...]
    unless_media: int = 2
    within: int = 400
    none: tuple[Text, ...] = ()


class LexiconLine(_Row):
    """One line of a lexicon: a concept and the stems that stand for it in one language."""

    id: Text
    language: Text
    concept: Text
    stems: tuple[Text, ...]


class ScriptEntry(_Row):
    """A second script of a language: whose words serve it, and how their letters are written in it."""

    of: Text
    tables: tuple[Text, ...]

    def transliterate(self, text: str) -> tuple[str, ...]:
        """Return a text in each orthography, capitals kept, without repetitions."""
        return tuple(dict.fromkeys(text.translate(table) for table in self._letters))

    @cached_property
    def _letters(self) -> list[dict[int, str]]:
        """The tables as `str.translate` takes them, for small letters and capitals."""
        pairs = [[pair.partition("=")[::2] for pair in table.split()] for table in self.tables]
        return [
            {ord(a): b for a, b in row} | {ord(a.upper()): b.capitalize() for a, b in row if len(a.upper()) == 1}
            for row in pairs
        ]


class _Scripts(RootModel[dict[str, ScriptEntry]]):
    """The scripts file: language tag, then entry."""


class _Organisations(_Row):
    organisation: tuple[OrganisationEntry, ...] = ()


class _Places(_Row):
    place: tuple[PlaceEntry, ...] = ()


class _SeriesFile(_Row):
    series: tuple[SeriesEntry, ...] = ()


class _Types(_Row):
    version: Text
    type: tuple[TypeEntry, ...]
    status: tuple[TermEntry, ...]
    role: tuple[TermEntry, ...]
    crosswalk: tuple[CrosswalkEntry, ...]


class _Rules(_Row):
    rule: tuple[RuleEntry, ...]
    provision: tuple[ProvisionEntry, ...]


class _Discards(_Row):
    discard: tuple[DiscardEntry, ...]


class _Lexicon(RootModel[dict[str, dict[str, tuple[Text, ...]]]]):
    """A lexicon file: concept, then line, then stems."""


Entry = TypeVar("Entry", OrganisationEntry, PlaceEntry, SeriesEntry)


@dataclass(frozen=True, eq=False)
class Codebook:
    """All that is meant, as data; the rules stand heaviest first.

    Two codebooks are equal when they were read from equal bytes.
    """

    version: str
    digest: str
    types: tuple[TypeEntry, ...]
    statuses: tuple[TermEntry, ...]
    roles: tuple[TermEntry, ...]
    crosswalk: tuple[CrosswalkEntry, ...]
    rules: tuple[RuleEntry, ...]
    provisions: tuple[ProvisionEntry, ...]
    discards: tuple[DiscardEntry, ...]
    lines: tuple[LexiconLine, ...]
    organisations: Mapping[str, OrganisationEntry]
    places: Mapping[str, PlaceEntry]
    series: Mapping[str, SeriesEntry]
    scripts: Mapping[str, ScriptEntry]
    weights: Mapping[str, float]

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages that have a lexicon, in order of their codes."""
        return tuple(sorted({line.language for line in self.lines}))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Codebook) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)


def load_codebook(
    folder: Path | None = None, extra_organisations: Path | None = None, extra_series: Path | None = None
) -> Codebook:
    """Read the codebook of a folder (default: the packaged one); the extra files are an operator's own additions.

    Raises FileError, which names file, line, key and cure.
    """
    root = folder or Path(__file__).parent
    head = read_toml(root / "types.toml", _Types)
    organisations = [root / "organisations.toml", *([extra_organisations] if extra_organisations else [])]
    series = [root / "series.toml", *([extra_series] if extra_series else [])]
    lexicons = sorted((root / "lexicons").glob("*.toml"))
    places, rules, discards = root / "places.toml", root / "rules.toml", root / "discard.toml"
    scripts, weights = root / "scripts.toml", root / "weights.json"
    acts = read_toml(rules, _Rules)
    codebook = Codebook(
        version=head.version,
        digest=_digest(
            [root / "types.toml", *organisations, *series, *lexicons, places, rules, discards, scripts, weights]
        ),
        types=head.type,
        statuses=head.status,
        roles=head.role,
        crosswalk=head.crosswalk,
        rules=tuple(sorted(acts.rule, key=lambda rule: -rule.weight)),
        provisions=acts.provision,
        discards=read_toml(discards, _Discards).discard,
        lines=tuple(line for path in lexicons for line in _lexicon_lines(path)),
        organisations=_by_id([(path, read_toml(path, _Organisations).organisation) for path in organisations]),
        places=_by_id([(places, read_toml(places, _Places).place)]),
        series=_by_id([(path, read_toml(path, _SeriesFile).series) for path in series]),
        scripts=read_toml(scripts, _Scripts).root,
        weights=_weights(weights),
    )
    _check_concepts(codebook, rules, discards)
    return codebook


def _weights(path: Path) -> dict[str, float]:
    """Return the weights of the linear second opinion by feature; "" is the intercept."""
    try:
        found: dict[str, float] = TypeAdapter(dict[str, float]).validate_json(path.read_bytes())
    except (OSError, ValueError) as error:
        problem = f"no weights can be read: {str(error).splitlines()[0]}"
        raise FileError(path, 1, "weights", problem, "Train them: python -m bench.train_weights.") from error
    return found


def _lexicon_lines(path: Path) -> Iterable[LexiconLine]:
    """Return the lines of one lexicon; a line's id is language, concept and key."""
    for concept, lines in read_toml(path, _Lexicon).root.items():
        for key, stems in lines.items():
            yield LexiconLine(id=f"{path.stem}:{concept}.{key}", language=path.stem, concept=concept, stems=stems)


def _by_id(files: Iterable[tuple[Path, Iterable[Entry]]]) -> dict[str, Entry]:
    """Return the rows of some files by id, in order; an id that comes twice is an error."""
    rows: dict[str, Entry] = {}
    for path, entries in files:
        for entry in entries:
            if entry.id in rows:
                raise FileError(
                    path, _line_with(path, entry.id), entry.id, "this id comes twice", "Rename one of them."
                )
            rows[entry.id] = entry
    return rows


def _line_with(path: Path, row_id: str) -> int:
    """Return the last line of a file that gives this id (the repetition, not the first)."""
    numbers = [
        n for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1) if f'id = "{row_id}"' in line
    ]
    return numbers[-1] if numbers else 1


def _check_concepts(codebook: Codebook, rules: Path, discards: Path) -> None:
    """Refuse a rule that asks for a concept for which no language has a word, or for a type that is not listed."""
    lines = {line.id.partition(":")[2] for line in codebook.lines}  # a rule may ask for one line of a concept
    concepts = {line.concept for line in codebook.lines} | lines | SPECIAL_CONCEPTS
    types = {entry.id for entry in codebook.types}
    for path, entry in _asking(codebook, rules, discards):
        unknown = [concept for concept in (*entry.all, *entry.none) if concept not in concepts]
        if unknown:
            problem = f"no lexicon has a line for the concept {unknown[0]}"
            raise FileError(path, _line_with(path, entry.id), entry.id, problem, "Correct its spelling, or add lines.")
        kind = getattr(entry, "type", None)
        if kind is not None and kind not in types:
            problem = f"there is no type {kind}"
            raise FileError(path, _line_with(path, entry.id), entry.id, problem, "Use a type of types.toml.")


def _asking(
    codebook: Codebook, rules: Path, discards: Path
) -> Iterator[tuple[Path, RuleEntry | ProvisionEntry | DiscardEntry]]:
    """Yield every row that asks for concepts, with the file where it stands."""
    for rule in codebook.rules:
        yield rules, rule
    for provision in codebook.provisions:
        yield rules, provision
    for row in codebook.discards:
        yield discards, row


def _digest(paths: Iterable[Path]) -> str:
    """Return the SHA-256 over names and bytes of the files."""
    total = hashlib.sha256()
    for path in paths:
        data = path.read_bytes() if path.exists() else b""
        total.update(f"{path.name} {len(data)}\n".encode() + data)
    return total.hexdigest()
