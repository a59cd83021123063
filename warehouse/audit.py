"""The audit: each check of `checks/` returns the rows that break it; none should.

It mends nothing. Called by `flows` after a night's rows are in and before they are published.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from warehouse.statements import sql_files


@dataclass(frozen=True, slots=True)
class Violation:
    """One row that breaks a check."""

    check: str
    row_id: str
    detail: str


def run_checks(connection: duckdb.DuckDBPyConnection) -> list[Violation]:
    """Run every check and return all violations, in the order of checks and rows."""
    return [
        Violation(name, str(row_id), str(detail))
        for name, sql in sql_files("checks")
        for row_id, detail in connection.execute(sql).fetchall()
    ]
