"""The sheet of doubtful events and unknown names: what is asked in it, and what came back from a person's spreadsheet.

It knows what spreadsheets do to a file: semicolons for commas, columns in another order, empty columns at the end,
days as 22.11.2026, a code page in place of UTF-8. Text in, decisions and problems out; pure. Called by
`flows/review.py`.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, get_args

from transforms.corrections import name_as_written
from transforms.event_spans import EventSpan, span_of, written
from transforms.records import Correction, Decision, EventType, Status, digest

KNOWN: Final = (
    "subject",
    "id",
    "label",
    "count",
    "type",
    "status",
    "parties",
    "countries",
    "date_start",
    "date_end",
    "confidence",
    "quote",
    "title",
    "url",
    "language",
)
NEW: Final = ("new_type", "new_status", "new_date_start", "new_date_end", "new_countries", "new_organisations")
TO_FILL: Final = ("decision", *NEW, "note", "author", "date")
COLUMNS: Final = (*KNOWN, *TO_FILL)
_NEEDED: Final = ("subject", "id", "decision", "author", "date")
_DELIMITERS: Final = (";", ",", "\t")
_NOTHING: Final = frozenset({"none", "null", "-", "–", "—"})
_APOSTROPHE_BEFORE = re.compile(r"'(?=\s*[=+\-@\t\r\n＝＋－＠])")  # put there so that no spreadsheet runs the cell
_LATEST_DAYS_AHEAD = 1  # a day may have begun already where the author sits


Row = tuple[int, dict[str, str]]  # the line on which it begins, and the cells by column


class SheetError(Exception):
    """A file that is no such sheet: the words say what it is, and the cure."""


@dataclass(frozen=True, slots=True)
class BadCell:
    """A filled row that cannot be taken in, and why: line (from 1), column, problem, cure."""

    line: int
    column: str
    problem: str
    cure: str


@dataclass(frozen=True, slots=True)
class Known:
    """What an import is checked against: ids that events have or had, the gazetteer's ids, countries."""

    event_ids: frozenset[str]
    organisation_ids: frozenset[str]
    countries: frozenset[str]


class _Unfit(Exception):  # noqa: N818 - a verdict on a cell, caught where the row is read
    """A cell that does not fit: column, problem, cure."""


def text_of_sheet(data: bytes) -> str:
    """Return the text of a file as a spreadsheet saved it; raises SheetError where letters would be lost or wrong."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise SheetError(
            f"line {line}: the file is not UTF-8; it looks as if it was saved in a Windows code page (1251), which has "
            "no ә, ғ, қ, ң, ө, ұ, ү, һ. Save it again as “CSV UTF-8”, from the spreadsheet and not from this file."
        ) from None


def filled_rows(text: str) -> list[Row]:
    """Return the rows of a sheet in which somebody has filled in something; raises SheetError where it is no sheet."""
    return [(line, row) for line, row in _rows(text) if any(row.get(name) for name in ("decision", "note", *NEW))]


def decisions_of(rows: Sequence[Row], known: Known, now: datetime) -> tuple[list[Correction], list[BadCell]]:
    """Return the decisions that filled rows hold, in their order, and why the others hold none."""
    found: list[Correction] = []
    bad: list[BadCell] = []
    for line, row in rows:
        try:
            found.append(_correction(row, known, now))
        except _Unfit as error:
            bad.append(BadCell(line, *error.args))
    return found, bad


def _rows(text: str) -> Iterator[Row]:
    """Yield the rows below the header with the line on which each begins, as cells by column."""
    skipped = 0
    if text[:4].lower() == "sep=":  # Excel's own hint of the separator
        text = text.partition("\n")[2]
        skipped = 1
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text.partition("\n")[0]))
    line = skipped + 1
    header: list[str] | None = None
    try:
        for cells in reader:
            if header is None:
                header = _header(cells)
            else:
                yield line, {name: _cell(cell) for name, cell in zip(header, cells, strict=False) if name}
            line = skipped + reader.line_num + 1
    except csv.Error as error:
        raise SheetError(f"line {line}: {error}. Save it from the spreadsheet again, as CSV.") from None
    if header is None:
        raise SheetError("the file is empty. Save the filled sheet again.")


def _delimiter(header: str) -> str:
    """Return the sign that parts the cells: the one that gives most columns of ours."""
    return max(_DELIMITERS, key=lambda sign: sum(_name(cell) in COLUMNS for cell in header.split(sign)))


def _header(cells: Sequence[str]) -> list[str]:
    """Return the names of the columns; raises SheetError where those that are needed are not there."""
    names = [_name(cell) for cell in cells]
    if missing := [name for name in _NEEDED if name not in names]:
        raise SheetError(
            f"line 1: the column {', '.join(missing)} is missing. Fill in a file made by `monitor review export`, and "
            "leave its first line as it is."
        )
    if twice := sorted({name for name in names if name in COLUMNS and names.count(name) > 1}):
        raise SheetError(f"line 1: the column {', '.join(twice)} stands there twice. Remove one of the two.")
    return names


def _name(cell: str) -> str:
    """Return a column's name from its cell, whatever a spreadsheet put around it."""
    return cell.strip().strip("\ufeff\"'").strip().lower()


def _cell(cell: str) -> str:
    """Return what a cell says: without blanks around it, and without the apostrophe that kept it from being run."""
    text = cell.strip()
    return text[1:] if _APOSTROPHE_BEFORE.match(text) else text


