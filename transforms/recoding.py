"""What another codebook, or another coder, makes of the same texts: events gained, lost and changed.

Pure: texts in, codings out; the event tables of before and after in, their differences out, in a fixed order. Called by
`flows/recode.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from typing import Any, Literal

import pandas as pd

from codebook.load import Codebook
from transforms.coding import code_article
from transforms.event_json import event_from_json, event_to_json
from transforms.published_ids import Move
from transforms.records import ArticleText, CodedArticle

Change = Literal["gained", "lost", "changed"]
# Names of the coding itself, and what follows from type and status alone.
_NOT_COMPARED = ("event_id", "label", "codebook_version")
_DERIVED = "plover_"
_LISTED_MOST = 200  # in the page for people; the CSV file has all


@dataclass(frozen=True, slots=True)
class Difference:
    """One event that is gained or lost, or one field of an event that changed."""

    change: Change
    event_id: str
    label: str
    field: str | None
    old: str
    new: str
    codebook_before: str
    codebook_after: str


COLUMNS = tuple(field.name for field in fields(Difference))


def code_texts(articles: Sequence[ArticleText], codebook: Codebook) -> list[dict[str, Any]]:
    """Return what the coder says of each article, as plain records that can be kept in a file."""
    return [coded_record(code_article(article, codebook)) for article in articles]


def coded_record(coded: CodedArticle) -> dict[str, Any]:
    """Return a coding as a plain record."""
    return {
        "id": coded.id,
        "language": coded.language,
        "relevance": coded.relevance,
        "confidence": coded.confidence,
        "events": [event_to_json(event) for event in coded.events],
    }


def coded_from(record: Mapping[str, Any]) -> CodedArticle:
    """Return the coding that `coded_record` wrote."""
    events = tuple(event_from_json(text) for text in record["events"])
    return CodedArticle(record["id"], record["language"], record["relevance"], record["confidence"], events)


def differences(
    before: Mapping[str, pd.DataFrame], after: Mapping[str, pd.DataFrame], moves: Iterable[Move] = ()
) -> list[Difference]:
    """Return how the event tables differ (`core.events`, and those of parties, people and provisions), by event id."""
    old, new = _events(before), _events(after)
    became = {move.old_event_id: move.new_event_id for move in moves if move.kind == "merge"}
    found = [_gained(name, new[name]) for name in sorted(new.keys() - old.keys())]
    found += [_lost(name, old[name], became.get(name)) for name in sorted(old.keys() - new.keys())]
    for name in sorted(old.keys() & new.keys()):
        found += _changed(name, old[name], new[name])
    return found


def _gained(name: str, event: Mapping[str, str]) -> Difference:
    """Return that an event is new."""
    return Difference("gained", name, event["label"], None, "", _words(event), "", event["codebook_version"])


def _lost(name: str, event: Mapping[str, str], became: str | None) -> Difference:
    """Return that an event is gone, and what it became part of."""
    now = f"part of {became}" if became else ""
    return Difference("lost", name, event["label"], None, _words(event), now, event["codebook_version"], "")


def _changed(name: str, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Difference]:
    """Yield the fields of an event that changed; its label is one of them."""
    versions = old["codebook_version"], new["codebook_version"]
    for field in ("label", *(field for field in new if field not in _NOT_COMPARED)):
        if old.get(field, "") != new[field]:
            yield Difference("changed", name, new["label"], field, old.get(field, ""), new[field], *versions)


def _words(event: Mapping[str, str]) -> str:
    """Return an event in a line."""
    parts = (event["type"], event["status"], event["countries"], event["date_start"], event["outcome"])
    return ", ".join(part for part in parts if part)


def _events(tables: Mapping[str, pd.DataFrame]) -> dict[str, dict[str, str]]:
    """Return every event as plain words by column, with its parties, people and provisions, by event id."""
    found = {
        str(row["event_id"]): {str(k): _cell(v) for k, v in row.items() if not str(k).startswith(_DERIVED)}
        for row in tables["core.events"].to_dict("records")
    }
    for table, column, shown in (
        ("core.event_parties", "organisations", "{name} ({role})"),
        ("core.event_people", "people", "{name}"),
        ("core.event_provisions", "provisions", "{provision}"),
    ):
        listed: dict[str, list[str]] = {name: [] for name in found}
        for row in tables[table].to_dict("records"):
            listed[str(row["event_id"])].append(shown.format_map(row))
        for name, values in listed.items():
            found[name][column] = "; ".join(sorted(values) if column == "provisions" else values)
    return found


def _cell(value: Any) -> str:
    """Return a cell as words that are the same whether it was just computed or read from the warehouse."""
    if not isinstance(value, str) and hasattr(value, "__len__"):
        return ";".join(str(part) for part in value)
    if pd.isna(value):
        return ""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def recoding_page(found: Sequence[Difference], codebook: str, texts: int, *, is_applied: bool) -> str:
    """Return the differences as Markdown, by the codebook version that the events were coded with before."""
    counts = Counter(change for change, _ in {(one.change, one.event_id) for one in found})
    what = "These events are stored and published." if is_applied else "Nothing is stored or published yet."
    lines = [
        f"# Recoding with codebook {codebook}",
        f"{texts} texts were coded again. {what}",
        f"Events gained: {counts['gained']}, lost: {counts['lost']}, changed: {counts['changed']}.",
    ]
    for version in sorted({one.codebook_before for one in found}):
        lines.append(f"## Coded with codebook {version} before" if version else "## Not coded as events before")
        lines += _sections([one for one in found if one.codebook_before == version])
    return "\n\n".join(lines) + "\n"


def _sections(found: Sequence[Difference]) -> Iterator[str]:
    """Yield a section for each kind of change."""
    for change in ("gained", "lost", "changed"):
        own = [one for one in found if one.change == change]
        if own:
            shown = "\n".join(_line(one) for one in own[:_LISTED_MOST])
            rest = f"\n- … and {len(own) - _LISTED_MOST} more in the CSV file" if len(own) > _LISTED_MOST else ""
            yield f"### {change.capitalize()}\n\n{shown}{rest}"


def _line(one: Difference) -> str:
    """Return one difference as a list item."""
    if one.field is None:
        became = f" → {one.new}" if one.change == "lost" and one.new else ""
        return f"- `{one.event_id}` {one.label} ({one.new if one.change == 'gained' else one.old}){became}"
    return f"- `{one.event_id}` {one.label}: {one.field}: {one.old or 'none'} → {one.new or 'none'}"
