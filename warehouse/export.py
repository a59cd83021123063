"""Exporting: each table of a delivery as Parquet and CSV, and their description; same rows, same bytes.

It holds metadata, events and short quotes, never a text. Called by `flows`, which adds the report and the checksums and
puts the finished folder in its place.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow.compute as pc
import pyarrow.parquet as pq

from warehouse.csv_files import write_csv
from warehouse.datapackage import Resource, describe, package
from warehouse.keys import KEYS
from warehouse.statements import fill, sql_files, statement
from warehouse.store import WEEKLY_TABLES
from warehouse.tables import ArrowTable, rows_from


def _resource(name: str, table: str, **references: str) -> Resource:
    return Resource(name, table, KEYS[table], references)


RESOURCES: Final = (
    _resource("events", "core.events"),
    _resource("event_parties", "core.event_parties", event_id="events", organisation_id="organisations"),
    _resource("event_reports", "core.event_reports", event_id="events", article_id="articles", outlet_id="outlets"),
    _resource("articles", "core.articles", outlet_id="outlets"),
    _resource("outlets", "core.outlets"),
    _resource("organisations", "core.organisations"),
    *(_resource(name, f"mart.{name}") for name in WEEKLY_TABLES),
)


def export_tables(connection: duckdb.DuckDBPyConnection, folder: Path, week: str) -> list[Path]:
    """Write the files of a week's delivery into a folder and return them; the week, as 2026-W47, is the version."""
    folder.mkdir(parents=True, exist_ok=True)
    comments = _comments(connection)
    files: list[Path] = []
    described: list[dict[str, Any]] = []
    for resource in RESOURCES:
        rows = _up_to(week, _rows_of(connection, resource))
        for path in _write(rows, folder / resource.name):
            files.append(path)
            described.append(describe(resource, rows.schema, _comments_for(resource, comments), path))
    sources = rows_from(connection.execute(statement("export_sources")))
    content = package("media-cooperation-monitor", described, [_without_nulls(row) for row in sources], week)
    target = folder / "datapackage.json"
    target.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return [*files, target]


def write_checksums(folder: Path) -> Path:
    """Write `SHA256SUMS` over all other files of a folder, in the form that `sha256sum --check` reads."""
    target = folder / "SHA256SUMS"
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path != target)
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}" for path in paths
    ]
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return target


def _rows_of(connection: duckdb.DuckDBPyConnection, resource: Resource) -> ArrowTable:
    """Return the rows of a resource in the order of its key."""
    own = dict(sql_files("exports"))
    keys = ", ".join(resource.key)
    return connection.execute(own.get(resource.name) or fill("table", table=resource.table, keys=keys)).to_arrow_table()


def _up_to(week: str, rows: ArrowTable) -> ArrowTable:
    """Return a weekly table without the weeks after this one; any other table as it is."""
    return rows.filter(pc.less_equal(rows["week"], week)) if "week" in rows.column_names else rows


def _write(rows: ArrowTable, stem: Path) -> Sequence[Path]:
    """Write rows as Parquet and as CSV."""
    parquet, csv = stem.with_suffix(".parquet"), stem.with_suffix(".csv")
    pq.write_table(rows, parquet, compression="zstd")
    write_csv(csv, rows.column_names, (list(row.values()) for row in rows.to_pylist()))
    return parquet, csv


def _comments(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], str]:
    """Return the comments of the schema by table and column; a table's own stands at the column "" ."""
    rows = connection.execute(statement("comments")).fetchall()
    return {(str(table), str(column)): str(comment) for table, column, comment in rows}


def _comments_for(resource: Resource, comments: dict[tuple[str, str], str]) -> dict[str, str]:
    """Return comments by column: the resource's own table's, else those of the table the column was joined from."""
    joined = {column: text for (table, column), text in comments.items() if table in _JOINED}
    own = {column: text for (table, column), text in comments.items() if table == resource.table}
    return {**joined, **own}


_JOINED: Final = ("core.articles", "core.event_evidence")


def _without_nulls(row: dict[str, Any]) -> dict[str, str]:
    """Return what a source has; one without a front page has no path."""
    return {name: str(value) for name, value in row.items() if value is not None}
