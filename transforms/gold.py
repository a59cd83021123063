"""Gold records: articles with the events that people say they report, as an evaluation compares them with the coder's.

A gold record is the coder's input and output in one (`docs/analysts.md`), with `same_as` for each event and, where
wanted, a `kind` for the article. What a record leaves out is None and not scored. It reads no file: `flows` does, and
adds file and line to a GoldError.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar, get_args

from codebook.load import Codebook
from transforms.event_json import article_text
from transforms.records import (
    GROUP_OF_TYPE,
    ArticleText,
    EventGroup,
    EventType,
    Granularity,
    Relevance,
    Role,
    Status,
)
from transforms.text import fold

_COUNTRY = re.compile("[A-Z]{2}")
_NEEDED: Any = object()
Word = TypeVar("Word", bound=str)


class GoldError(ValueError):
    """Something in a gold record is wrong: where, what, and how to mend it."""

    def __init__(self, key: str, problem: str, cure: str) -> None:
        self.key, self.problem, self.cure = key, problem, cure
        super().__init__(f"{key}: {problem}. {cure}")


@dataclass(frozen=True, slots=True)
class GoldOrganisation:
    """An organisation that the gold names; without an id it is known by its name alone."""

    id: str | None
    name: str
    role: Role | None


@dataclass(frozen=True, slots=True)
class GoldEvent:
    """An event as people labelled it; what is None was not labelled."""

    type: EventType
    status: Status
    countries: frozenset[str] | None
    organisations: tuple[GoldOrganisation, ...] | None
    date_start: date | None
    date_granularity: Granularity | None
    place_country: str | None
    provisions: frozenset[str] | None
    same_as: str | None

    @property
    def group(self) -> EventGroup:
        """The group by which events are matched."""
        return GROUP_OF_TYPE[self.type]


@dataclass(frozen=True, slots=True)
class GoldArticle:
    """An article with its labels; `kind` says what makes it hard, such as "other_field"."""

    article: ArticleText
    relevance: Relevance
    events: tuple[GoldEvent, ...]
    kind: str | None


def gold_article(record: object) -> GoldArticle:
    """Return the gold article of one JSON value; raises GoldError that names the key and the cure."""
    fields = _object(record, "line")
    try:
        article = article_text(fields)
    except ValueError as error:
        key, _, problem = str(error).partition(": ")
        raise GoldError(key, problem, "Write the article as `monitor code` reads it.") from None
    relevance = _word(fields, "relevance", get_args(Relevance), "")
    events = tuple(_event(row, f"events[{number}]") for number, row in enumerate(_list(fields, "events", "")))
    if (relevance == "cooperation") != bool(events):
        problem = f"relevance is {relevance!r} with {len(events)} events"
        raise GoldError("relevance", problem, "An article is 'cooperation' when, and only when, it has an event.")
    return GoldArticle(article, relevance, events, _text(fields, "kind", ""))


def with_ids(gold: Iterable[GoldArticle], codebook: Codebook) -> list[GoldArticle]:
    """Return gold articles, organisations that were labelled by name alone with the id of the only entry of that name.

    A label that was written before the gazetteer listed an organisation names it all the same.
    """
    holders: dict[str, set[str]] = defaultdict(set)
    for entry in codebook.organisations.values():
        for form in {entry.name, *(form for forms in entry.names.values() for form in forms)}:
            holders[_folded(form)].add(entry.id)
    known = {name: next(iter(ids)) for name, ids in holders.items() if len(ids) == 1}
    return [replace(one, events=tuple(_event_with_ids(event, known) for event in one.events)) for one in gold]


def _event_with_ids(event: GoldEvent, known: Mapping[str, str]) -> GoldEvent:
    """Return an event whose organisations have the ids that their names have."""
    if event.organisations is None:
        return event
    named = (replace(one, id=one.id or known.get(_folded(one.name))) for one in event.organisations)
    return replace(event, organisations=tuple(named))


def _folded(name: str) -> str:
    """Return a name without case, signs and doubled spaces."""
    return " ".join(fold(name).split())


def _event(row: object, where: str) -> GoldEvent:
    """Return one event of a record."""
    fields = _object(row, where)
    kind: EventType = _word(fields, "type", get_args(EventType), where)
    if fields.get("group") not in (None, GROUP_OF_TYPE[kind]):
        cure = f"Write {GROUP_OF_TYPE[kind]!r}, or leave it out."
        raise GoldError(f"{where}.group", f"{fields['group']!r} is not the group of {kind!r}", cure)
    place = _object(fields["place"], f"{where}.place") if fields.get("place") is not None else {}
    return GoldEvent(
        type=kind,
        status=_word(fields, "status", get_args(Status), where),
        countries=_countries(fields, where),
        organisations=_organisations(fields, where),
        date_start=_day(fields, "date_start", where),
        date_granularity=_word(fields, "date_granularity", get_args(Granularity), where, None),
        place_country=_country(place, f"{where}.place"),
        provisions=_provisions(fields, where),
        same_as=_text(fields, "same_as", where),
    )


def _organisations(fields: Mapping[str, Any], where: str) -> tuple[GoldOrganisation, ...] | None:
    """Return the organisations of an event, or None where they were not labelled."""
    if fields.get("organisations") is None:
        return None
    rows = enumerate(_list(fields, "organisations", where))
    return tuple(_organisation(row, f"{where}.organisations[{number}]") for number, row in rows)


def _organisation(row: object, where: str) -> GoldOrganisation:
    """Return one organisation, which has an id or a name."""
    fields = _object(row, where)
    identity, name = _text(fields, "id", where), _text(fields, "name", where)
    if not (identity or name):
        raise GoldError(where, "an organisation without id and name", "Give its id of the gazetteer, or its name.")
    _country(fields, where)
    return GoldOrganisation(identity, name or "", _word(fields, "role", get_args(Role), where, None))


def _countries(fields: Mapping[str, Any], where: str) -> frozenset[str] | None:
    """Return the countries of an event, or None where they were not labelled."""
    if fields.get("countries") is None:
        return None
    return frozenset(_code(code, f"{where}.countries") for code in _list(fields, "countries", where))


def _country(fields: Mapping[str, Any], where: str) -> str | None:
    """Return the country of a place or an organisation."""
    return _code(fields["country"], f"{where}.country") if fields.get("country") is not None else None


def _code(code: object, where: str) -> str:
    """Return an ISO 3166 code."""
    if not isinstance(code, str) or not _COUNTRY.fullmatch(code):
        raise GoldError(where, f"{code!r} is no country", "Write an ISO 3166 code of two capitals, such as KZ.")
    return code


def _provisions(fields: Mapping[str, Any], where: str) -> frozenset[str] | None:
    """Return what an agreement provides for, or None where it was not labelled."""
    if fields.get("provisions") is None:
        return None
    known = get_args(EventType)
    rows = _list(fields, "provisions", where)
    return frozenset(_one_of(word, f"{where}.provisions", known) for word in rows)


def _day(fields: Mapping[str, Any], key: str, where: str) -> date | None:
    """Return a day, or None."""
    value = fields.get(key)
    try:
        return None if value is None else date.fromisoformat(value)
    except (TypeError, ValueError):
        raise GoldError(f"{where}.{key}", f"{value!r} is no day", "Write it as 2025-09-18, or null.") from None


def _word(fields: Mapping[str, Any], key: str, words: tuple[Any, ...], where: str, default: Any = _NEEDED) -> Any:
    """Return a word of a closed list; one that is not needed may be absent or null."""
    name = f"{where}.{key}".lstrip(".")
    if default is not _NEEDED and fields.get(key) is None:
        return default
    return _one_of(fields.get(key), name, words)


def _one_of(word: object, where: str, words: tuple[Any, ...]) -> Any:
    """Return a word when it is one of these."""
    if word not in words:
        raise GoldError(where, f"{word!r} is none of the codebook's", f"Write one of {', '.join(words)}.")
    return word


def _text(fields: Mapping[str, Any], key: str, where: str) -> str | None:
    """Return a text, or None where it is absent or empty."""
    value = fields.get(key)
    if value is not None and not isinstance(value, str):
        raise GoldError(f"{where}.{key}".lstrip("."), f"{value!r} is no text", "Write a text, or null.")
    return value or None


def _list(fields: Mapping[str, Any], key: str, where: str) -> list[Any]:
    """Return a list that must be there."""
    value = fields.get(key)
    if not isinstance(value, list):
        raise GoldError(f"{where}.{key}".lstrip("."), f"a list is needed, not {value!r}", "Write [] for none.")
    return value


def _object(value: object, where: str) -> Mapping[str, Any]:
    """Return a JSON object."""
    if not isinstance(value, dict):
        raise GoldError(where, f"an object is needed, not {str(value)[:40]!r}", "Write it as the schema has it.")
    return value
