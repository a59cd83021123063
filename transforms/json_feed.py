"""JSON Feed 1.0 and 1.1 (jsonfeed.org), read from text that is already decoded.

Tolerant of what publishers get wrong (numbers for ids, one author for many, dates of other forms); never of JSON that
is something else. Called by `feeds`.
"""

from __future__ import annotations

import json
import re
from datetime import tzinfo
from typing import Any, Final

from transforms.dates import read_time
from transforms.feed_items import Item, ReadFeed
from transforms.plain import one_line, text_of_markup

_VERSION: Final = re.compile(r"(?:https?://(?:www\.)?jsonfeed\.org/version/)?(1)(?:\.(0|1))?/?")


def read_json(text: str, zone: tzinfo, max_items: int) -> ReadFeed:
    """Read a JSON Feed; times without a zone are read in `zone`. Never raises on broken input."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as problem:
        kind = "json" if '"items"' in text else None
        return ReadFeed(format=kind, error=f"{type(problem).__name__}: {problem}"[:200])
    if not isinstance(document, dict) or not (version := _version(document.get("version"))):
        return ReadFeed(format=None, error="JSON that is no feed")
    listed = document.get("items")
    found = [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []
    error = f"{len(found)} items: only the first {max_items} were read" if len(found) > max_items else None
    items = tuple(_item(item, zone) for item in found[:max_items])
    return ReadFeed(version, one_line(_text(document, "title")), items, error)


def _version(claimed: object) -> str | None:
    """Return our name of the format, None for what is no version of JSON Feed."""
    match = _VERSION.fullmatch(str(claimed))
    return f"json{match.group(1)}{match.group(2) or '0'}" if match else None


def _item(item: dict[str, Any], zone: tzinfo) -> Item:
    """Return one member of `items`."""
    markup = text_of_markup(_text(item, "content_html"))
    return Item(
        guid=one_line(_text(item, "id")),
        link=one_line(_text(item, "url")) or one_line(_text(item, "external_url")),
        title=one_line(_text(item, "title")),
        summary=one_line(_text(item, "summary")) or one_line(_text(item, "content_text")) or markup,
        author=_author(item),
        section=next((one_line(tag) for tag in _list(item, "tags") if isinstance(tag, str)), None),
        published_at=read_time(_text(item, "date_published"), zone),
        updated_at=read_time(_text(item, "date_modified"), zone),
    )


def _author(item: dict[str, Any]) -> str | None:
    """Return the authors' names: a list since 1.1, one object before."""
    people = [*_list(item, "authors"), item.get("author")]
    names = (one_line(_text(person, "name")) for person in people if isinstance(person, dict))
    return ", ".join(dict.fromkeys(name for name in names if name)) or None


def _text(fields: dict[str, Any], name: str) -> str | None:
    """Return a field that should be text: numbers become text, other things nothing."""
    value = fields.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return str(value)


def _list(fields: dict[str, Any], name: str) -> list[Any]:
    """Return a field that should be a list."""
    value = fields.get(name)
    return value if isinstance(value, list) else []
