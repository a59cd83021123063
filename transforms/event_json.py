"""The event record, both ways: what `monitor code` reads and writes, and what lies in `core.event_reports.event_json`.

Plain dictionaries and JSON text in, records out, and back. It raises ValueError with the field's name for a record
that is not well formed; it reads no file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from codebook.load import Codebook
from transforms.plover import plover_of
from transforms.records import (
    ArticleText,
    CodedArticle,
    Event,
    Evidence,
    Organisation,
    Person,
    Place,
)

_OPTIONAL = ("url", "outlet", "outlet_country", "language")
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_SURROGATES = re.compile("[\ud800-\udfff]")


def article_text(record: Mapping[str, Any]) -> ArticleText:
    """Return the coder's input from a record; raises ValueError that names the field."""
    for key in ("id", "title", "text"):
        _require(isinstance(record.get(key), str), f"{key}: a text is needed, not {record.get(key)!r}")
    for key in _OPTIONAL:
        is_fit = record.get(key) is None or isinstance(record[key], str)
        _require(is_fit, f"{key}: a text or null is needed, not {record.get(key)!r}")
    for key in ("id", "title", "text", *_OPTIONAL):
        _require(not _SURROGATES.search(record.get(key) or ""), f"{key}: half a surrogate pair is no character")
    return ArticleText(
        id=record["id"],
        title=record["title"],
        text=record["text"],
        published_at=_publication(record.get("published_at")),
        **{key: record.get(key) for key in _OPTIONAL},
    )


def _publication(value: object) -> datetime | None:
    """Return a time of publication; one in a year without news media is refused: no calendar reaches around it."""
    moment = _time(value)
    is_fit = moment is None or _FIRST_YEAR <= moment.year <= _LAST_YEAR
    _require(is_fit, f"published_at: a year from {_FIRST_YEAR} to {_LAST_YEAR} is needed, not {value!r}")
    return moment


def _require(is_fit: bool, words: str) -> None:
    """Raise ValueError with these words where a value does not fit."""
    if not is_fit:
        raise ValueError(words)


def _time(value: object) -> datetime | None:
    """Return a time with its offset, or None; raises ValueError for anything else."""
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ValueError(f"published_at: an ISO 8601 time with an offset is needed, not {value!r}")
    return moment


def event_record(coded: CodedArticle, codebook: Codebook | None = None) -> dict[str, Any]:
    """Return the output record of one article, in the order of fields of the schema; PLOVER needs the codebook."""
    return {
        "id": coded.id,
        "language": coded.language,
        "relevance": coded.relevance,
        "confidence": round(coded.confidence, 3),
        "events": [event_to_dict(event, codebook) for event in coded.events],
    }


def event_to_dict(event: Event, codebook: Codebook | None = None) -> dict[str, Any]:
    """Return one event as the schema has it."""
    plain = asdict(event)
    dates = {key: _iso(plain[key]) for key in ("date_start", "date_end", "first_reported_at")}
    keys = [
        "event_id",
        "type",
        "group",
        "status",
        "outcome",
        "label",
        "is_regional",
        "scope",
        "series",
        "edition",
        "supersedes",
        "organisations",
        "countries",
        "regions",
        "people",
        "date_start",
        "date_end",
        "date_granularity",
        "date_basis",
        "first_reported_at",
        "place",
        "provisions",
        "topics",
        "evidence",
        "confidence",
        "codebook",
    ]
    record = {**plain, **dates, "group": event.group, "confidence": round(event.confidence, 3)}
    ordered = {key: _listed(record[key]) for key in keys}
    return {**ordered, "plover": asdict(plover_of(event, codebook))} if codebook else ordered


def event_to_json(event: Event, codebook: Codebook | None = None) -> str:
    """Return one event as compact JSON with a fixed order of keys."""
    return json.dumps(event_to_dict(event, codebook), ensure_ascii=False, separators=(",", ":"))


def event_from_json(text: str) -> Event:
    """Return the event that `event_to_json` wrote; raises ValueError or KeyError when it is none."""
    record = json.loads(text)
    plain = {key: value for key, value in record.items() if key not in {"group", "plover"}}
    read: dict[str, Any] = {
        **{key: tuple(record[key]) for key in ("countries", "regions", "provisions", "topics")},
        "organisations": tuple(Organisation(**row) for row in record["organisations"]),
        "people": tuple(Person(**row) for row in record["people"]),
        "evidence": tuple(Evidence(**{**row, "rule_ids": tuple(row["rule_ids"])}) for row in record["evidence"]),
        "date_start": _date(record["date_start"]),
        "date_end": _date(record["date_end"]),
        "first_reported_at": _time(record["first_reported_at"]),
        "place": Place(**record["place"]) if record["place"] else None,
    }
    return Event(**{**plain, **read})


def _iso(value: date | datetime | None) -> str | None:
    """Return a day or time as ISO 8601."""
    return value.isoformat() if value is not None else None


def _date(value: str | None) -> date | None:
    """Return a day from ISO 8601."""
    return date.fromisoformat(value) if value is not None else None


def _listed(value: Any) -> Any:
    """Return tuples as lists, at any depth."""
    if isinstance(value, list | tuple):
        return [_listed(item) for item in value]
    return {key: _listed(item) for key, item in value.items()} if isinstance(value, dict) else value
