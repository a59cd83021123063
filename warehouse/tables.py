"""From records and frames to Arrow tables that fit a table of the warehouse, and back.

DuckDB is handed Arrow rather than pandas: it scans a pandas 3 frame only with a deprecation warning. Called by `merge`,
`store` and `read`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any, Final, TypeAlias

import duckdb
import pandas as pd
import pyarrow as pa

ArrowTable: TypeAlias = Any  # pyarrow carries no types of its own

# The types that frames of records have, so that what is read is what was written.
_NULLABLE: Final = {
    pa.int32(): pd.Int64Dtype(),
    pa.int64(): pd.Int64Dtype(),
    pa.float64(): pd.Float64Dtype(),
    pa.bool_(): pd.BooleanDtype(),
}


def fit_frame(connection: duckdb.DuckDBPyConnection, table: str, frame: pd.DataFrame) -> ArrowTable:
    """Return the frame as Arrow with the column types of a table; a column that the table lacks is a ValueError."""
    schema = _schema_of(connection, table)
    if unknown := [name for name in frame.columns if name not in schema.names]:
        raise ValueError(f"{table} has no column {', '.join(map(str, unknown))}")
    fields = [schema.field(name) for name in frame.columns]
    arrays = [pa.Array.from_pandas(frame[field.name], type=field.type) for field in fields]
    return pa.table(arrays, schema=pa.schema(fields))


def fit_rows(connection: duckdb.DuckDBPyConnection, table: str, rows: Iterable[Mapping[str, object]]) -> ArrowTable:
    """Return rows (column to value) as Arrow with all columns of a table; enumerations become their values."""
    plain = [{name: value.value if isinstance(value, Enum) else value for name, value in row.items()} for row in rows]
    return pa.Table.from_pylist(plain, schema=_schema_of(connection, table))


def fit_records(connection: duckdb.DuckDBPyConnection, table: str, records: Iterable[Any]) -> ArrowTable:
    """Return flat dataclass records whose fields are the columns of a table."""
    return fit_rows(
        connection,
        table,
        ({field.name: getattr(record, field.name) for field in dataclasses.fields(record)} for record in records),
    )


def frame_from(result: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Return a query's result with the nullable types that frames of records have."""
    frame: pd.DataFrame = result.to_arrow_table().to_pandas(types_mapper=_NULLABLE.get)
    return frame


def rows_from(result: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Return a query's result as rows of column to Python value; times are aware and in UTC."""
    rows: list[dict[str, Any]] = result.to_arrow_table().to_pylist()
    return rows


def _schema_of(connection: duckdb.DuckDBPyConnection, table: str) -> Any:
    """Return the Arrow schema of a table of the warehouse."""
    return connection.table(table).limit(0).to_arrow_table().schema
