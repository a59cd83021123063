"""Every test feed through parse, judge and store, and what is stored against what its own authors expect.

feedparser's and gofeed's feeds are thousands of small traps. Each must end as rows in a warehouse or in a named state;
where a file states what an entry is, the stored row must say so. What disagrees is written to a file with the reason.
Called by `conformance`.
"""

from __future__ import annotations

import html
import json
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any, Final

import pandas as pd

from bench.figures import Figure
from bench.stated import Statement, encoding_of, headers_of, read_json, statements_of_comment, statements_of_json
from expectations.judge import Judgement, judge
from transforms.decoding import decode
from transforms.feeds import parse_feed
from transforms.frames import frame_of
from transforms.plain import one_line, text_of_markup
from transforms.records import (
    Capture,
    CaptureKind,
    Entry,
    Feed,
    FeedState,
    Outcome,
    Outlet,
    ParsedFeed,
    Request,
    Response,
    digest,
)
from transforms.schedule import next_feed_state
from warehouse.batches import FeedBatch
from warehouse.open import open_warehouse
from warehouse.read import table
from warehouse.store import store_catalogue, store_feed_batch

ARCHIVES: Final = ("feedparser.zip", "gofeed.zip")
DISAGREEMENTS: Final = Path("build/conformance-disagreements.tsv")
_NOW: Final = datetime(2026, 11, 22, tzinfo=UTC)
_SERVER: Final = "http://127.0.0.1:8097"  # where feedparser's own tests serve the files; some expect that host
_TEXTS: Final = ("title", "summary")  # expected as markup, stored as plain text
_READABLE: Final = frozenset({Outcome.FETCHED, Outcome.FROZEN})


@dataclass(frozen=True, slots=True)
class TestFeed:
    """One file of the archives: what is served, with which headers, and what its authors state."""

    name: str
    payload: bytes
    headers: tuple[tuple[str, str], ...]
    statements: tuple[Statement, ...]

    @property
    def feed_id(self) -> str:
        """The feed's id in the warehouse."""
        return digest(self.name)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one statement; `reason` is empty where the stored row agrees."""

    feed: str
    statement: Statement
    stored: str
    reason: str


def measure(data: Path) -> list[Figure]:
    """Return the figures of all feeds in DATA/feeds; writes the disagreements to a file in the working folder."""
    feeds = [feed for archive in ARCHIVES for feed in _feeds_of(data / "feeds" / archive)]
    captures = {feed.name: _capture(feed) for feed in feeds}
    parsed = {feed.name: _parse(feed, captures[feed.name]) for feed in feeds}
    rows, judgement = _judge_and_store(feeds, captures, parsed)
    verdicts = [verdict for feed in feeds for verdict in _verdicts(feed, parsed[feed.name], rows, judgement)]
    _write(verdicts, DISAGREEMENTS)
    return [*_state_figures(parsed, rows, judgement), _unicode_figure(feeds), *_agreement_figures(verdicts)]


def _feeds_of(archive: Path) -> Iterator[TestFeed]:
    """Yield the feeds of an archive: XML files, and the JSON files that are not another file's expectation."""
    with zipfile.ZipFile(archive) as files:
        names = set(files.namelist())
        for name in sorted(names):
            path = PurePosixPath(name)
            is_feed = path.suffix == ".xml" or (path.suffix == ".json" and _is_json_feed(path, names))
            if is_feed:
                yield _test_feed(name, files, names)


def _is_json_feed(path: PurePosixPath, names: set[str]) -> bool:
    """Say whether a JSON file is a feed and not what is expected of one."""
    return str(path.with_suffix(".xml")) not in names and not path.stem.endswith("_expected")


def _test_feed(name: str, files: zipfile.ZipFile, names: set[str]) -> TestFeed:
    """Return one feed with what is stated of it."""
    payload = files.read(name)
    path = PurePosixPath(name)
    beside = (str(path.with_suffix(".json")), str(path.with_name(f"{path.stem}_expected.json")))
    expected = next((other for other in beside if other in names and other != name), None)
    if expected:
        statements = tuple(statements_of_json(read_json(files.read(expected).decode("utf-8-sig"))))
        return TestFeed(name, payload, (), statements)
    source = _source(payload)
    return TestFeed(name, payload, headers_of(source), tuple(statements_of_comment(source)))


