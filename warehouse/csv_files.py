"""CSV that a spreadsheet opens as it is meant: Cyrillic intact, and no cell that it would run as a formula.

Called by `export`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

LIST_DELIMITER: Final = ";"
# A spreadsheet takes a cell that begins so for a formula, also in its full-width forms and behind white space.
_DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write rows as UTF-8 with a byte order mark (without it Excel guesses a Windows code page) and CRLF line ends."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(columns)
        writer.writerows([cell_of(value) for value in row] for row in rows)


def cell_of(value: object) -> str:
    """Return a value as a cell: times in ISO 8601 and UTC, lists joined by `;`, what is missing as an empty cell."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case int() | float():
            return repr(value)
        case list() | tuple():
            return defuse(LIST_DELIMITER.join(str(part) for part in value))
        case _:
            return defuse(str(value))


def defuse(text: str) -> str:
    """Return the text with an apostrophe before it where a spreadsheet would run it."""
    return f"'{text}" if text.lstrip(" ").startswith(_DANGEROUS) else text
