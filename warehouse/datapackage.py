"""`datapackage.json`: what the files of a delivery hold, in the words of the schema (Frictionless Data Package 2.0).

Called by `export`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from warehouse.csv_files import LIST_DELIMITER

LICENCE: Final = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}


@dataclass(frozen=True, slots=True)
class Resource:
    """One table of a delivery: its name, the table it comes from, its key, and the resources its columns point to."""

    name: str
    table: str
    key: tuple[str, ...]
    references: Mapping[str, str]  # column to resource; the column has the same name there


def describe(resource: Resource, schema: Any, comments: Mapping[str, str], path: Path) -> dict[str, Any]:
    """Return the description of one file of a resource; `schema` is its Arrow schema, `comments` by column."""
    is_csv = path.suffix == ".csv"
    content = path.read_bytes()
    dialect = {"dialect": {"delimiter": ",", "lineTerminator": "\r\n"}} if is_csv else {}
    return {
        "name": f"{resource.name}-{path.suffix.removeprefix('.')}".replace("_", "-"),
        "path": path.name,
        "format": path.suffix.removeprefix("."),
        "mediatype": "text/csv" if is_csv else "application/vnd.apache.parquet",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "description": comments.get("", ""),
        **dialect,
        "schema": {
            "fields": [_field(field, comments.get(field.name, ""), is_csv=is_csv) for field in schema],
            "missingValues": [""],
            "primaryKey": list(resource.key),
            "foreignKeys": [
                {
                    "fields": [column],
                    "reference": {"resource": f"{target}-{path.suffix[1:]}".replace("_", "-"), "fields": [column]},
                }
                for column, target in sorted(resource.references.items())
            ],
        },
    }


def package(
    name: str, resources: Sequence[Mapping[str, Any]], sources: Sequence[Mapping[str, str]], version: str
) -> dict[str, Any]:
    """Return the description of a whole delivery."""
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": name,
        "title": "Media Cooperation Monitor",
        "description": (
            "Acts by which news media of Central Asia and its partners co-operate across borders, with their evidence. "
            "Metadata and short quotes only; no article's text. Rows whose outcome is review are in no weekly number."
        ),
        "version": version,
        "licenses": [LICENCE],
        "sources": list(sources),
        "resources": list(resources),
    }


def _field(field: Any, comment: str, *, is_csv: bool) -> dict[str, Any]:
    """Return the description of one column."""
    kind = _kind(field.type)
    if kind == "array" and is_csv:
        return {"name": field.name, "type": "list", "delimiter": LIST_DELIMITER, "description": comment}
    return {"name": field.name, "type": kind, "description": comment}


def _kind(arrow_type: Any) -> str:
    """Return the Frictionless name of an Arrow type."""
    tests = (
        (pa.types.is_boolean, "boolean"),
        (pa.types.is_integer, "integer"),
        (pa.types.is_floating, "number"),
        (pa.types.is_timestamp, "datetime"),
        (pa.types.is_date, "date"),
        (pa.types.is_list, "array"),
    )
    return next((name for test, name in tests if test(arrow_type)), "string")