def _source(payload: bytes) -> str:
    """Return a feedparser file as text, as far as its comment needs it."""
    for mark, encoding in (
        (b"<\x00", "utf-16-le"),
        (b"\x00<", "utf-16-be"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if payload.startswith(mark) and b"\x00\x00" not in payload[:8]:
            return payload.decode(encoding, "replace")
    return payload.replace(b"\x00", b"").decode("utf-8", "replace")


def _capture(feed: TestFeed) -> Capture:
    """Return a file as if it had been fetched."""
    url = f"{_SERVER}/{feed.name}"
    request = Request(CaptureKind.FEED, _outlet(feed).outlet_id, url, feed_id=feed.feed_id)
    response = Response(Outcome.FETCHED, url, 200, feed.headers, feed.payload)
    capture_id = digest(url, _NOW.isoformat(), feed.payload)
    return Capture(capture_id, request, response, _NOW, "conformance.warc.gz", 0)


def _feed(feed: TestFeed) -> Feed:
    """Return the catalogue's row of a test feed."""
    return Feed(feed.feed_id, _outlet(feed).outlet_id, f"{_SERVER}/{feed.name}", None, date(2026, 1, 1), "conformance")


def _outlet(feed: TestFeed) -> Outlet:
    """Return an outlet for each folder, since rows are judged and stopped by outlet."""
    folder = str(PurePosixPath(feed.name).parent).replace("/", "-")
    return Outlet(folder, folder, None, "KZ", ("en",), "online", None, None, None, "UTC", None, ())


def _parse(feed: TestFeed, capture: Capture) -> ParsedFeed:
    """Read one feed; an exception here is what conformance is about, and ends it."""
    return parse_feed(capture, _feed(feed), _outlet(feed), FeedState(feed.feed_id))


def _judge_and_store(
    feeds: list[TestFeed], captures: dict[str, Capture], parsed: dict[str, ParsedFeed]
) -> tuple[pd.DataFrame, Judgement]:
    """Judge all entries in one run, store them in a new warehouse, and return the rows that lie there."""
    entries = frame_of((entry for read in parsed.values() for entry in read.entries), Entry)
    judgement = judge("feed_entries", entries)
    states = [next_feed_state(FeedState(feed.feed_id), captures[feed.name], parsed[feed.name]) for feed in feeds]
    outcomes = {read.capture_id: read.outcome for read in parsed.values()}
    with TemporaryDirectory() as folder:
        connection = open_warehouse(Path(folder) / "conformance.duckdb")
        store_catalogue(connection, {(outlet := _outlet(feed)).outlet_id: outlet for feed in feeds}.values())
        batch = FeedBatch(
            night=_NOW.date(),
            captures=list(captures.values()),
            outcomes=outcomes,
            entries=judgement.accepted,
            states=states,
            rejections=judgement.rejections,
            validations=judgement.validations,
        )
        store_feed_batch(connection, batch)
        rows = table(connection, "raw.feed_entries")
        connection.close()
    return rows.set_index("entry_id"), judgement


def _state_figures(parsed: dict[str, ParsedFeed], rows: pd.DataFrame, judgement: Judgement) -> list[Figure]:
    """Return how the feeds ended."""
    outcomes = Counter(read.outcome for read in parsed.values())
    placed = set(rows.index) | {rejection.row_id for rejection in judgement.rejections}
    ended = sum(_has_ended(read, placed) for read in parsed.values())
    told = ", ".join(f"{name.value} {count}" for name, count in outcomes.most_common())
    refused = Counter(rejection.expectation for rejection in judgement.rejections)
    reasons = ", ".join(f"{name} {count}" for name, count in refused.most_common())
    return [
        Figure("feeds.ended", ended / len(parsed), len(parsed), told),
        Figure("feeds.rows_stored", len(rows), len(rows), f"quarantined: {reasons or 'none'}"),
    ]


def _unicode_figure(feeds: Iterable[TestFeed]) -> Figure:
    """Return the share of files with a stated encoding that are read as those letters, or refused in words."""
    mistaken, count = [], 0
    for feed in feeds:
        stated = encoding_of(_source(feed.payload)) if not feed.payload.isascii() else None
        if stated:
            count += 1
            decoded = decode(feed.payload, dict(feed.headers).get("Content-type"))
            if decoded and decoded.text != feed.payload.decode(stated, "replace").removeprefix("\ufeff"):
                mistaken.append(PurePosixPath(feed.name).name)
    return Figure("feeds.unicode", 1 - len(mistaken) / count, count, f"mistaken: {', '.join(mistaken) or 'none'}")


def _has_ended(read: ParsedFeed, placed: set[str]) -> bool:
    """Say whether a feed ended as rows in warehouse or quarantine, or in a state that says why there are none."""
    return bool(read.entries) == (read.outcome in _READABLE) and all(entry.entry_id in placed for entry in read.entries)


def _verdicts(feed: TestFeed, parsed: ParsedFeed, rows: pd.DataFrame, judgement: Judgement) -> Iterator[Verdict]:
    """Yield what became of each statement about a feed's entries."""
    reasons = {rejection.row_id: rejection.expectation for rejection in judgement.rejections}
    for statement in feed.statements:
        if not parsed.entries:
            yield Verdict(feed.name, statement, "", f"no entry: {parsed.outcome.value}")
            continue
        entry_id = parsed.entries[min(statement.index, len(parsed.entries) - 1)].entry_id  # twins are kept once
        if entry_id not in rows.index:
            yield Verdict(feed.name, statement, "", f"quarantined: {reasons.get(entry_id)}")
            continue
        row = rows.loc[entry_id]
        yield Verdict(
            feed.name, statement, str(row[statement.field]), _disagreement(statement, row, parsed.format or "")
        )


def _disagreement(statement: Statement, row: Any, form: str) -> str:
    """Return in what a row disagrees with a statement; empty when it does not."""
    value, stored = statement.value, row[statement.field]
    if isinstance(value, datetime):
        # dc:date of RSS is its publication to us, an update to others
        fields = (statement.field,) if form.startswith("atom") else ("published_at", "updated_at")
        times = [row[name] for name in fields if pd.notna(row[name])]
        return "" if any(abs((time - value).total_seconds()) < 1 for time in times) else "another time"
    if pd.isna(stored):
        return _why_absent(statement)
    if statement.field in _TEXTS:
        return "" if stored in _readings(value) else f"another {statement.field}"
    return "" if stored == one_line(value) else f"another {statement.field}"


def _readings(value: str) -> set[str | None]:
    """Return the plain texts that an expected title may stand for: as text, as markup, as escaped markup."""
    return {one_line(value), text_of_markup(value), text_of_markup(html.unescape(value))}


def _why_absent(statement: Statement) -> str:
    """Return why a stated value is not stored, empty where nothing was to be stored."""
    value = str(statement.value)
    if statement.field in _TEXTS and None in _readings(value):
        return ""  # markup without words
    if statement.field == "url" and not value.lower().startswith(("http:", "https:")):
        return "not a web address"
    return "absent"


def _agreement_figures(verdicts: Iterable[Verdict]) -> list[Figure]:
    """Return the share of statements that hold, in all and by field."""
    by_field: dict[str, list[bool]] = {}
    for verdict in verdicts:
        by_field.setdefault(verdict.statement.field, []).append(not verdict.reason)
    every = [holds for group in by_field.values() for holds in group]
    figures = [
        Figure(f"feeds.agreement.{name}", sum(group) / len(group), len(group))
        for name, group in sorted(by_field.items())
    ]
    note = f"{every.count(False)} disagreements in {DISAGREEMENTS}"
    return [Figure("feeds.agreement", sum(every) / len(every), len(every), note), *figures]


def _write(verdicts: Iterable[Verdict], path: Path) -> None:
    """Write the statements that do not hold, with the reason."""
    lines = ["feed\tentry\tfield\texpected\tstored\treason"]
    for verdict in verdicts:
        if verdict.reason:
            about = verdict.statement
            cells = (verdict.feed, str(about.index), about.field, str(about.value), verdict.stored, verdict.reason)
            lines.append("\t".join(json.dumps(cell, ensure_ascii=False)[1:-1] for cell in cells))
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
