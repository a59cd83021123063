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


def insert_new(connection: duckdb.DuckDBPyConnection, table: str, rows: ArrowTable, first_by: str | None = None) -> int:
    """Add the rows whose key the table does not hold, and return how many those were.

    Of several with one key the first by a column is taken.
    """
    with incoming(connection, rows):
        merge = fill("insert_new", table=table, source=_source(table, first_by), match=_match(table))
        (added,) = connection.execute(merge).fetchone() or (0,)
    return int(added)


def upsert(connection: duckdb.DuckDBPyConnection, table: str, rows: ArrowTable, newer_by: str | None = None) -> None:
    """Add new rows and change those that differ, in the columns that are brought.

    `newer_by` names a column by which the newest of several rows of one key counts, the held one included.
    """
    guard = f"held.{newer_by} IS NULL OR brought.{newer_by} >= held.{newer_by}" if newer_by else "true"
    with incoming(connection, rows):
        connection.execute(fill("upsert", guard=guard, **_words(table, rows, newer_by)))


def replace_all(connection: duckdb.DuckDBPyConnection, table: str, rows: ArrowTable) -> None:
    """Make the table hold exactly these rows, touching only what differs."""
    with incoming(connection, rows):
        connection.execute(fill("replace_all", **_words(table, rows, None)))


@contextmanager
def incoming(connection: duckdb.DuckDBPyConnection, rows: ArrowTable) -> Iterator[None]:
    """Let statements see these rows as the table `incoming`."""
    connection.register("incoming", rows)
    try:
        yield
    finally:
        connection.unregister("incoming")


def _words(table: str, rows: ArrowTable, newest_by: str | None) -> dict[str, str]:
    """Return what the merging statements ask for: table, source, match, differs, assignments."""
    values = [name for name in rows.column_names if name not in KEYS[table]]
    return {
        "table": table,
        "source": _source(table, f"{newest_by} DESC" if newest_by else None),
        "match": _match(table),
        "differs": " OR ".join(f"held.{name} IS DISTINCT FROM brought.{name}" for name in values) or "false",
        "assignments": ", ".join(f"{name} = brought.{name}" for name in values or KEYS[table]),
    }


def _source(table: str, order: str | None) -> str:
    """Return the query that takes one row for each key from `incoming`, the same whatever their order."""
    full_order = f"{order}, incoming" if order else "incoming"
    return fill("one_row_per_key", keys=", ".join(KEYS[table]), order=full_order)


def _match(table: str) -> str:
    """Return the condition that two rows have one key; an absent part of a key equals an absent one."""
    return " AND ".join(f"held.{name} IS NOT DISTINCT FROM brought.{name}" for name in KEYS[table])
