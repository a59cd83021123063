"""The room's SQL, read from its `.sql` files by name.

It never runs anything. Called by every other module of the room, so that no statement is hidden in Python.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Template

_ROOM = Path(__file__).parent


@cache
def statement(name: str) -> str:
    """Return the text of `statements/<name>.sql`."""
    return (_ROOM / "statements" / f"{name}.sql").read_text(encoding="utf-8")


def fill(name: str, **words: str) -> str:
    """Return a statement with its `$words` put in; they are names of our own tables and columns, never outside text."""
    return Template(statement(name)).substitute(words)


def sql_files(folder: str) -> Iterator[tuple[str, str]]:
    """Yield name (without suffix) and text of each SQL file in a folder of this room, in the order of the names."""
    for path in sorted((_ROOM / folder).glob("*.sql")):
        yield path.stem, path.read_text(encoding="utf-8")
