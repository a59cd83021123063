"""What the attempts of the past say about the catalogue's addresses: feeds that have moved for good, and dead ones.

It changes nothing. Called by `flows`, which proposes edits of the catalogue.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import duckdb

from transforms.records import Outcome
from warehouse.statements import statement
from warehouse.tables import rows_from


@dataclass(frozen=True, slots=True)
class MovedFeed:
    """A feed whose last answers came from one other address; `since` is the first of these."""

    feed_id: str
    url: str
    moved_to: str
    since: datetime


@dataclass(frozen=True, slots=True)
class DeadFeed:
    """A feed that has not been found at its address since a moment; the outcome is that of the last attempt."""

    feed_id: str
    url: str
    outcome: Outcome
    since: datetime


def feeds_moved(connection: duckdb.DuckDBPyConnection, polls: int) -> list[MovedFeed]:
    """Return the feeds whose last `polls` answers came from one other address, by permanent redirects alone."""
    return [MovedFeed(**row) for row in rows_from(connection.execute(statement("feeds_moved"), {"polls": polls}))]


def feeds_dead(connection: duckdb.DuckDBPyConnection, before: datetime) -> list[DeadFeed]:
    """Return the feeds that were missing, or no feeds, before a moment already and have not been well since."""
    rows = rows_from(connection.execute(statement("feeds_dead"), {"before": before}))
    return [DeadFeed(**{**row, "outcome": Outcome(row["outcome"])}) for row in rows]
