"""Days of captures that were removed to make room: what the warehouse says of them.

It removes no file; `flows/retention.py` does, and calls this before.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

import duckdb

from warehouse.merge import insert_new
from warehouse.open import transaction
from warehouse.statements import statement
from warehouse.tables import fit_records


@dataclass(frozen=True, slots=True)
class Removal:
    """One day of captures that went: a row of ops.retention."""

    day: date
    reason: str
    file_count: int
    file_bytes: int
    answer_count: int
    removed_at: datetime


def store_removals(connection: duckdb.DuckDBPyConnection, removals: Iterable[Removal]) -> None:
    """Record days that went; of a day told twice (its removal was interrupted) the first telling counts."""
    rows = fit_records(connection, "ops.retention", removals)
    with transaction(connection):
        insert_new(connection, "ops.retention", rows, first_by="removed_at")


def answers_captured(connection: duckdb.DuckDBPyConnection, day: date) -> int:
    """Return how many answers have their bytes in the captures of one day."""
    (count,) = connection.execute(statement("answers_captured"), {"day": f"{day}"}).fetchone() or (0,)
    return int(count)
