"""Publishing: a compact copy of the working file takes the place of yesterday's in one rename.

Whoever has yesterday's open keeps reading it. Never touches the working file. Called by `flows` at the end of a night.
"""

from __future__ import annotations

import os
from pathlib import Path

import duckdb

from warehouse.statements import fill


def publish(connection: duckdb.DuckDBPyConnection, target: Path) -> None:
    """Copy the whole database, comments, views and macros included, to `target`, atomically.

    Killed at any moment it leaves either the old file or the new one at `target`, and perhaps a `.part` beside it that
    the next call removes.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.part")
    _remove(part)
    _copy(connection, part)
    _flush(part)
    part.replace(target)
    _flush(target.parent)


def _copy(connection: duckdb.DuckDBPyConnection, part: Path) -> None:
    """Write the connection's database into a new file and close it."""
    (source,) = connection.execute("SELECT current_database()").fetchone() or ("",)
    path = str(part).replace("'", "''")
    connection.execute(fill("attach_copy", path=path))
    try:
        connection.execute(fill("copy_database", source=f'"{source}"'))
    finally:
        connection.execute("DETACH publishing")


def _remove(part: Path) -> None:
    """Remove what a killed attempt left behind."""
    for path in (part, part.with_name(f"{part.name}.wal")):
        path.unlink(missing_ok=True)


def _flush(path: Path) -> None:
    """Ask the disk to keep what was written to a file or folder."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
