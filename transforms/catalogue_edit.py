"""Edits of the catalogue's text that change one value each and leave every other character as a person wrote it.

Pure: text in, text or a unified diff out. An edit is read back before it is believed: what TOML says afterwards differs
in that value and in nothing else, or the edit is not made. Never writes a file. Called by the flow that proposes.
"""

from __future__ import annotations

import difflib
import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

_TABLE: Final = re.compile(r"^\s*\[")
_VALUE: Final = re.compile(
    r"""(?P<head>\s*(?P<key>[\w-]+)\s*=\s*)(?P<value>"(?:[^"\\]|\\.)*"|'[^']*')(?P<tail>[ \t]*(?:\#.*)?\r?\n?)\Z""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class CatalogueEdit:
    """One value of one feed to change: the feed is the one with this address, and the reason is for people."""

    feed_url: str
    key: Literal["url", "confirmation"]
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class EditedCatalogue:
    """The text with the edits that could be made, and those that could not, as where tables are written inline."""

    text: str
    unmade: tuple[CatalogueEdit, ...] = ()


def edit_catalogue(text: str, edits: Iterable[CatalogueEdit]) -> EditedCatalogue:
    """Return the catalogue's text with these edits made in turn; feeds are named by their address in `text`.

    An address that another feed has, or that stands in no line of its own, leaves the edit unmade.
    """
    unmade = []
    # addresses last: they are what the other edits find their feed by
    for edit in sorted(edits, key=lambda edit: edit.key == "url"):
        changed = _edited(text, edit)
        if changed is None:
            unmade.append(edit)
        else:
            text = changed
    return EditedCatalogue(text, tuple(unmade))


def diff_of(before: str, after: str, name: str) -> str:
    """Return what changed as a unified diff that `patch` takes; empty where nothing did."""
    lines = difflib.unified_diff(_lines(before), _lines(after), fromfile=name, tofile=name)
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _edited(text: str, edit: CatalogueEdit) -> str | None:
    """Return the text with one edit made, or None where it cannot be made without touching anything else."""
    lines = _lines(text)
    value = json.dumps(edit.value, ensure_ascii=False)  # a JSON string is a TOML string
    for number, match in _places(lines, edit):
        line = f"{match['head']}{value}{match['tail']}"
        after = "".join([*lines[:number], line, *lines[number + 1 :]])
        if _differs_only_in(text, after, edit):
            return after
    return None


def _places(lines: Sequence[str], edit: CatalogueEdit) -> Iterator[tuple[int, re.Match[str]]]:
    """Yield the lines that may hold the value, with their numbers: of the key, in a table whose `url` is the feed's."""
    for start, end in _tables(lines):
        values = [(number, match) for number in range(start, end) if (match := _VALUE.match(lines[number]))]
        if any(match["key"] == "url" and _value(match) == edit.feed_url for _, match in values):
            yield from (place for place in values if place[1]["key"] == edit.key)


def _tables(lines: Sequence[str]) -> list[tuple[int, int]]:
    """Return where each table of the file begins and ends, in numbers of lines."""
    starts = [number for number, line in enumerate(lines) if _TABLE.match(line)]
    return list(zip(starts, [*starts[1:], len(lines)], strict=True))


def _value(match: re.Match[str]) -> str:
    """Return the text that a value in quotes stands for; nothing for one that TOML does not know."""
    try:
        return str(tomllib.loads(f"value = {match['value']}")["value"])
    except tomllib.TOMLDecodeError:
        return ""


def _differs_only_in(before: str, after: str, edit: CatalogueEdit) -> bool:
    """Say whether the catalogue read from `after` is that of `before` with just this edit made."""
    try:
        wanted, found = tomllib.loads(before), tomllib.loads(after)
    except tomllib.TOMLDecodeError:
        return False
    feeds = [feed for feed in _feeds(wanted) if feed.get("url") == edit.feed_url]
    others = [feed.get("url") for feed in _feeds(wanted) if feed.get("url") != edit.feed_url]
    if len(feeds) != 1 or (edit.key == "url" and _same(edit.value) in map(_same, others)):
        return False
    feeds[0][edit.key] = edit.value
    return wanted == found


def _feeds(catalogue: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the feeds of a catalogue as read."""
    return [feed for outlet in catalogue.get("outlet", []) for feed in outlet.get("feed", [])]


def _same(url: object) -> str:
    """Return an address as the catalogue compares it: a slash at the end makes no other."""
    return str(url).rstrip("/")


def _lines(text: str) -> list[str]:
    """Return the lines of a text with their ends, divided by line feeds alone, as TOML does."""
    return re.findall(r"[^\n]*\n|[^\n]+$", text)
