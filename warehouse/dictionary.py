"""The dictionary of the warehouse, written from the comments in the schema: `python -m warehouse.dictionary`.

A test fails when `docs/dictionary.md` is not what this module writes. Called by hand and by that test.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import duckdb

from warehouse.keys import KEYS
from warehouse.open import open_warehouse
from warehouse.statements import statement
from warehouse.tables import rows_from

_SCHEMAS: Final = {
    "raw": "as it came",
    "core": "what it says",
    "mart": "where analysts start",
    "ops": "how the machine fares",
}
_HEAD: Final = """# Dictionary

Every table of the warehouse, written from the comments in `warehouse/schema/` by `python -m warehouse.dictionary`.
Units stand in names: `_bytes`, `_seconds`, `_at` for times in UTC, `_date` and `date_` for days, `is_` for yes or no.
"""


def render_dictionary(connection: duckdb.DuckDBPyConnection) -> str:
    """Return the dictionary as Markdown: tables and their columns, then views and macros."""
    columns = rows_from(connection.execute(statement("dictionary_columns")))
    parts = [_HEAD]
    for schema, meaning in _SCHEMAS.items():
        parts.append(f"\n## {schema}: {meaning}\n")
        parts += _tables([row for row in columns if row["schema_name"] == schema])
    macros = rows_from(connection.execute(statement("dictionary_macros")))
    parts.append("\n## Macros\n")
    parts += [f"- `mart.{row['name']}({', '.join(row['parameters'])})`: {row['comment']}" for row in macros]
    return "\n".join(parts) + "\n"


def _tables(rows: list[dict[str, Any]]) -> Iterator[str]:
    """Yield the Markdown of each table and view of one schema."""
    for name in dict.fromkeys(row["table_name"] for row in rows):
        own = [row for row in rows if row["table_name"] == name]
        full = f"{own[0]['schema_name']}.{name}"
        key = ", ".join(f"`{column}`" for column in KEYS.get(full, ()))
        yield f"### {full}\n\n{own[0]['grain']}" + (f" Key: {key}." if key else " A view.") + "\n"
        yield "| column | type | |\n|---|---|---|"
        yield from (f"| `{row['column_name']}` | {row['data_type']} | {row['comment']} |" for row in own)
        yield ""


def main() -> None:
    """Write `docs/dictionary.md` of the source tree anew."""
    with tempfile.TemporaryDirectory() as folder, open_warehouse(Path(folder) / "monitor.duckdb") as connection:
        text = render_dictionary(connection)
    (Path(__file__).parent.parent / "docs" / "dictionary.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
