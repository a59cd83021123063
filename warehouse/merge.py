"""Three ways for rows to come into a table without a primary key, each of which may be repeated without harm.

Called by `store`, inside its transactions.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from warehouse.keys import KEYS
from warehouse.statements import fill
from warehouse.tables import ArrowTable


def insert_new(
    connection: duckdb.DuckDBPyConnection, table: str, rows: ArrowTable, first_by: str | None = None
) -> None:
    """Add the rows whose key the table does not hold; of several with one key the first by a column is taken."""
    with incoming(connection, rows):
        connection.execute(fill("insert_new", table=table, source=_source(table, first_by), match=_match(table)))


def upsert(connection: duckdb.DuckDBPyConnection, table: str, rows: ArrowTable, newer_by: str | None = None) -> None:
    """Add new rows and change those that differ, in the columns that are brought.

    `newer_by` names a column by which a held row that is newer stays as it is.
    """
    guard = f"held.{newer_by} IS NULL OR brought.{newer_by} >= held.{newer_by}" if newer_by else "true"
    with incoming(connection, rows):
        connection.execute(fill("upsert", guard=guard, **_words(table, rows)))


def replace_all(connection: duckdb.DuckDBPyConnection, table: str, rows: ArrowTable) -> None:
    """Make the table hold exactly these rows, touching only what differs."""
    with incoming(connection, rows):
        connection.execute(fill("replace_all", **_words(table, rows)))


@contextmanager
def incoming(connection: duckdb.DuckDBPyConnection, rows: ArrowTable) -> Iterator[None]:
    """Let statements see these rows as the table `incoming`."""
    connection.register("incoming", rows)
    try:
        yield
    finally:
        connection.unregister("incoming")


def _words(table: str, rows: ArrowTable) -> dict[str, str]:
    """Return what the merging statements ask for: table, source, match, differs, assignments."""
    values = [name for name in rows.column_names if name not in KEYS[table]]
    return {
        "table": table,
        "source": _source(table, None),
        "match": _match(table),
        "differs": " OR ".join(f"held.{name} IS DISTINCT FROM brought.{name}" for name in values) or "false",
        "assignments": ", ".join(f"{name} = brought.{name}" for name in values or KEYS[table]),
    }


def _source(table: str, first_by: str | None) -> str:
    """Return the query that takes one row for each key from `incoming`, the same whatever their order."""
    order = f"{first_by}, incoming" if first_by else "incoming"
    return fill("one_row_per_key", keys=", ".join(KEYS[table]), order=order)


def _match(table: str) -> str:
    """Return the condition that two rows have one key; an absent part of a key equals an absent one."""
    return " AND ".join(f"held.{name} IS NOT DISTINCT FROM brought.{name}" for name in KEYS[table])