def _correction(row: Mapping[str, str], known: Known, now: datetime) -> Correction:
    """Return the decision of a row; raises _Unfit for the first cell that does not fit."""
    subject = _one_of(row, "subject", ("event", "organisation"), "Copy it from the exported file.")
    decision: Decision = _one_of(row, "decision", get_args(Decision), "Write accept, reject or correct.")
    values = _values(row, known)
    _check_values(subject, decision, values)
    author = _required(row, "author", "Write who has decided.")
    name = _required(row, "id", "Copy it from the exported file.")
    if subject == "event" and name not in known.event_ids:
        raise _Unfit(
            "id", f"no event has or had the id {name!r}", "Copy it from the exported file, or from mart.events."
        )
    parts = (
        subject,
        name if subject == "event" else name_as_written(name),
        decision,
        json.dumps(values, ensure_ascii=False, sort_keys=True),
        row.get("note", ""),
        author,
        _day_of_decision(row, now).isoformat(),
    )
    return Correction(
        correction_id=digest("correction", *parts),
        subject=subject,
        event_id=name if subject == "event" else None,
        organisation_name=None if subject == "event" else parts[1],
        decision=decision,
        values_json=parts[3],
        note=parts[4] or None,
        author=author,
        decided_date=date.fromisoformat(parts[6]),
        imported_at=now,
    )


def _required(row: Mapping[str, str], column: str, cure: str) -> str:
    """Return a cell that may not be empty."""
    if not (value := row.get(column, "")):
        raise _Unfit(column, "the cell is empty", cure)
    return value


def _one_of(row: Mapping[str, str], column: str, allowed: Sequence[str], cure: str) -> Any:
    """Return a cell that holds one of a few words, in any case of letters."""
    value = _required(row, column, cure).lower()
    if value not in allowed:
        raise _Unfit(column, f"{value!r} is none of {', '.join(allowed)}", cure)
    return value


def _day_of_decision(row: Mapping[str, str], now: datetime) -> date:
    """Return the day on which was decided."""
    cure = "Write the day of the decision as 2026-11-22 or 22.11.2026."
    span = _span(_required(row, "date", cure), "date", cure)
    if span.start is None or span.granularity != "day":
        raise _Unfit("date", f"{row['date']!r} is no day", cure)
    if span.start > now.date() + timedelta(days=_LATEST_DAYS_AHEAD):
        raise _Unfit("date", f"{row['date']!r} lies in the future", cure)
    return span.start


def _span(text: str, column: str, cure: str) -> EventSpan:
    """Return the day, month or year of a cell."""
    try:
        return span_of(text)
    except ValueError:
        raise _Unfit(column, f"{text!r} is no date", cure) from None


def _values(row: Mapping[str, str], known: Known) -> dict[str, Any]:
    """Return the corrected values of a row by field; `none` in a date takes the date away."""
    readers: dict[str, Callable[[str, str], Any]] = {
        "new_type": lambda column, _: _one_of(row, column, get_args(EventType), "Write a type of the codebook."),
        "new_status": lambda column, _: _one_of(row, column, get_args(Status), "Write a status of the codebook."),
        "new_date_start": _date_value,
        "new_date_end": _date_value,
        "new_countries": lambda column, text: sorted(
            _listed(column, text.upper(), known.countries, "Write codes such as KZ; CN.")
        ),
        "new_organisations": lambda column, text: _listed(
            column, text, known.organisation_ids, "Write ids of codebook/organisations.toml or of your own additions."
        ),
    }
    values = {name.removeprefix("new_"): read(name, row[name]) for name, read in readers.items() if row.get(name)}
    start, end = (values.get(name) for name in ("date_start", "date_end"))
    if start and end and (span_of(end).end or date.max) < (span_of(start).start or date.min):
        raise _Unfit("new_date_end", f"{end} lies before {start}", "Exchange the two, or mend one.")
    return values


def _date_value(column: str, text: str) -> str | None:
    """Return a date in the form in which it is stored, None where it is to be taken away."""
    cure = "Write it as 2026-11-22, 22.11.2026, 2026-11 or 2026, or none to take it away."
    return None if text.lower() in _NOTHING else written(_span(text, column, cure))


def _listed(column: str, text: str, allowed: frozenset[str], cure: str) -> list[str]:
    """Return the words of a cell, each of which must be known."""
    words = list(dict.fromkeys(word for word in re.split(r"[;,\s]+", text) if word))
    for word in words:
        if word not in allowed:
            raise _Unfit(column, f"{word!r} is not known", cure)
    if not words:
        raise _Unfit(column, "there is nothing in it", cure)
    return words


def _check_values(subject: str, decision: Decision, values: Mapping[str, Any]) -> None:
    """Raise _Unfit where decision and corrected values do not go together."""
    if decision != "correct" and values:
        column = f"new_{next(iter(values))}"
        raise _Unfit(column, f"a value is given, but the decision is {decision}", "Write correct, or empty the cell.")
    if decision == "correct" and not values:
        raise _Unfit("decision", "nothing is given to correct it with", "Fill in a column new_… of the row.")
    if subject == "organisation" and decision == "correct":
        other = next((name for name in values if name != "organisations"), None)
        if other is not None:
            raise _Unfit(f"new_{other}", "an organisation has none", "Empty the cell.")
        if len(values["organisations"]) != 1:
            raise _Unfit("new_organisations", "a name stands for one organisation", "Leave one id.")
