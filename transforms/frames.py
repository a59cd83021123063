"""Records to frames: one row a record, one column a field, with types that DuckDB and Great Expectations agree on."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Iterable
from datetime import datetime
from enum import Enum
from typing import Any, Union, get_args, get_origin, get_type_hints

import pandas as pd

_DTYPES: dict[type, str] = {
    str: "str",
    bool: "boolean",
    int: "Int64",
    float: "Float64",
    datetime: "datetime64[us, UTC]",
}


def frame_of(records: Iterable[Any], kind: type[Any]) -> pd.DataFrame:
    """Return a frame of these dataclass records; an empty input gives an empty frame with the same columns and types.

    Enumerations become their values; tuples and dates stay objects.
    """
    rows = list(records)
    columns = {
        name: pd.Series([_plain(getattr(row, name)) for row in rows], dtype=dtype)
        for name, dtype in _dtypes_of(kind).items()
    }
    return pd.DataFrame(columns)


def _dtypes_of(kind: type[Any]) -> dict[str, str]:
    """Return the pandas type of each field of a dataclass, in order."""
    hints = get_type_hints(kind)
    return {field.name: _dtype(hints[field.name]) for field in dataclasses.fields(kind)}


def _dtype(hint: Any) -> str:
    """Return the pandas type that holds values of this annotation, None included."""
    if get_origin(hint) in (Union, types.UnionType):
        hint = next(part for part in get_args(hint) if part is not type(None))
    if isinstance(hint, type) and issubclass(hint, Enum):
        return "str"
    if isinstance(hint, type):
        return _DTYPES.get(hint, "object")
    return "str" if all(isinstance(value, str) for value in get_args(hint)) else "object"


def _plain(value: Any) -> Any:
    """Return what a frame holds for a field's value."""
    if isinstance(value, Enum):
        return value.value
    return list(value) if isinstance(value, tuple) else value
