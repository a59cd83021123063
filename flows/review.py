"""`monitor review`: what the coder is unsure of goes out as a sheet, and people's decisions come back into the events.

The sheet is made from the published copy and needs no lock. An import appends to the ledger of corrections, links
anew, audits and publishes, so that what was decided is seen at once. Called by `review_cli`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from codebook.files import FileError
from flows.context import RunContext, open_run
from flows.correcting import append_corrections, corrections_until
from flows.home import Home
from flows.ledger import noted
from flows.linking import link_events
from flows.publishing import audit, publish
from flows.settings import Settings, SettingsError
from transforms.corrections import name_as_written
from transforms.records import Correction
from transforms.review_sheet import COLUMNS, BadCell, Known, Row, SheetError, decisions_of, filled_rows, text_of_sheet
from warehouse import read
from warehouse.csv_files import write_csv
from warehouse.open import Connection, read_only


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import has done: decisions that are new, decisions that were known, rows that were skipped."""

    new: int
    known: int
    bad: tuple[BadCell, ...]


def export_review(file: Path, settings: Settings) -> tuple[int, int]:
    """Write the events in doubt and the unknown names to a sheet; return how many of each.

    Raises SettingsError where nothing was published, FileError where the file is there already or cannot be written.
    """
    home = Home(settings.home)
    if not home.published.exists():
        raise SettingsError(
            f"{home.published}: nothing was published yet. Run `monitor nightly` first, or correct --home."
        )
    if file.exists():
        raise FileError(file, 1, "file", "there is such a file, perhaps with decisions in it", "Name another file.")
    with read_only(home.published) as connection:
        events = [_event_row(row) for row in read.events_to_review(connection)]
        settled = _names_settled(connection)
        names = [
            _name_row(row) for row in read.names_to_review(connection) if name_as_written(row["name"]) not in settled
        ]
    try:
        write_csv(file, COLUMNS, ([row.get(column) for column in COLUMNS] for row in (*events, *names)))
    except OSError as error:
        raise FileError(file, 1, "file", f"it cannot be written: {error.strerror}", "Name another file.") from None
    return len(events), len(names)


def import_review(file: Path, settings: Settings, at: datetime | None = None) -> Imported:
    """Take the decisions of a filled sheet in; `at` stops the clock, for a home that works on a recording.

    Raises FileError for a file that is no such sheet, Busy when another process writes.
    """
    rows = _rows_of(file)
    with open_run("review", settings, at) as context:
        found, bad = decisions_of(rows, _known(context), context.clock())
        taken = {one.correction_id for one in corrections_until(context.home.corrections, context.clock())}
        new = list({one.correction_id: one for one in found if one.correction_id not in taken}.values())
        context.count("corrections", len(new))
        context.count("rejects", len(bad))
        if new:
            _take_in(context, new)
    return Imported(len(new), len(found) - len(new), tuple(bad))


def _take_in(context: RunContext, new: list[Correction]) -> None:
    """Write decisions into the ledger, and publish the events that they make."""
    append_corrections(context.home.corrections, new)
    noted(context, "link", link_events)
    audit(context)
    publish(context)


def _rows_of(file: Path) -> list[Row]:
    """Return the filled rows of a sheet; raises FileError where the file is none."""
    try:
        return filled_rows(text_of_sheet(file.read_bytes()))
    except FileNotFoundError:
        raise FileError(file, 1, "file", "there is no such file", "Name a sheet that was filled in.") from None
    except OSError as error:
        raise FileError(file, 1, "file", f"it cannot be read: {error.strerror}", "Name a sheet.") from None
    except SheetError as error:
        raise FileError(file, 1, "file", str(error), "Nothing was taken in.") from None


def _known(context: RunContext) -> Known:
    """Return what the cells of a sheet are checked against."""
    countries = {place.country for place in context.codebook.places.values() if place.country}
    return Known(
        frozenset(read.known_event_ids(context.warehouse)),
        frozenset(context.codebook.organisations),
        frozenset(countries),
    )


def _names_settled(connection: Connection) -> set[str]:
    """Return the names that people have said to stay as they are."""
    rows = read.table(connection, "core.corrections").sort_values(["decided_date", "imported_at"], kind="stable")
    names = rows[rows["subject"] == "organisation"].drop_duplicates("organisation_name", keep="last")
    return {str(name) for name in names[names["decision"] == "accept"]["organisation_name"]}


def _event_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the known cells of an event's row."""
    same = ("label", "type", "status", "parties", "countries", "date_start", "date_end", "quote", "title", "url")
    return {
        **{name: row[name] for name in (*same, "language")},
        "subject": "event",
        "id": row["event_id"],
        "count": row["report_count"],
        "confidence": round(row["confidence"], 2),
    }


def _name_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the known cells of a name's row; its events stand where an event has its label."""
    return {
        **{name: row[name] for name in ("countries", "quote", "title", "url", "language")},
        "subject": "organisation",
        "id": row["name"],
        "label": row["labels"],
        "count": row["event_count"],
    }
