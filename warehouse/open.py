"""Opening a warehouse: the connection's settings, numbered migrations, and the views that analysts start from.

It never stores a row of data. Called by `flows` (one writer at a time, under its lock) and by whoever reads.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeAlias

import duckdb

from warehouse.statements import sql_files, statement

# Extensions are never fetched behind our back: a night must not depend on somebody's server.
_SETTINGS: Final[dict[str, str | bool | int | float | list[str]]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}


Connection: TypeAlias = duckdb.DuckDBPyConnection  # for rooms that pass a connection along without knowing DuckDB


class NewerWarehouseError(Exception):
    """The file was written by newer code than this."""


def open_warehouse(path: Path) -> duckdb.DuckDBPyConnection:
    """Open the working file for writing; make it, or bring it up to date, in one transaction.

    Raises NewerWarehouseError when the file knows migrations that this code does not.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = _connect(path, read_only=False)
    try:
        with transaction(connection):
            _migrate(connection)
            for _, sql in sql_files("marts"):
                connection.execute(sql)
    except BaseException:
        connection.close()
        raise
    return connection


def read_only(path: Path, *, is_guarded: bool = False) -> duckdb.DuckDBPyConnection:
    """Open a published file for reading.

    `is_guarded` forbids files, network and changes of settings: for running SQL that other people wrote.
    """
    connection = _connect(path, read_only=True)
    if is_guarded:
        connection.execute(statement("guard"))
    return connection


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Run what stands inside as one transaction: all of it, or nothing."""
    connection.begin()
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def _connect(path: Path, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    """Return a connection whose times are in UTC."""
    connection = duckdb.connect(str(path), read_only=read_only, config=_SETTINGS)
    connection.execute("SET TimeZone = 'UTC'")
    return connection


def _migrate(connection: duckdb.DuckDBPyConnection) -> None:
    """Apply the migrations that the file has not seen, in the order of their numbers."""
    connection.execute(statement("migrations"))
    known = {int(name.partition("_")[0]): (name, sql) for name, sql in sql_files("schema")}
    applied = {int(number) for (number,) in connection.execute("SELECT number FROM ops.migrations").fetchall()}
    if newer := applied - known.keys():
        raise NewerWarehouseError(
            f"This warehouse knows migration {max(newer)}, this program only {max(known)}: "
            "it was written by a newer version. Update the program; the file was left as it is."
        )
    for number in sorted(known.keys() - applied):
        name, sql = known[number]
        connection.execute(sql)
        connection.execute("INSERT INTO ops.migrations VALUES (?, ?, ?)", [number, name, datetime.now(UTC)])
