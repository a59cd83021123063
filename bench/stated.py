"""What a test feed says that its entries are: the comments of feedparser's files, the JSON beside gofeed's.

Only plain statements count: an entry's title, link, id, or a time, equal to a constant. Nothing is executed.
Called by `conformance_feeds`.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

_EXPECT: Final = re.compile(r"^\s*Expect:\s*(.+?)\s*(?:-->\s*)?$", re.MULTILINE)
_ENCODING: Final = re.compile(r"\bencoding\s*==\s*'([\w-]+)'")
_HEADER: Final = re.compile(r"^\s*Header:\s*([\w-]+)\s*:\s*(.*?)\s*$", re.MULTILINE)
_FIELDS: Final = {
    "title": "title",
    "link": "url",
    "id": "guid",
    "guid": "guid",
    "description": "summary",
    "summary": "summary",
    "published_parsed": "published_at",
    "issued_parsed": "published_at",
    "created_parsed": "published_at",
    "updated_parsed": "updated_at",
    "modified_parsed": "updated_at",
    "date_parsed": "updated_at",
}
_JSON_FIELDS: Final = {
    "title": "title",
    "link": "url",
    "url": "url",
    "guid": "guid",
    "id": "guid",
    "publishedParsed": "published_at",
    "pubDateParsed": "published_at",
    "date_published": "published_at",
    "updatedParsed": "updated_at",
    "date_modified": "updated_at",
}


@dataclass(frozen=True, slots=True)
class Statement:
    """That the entry at an index has a value in a field of `records.Entry`."""

    index: int
    field: str
    value: str | datetime


def headers_of(source: str) -> tuple[tuple[str, str], ...]:
    """Return the HTTP headers with which feedparser's comment wants the file served."""
    return tuple(_HEADER.findall(_comment(source)))


def encoding_of(source: str) -> str | None:
    """Return the encoding in which feedparser's comment expects a file to be read."""
    found = _ENCODING.search(_comment(source))
    return found.group(1) if found else None


def statements_of_comment(source: str) -> Iterator[Statement]:
    """Yield what feedparser's `Expect:` comment states of entries; what is no plain statement is passed over."""
    found = _EXPECT.search(_comment(source))
    if not found:
        return
    try:
        expression = ast.parse(found.group(1), mode="eval").body
    except SyntaxError:
        return
    parts = (
        expression.values if isinstance(expression, ast.BoolOp) and isinstance(expression.op, ast.And) else [expression]
    )
    for part in parts:
        if isinstance(part, ast.Compare) and all(isinstance(operator, ast.Eq) for operator in part.ops):
            yield from _equal(part)


def statements_of_json(document: Mapping[str, Any]) -> Iterator[Statement]:
    """Yield what gofeed's expected JSON states of entries, in any of its forms (Atom, RSS, JSON, universal)."""
    for index, entry in enumerate(document.get("entries") or document.get("items") or ()):
        for name, value in entry.items():
            field = _JSON_FIELDS.get(name)
            if field in ("published_at", "updated_at"):
                yield Statement(index, field, datetime.fromisoformat(value).astimezone(UTC))
            elif field and (text := value.get("value") if isinstance(value, dict) else value):
                yield Statement(index, field, str(text))


def read_json(text: str) -> dict[str, Any]:
    """Return gofeed's expected JSON."""
    document: dict[str, Any] = json.loads(text)
    return document


def _comment(source: str) -> str:
    """Return the leading comment of a file."""
    return source.partition("-->")[0]


def _equal(comparison: ast.Compare) -> Iterator[Statement]:
    """Yield the statements in `entry == … == constant`."""
    *left, last = [comparison.left, *comparison.comparators]
    try:
        value = _constant(last)
    except ValueError:
        return
    for node in left:
        if (named := _entry_field(node)) and (statement := _statement(*named, value)):
            yield statement


def _statement(index: int, name: str, value: object) -> Statement | None:
    """Return a statement about one of our fields, None for another one."""
    field = _FIELDS.get(name)
    if field is None:
        return None
    if isinstance(value, tuple):
        return Statement(index, field, datetime(*value[:6], tzinfo=UTC))
    return Statement(index, field, value) if isinstance(value, str) else None


def _entry_field(node: ast.expr) -> tuple[int, str] | None:
    """Return index and field of `entries[0]['title']`, `entries[0].title` or `entries[0]['title_detail']['value']`."""
    path: list[object] = []
    while isinstance(node, ast.Subscript | ast.Attribute):
        if isinstance(node, ast.Attribute):
            path.insert(0, node.attr)
        else:
            path.insert(0, node.slice.value if isinstance(node.slice, ast.Constant) else None)
        node = node.value
    if not isinstance(node, ast.Name) or node.id != "entries" or not path or not isinstance(path[0], int):
        return None
    index, rest = path[0], path[1:]
    if rest in (["title_detail", "value"], ["summary_detail", "value"]):
        return index, str(rest[0]).removesuffix("_detail")
    return (index, rest[0]) if len(rest) == 1 and isinstance(rest[0], str) else None


def _constant(node: ast.expr) -> object:
    """Return the value of a constant, a tuple of them, or texts joined by `+`; ValueError for anything else."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return f"{_constant(node.left)}{_constant(node.right)}"
    return ast.literal_eval(node)
