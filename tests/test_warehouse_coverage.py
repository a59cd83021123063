"""What a poll missed: overlap, frozen and silent feeds, and the estimate of what lay in a gap."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from transforms.frames import frame_of
from transforms.records import Capture, CaptureKind, Entry, Feed, Outcome, Outlet, Request, Response, digest
from warehouse import read, store
from warehouse.batches import FeedBatch
from warehouse.open import open_warehouse

START = datetime(2025, 9, 1, 21, 0, tzinfo=UTC)
NIGHT = date(2025, 9, 2)
FEED = Feed("tulpar/ru", "tulpar", "https://tulpar.example/rss", "ru", date(2025, 9, 1), "composed")
OUTLET = Outlet("tulpar", "T", None, "KG", ("ru",), "online", None, None, None, "Asia/Bishkek", None, (FEED,))


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = open_warehouse(tmp_path / "monitor.duckdb")
    store.store_catalogue(connection, [OUTLET])
    yield connection
    connection.close()


def poll(
    connection: duckdb.DuckDBPyConnection,
    hour: float,
    items: range = range(0),
    outcome: Outcome = Outcome.FETCHED,
    pace: float | None = None,
    error: str | None = None,
) -> None:
    """Store one poll that showed these items."""
    at = START + timedelta(hours=hour)
    request = Request(CaptureKind.FEED, "tulpar", FEED.url, FEED.feed_id)
    response = Response(Outcome.FETCHED, FEED.url, 200, (), str(hour).encode())
    capture = Capture(digest(str(hour)), request, response, at, "a.warc.gz", int(hour))
    entries = [_entry(number, capture) for number in items]
    batch = FeedBatch(
        NIGHT,
        [capture],
        outcomes={capture.capture_id: outcome},
        errors={capture.capture_id: error} if error else {},
        paces={capture.capture_id: pace} if pace else {},
        entries=frame_of(entries, Entry),
    )
    store.store_feed_batch(connection, batch)


def _entry(number: int, capture: Capture) -> Entry:
    url = f"https://tulpar.example/{number}"
    fields = dict.fromkeys(Entry.__dataclass_fields__)
    known = {"entry_id": digest(url), "feed_id": FEED.feed_id, "outlet_id": "tulpar", "capture_id": capture.capture_id}
    return Entry(**{**fields, **known, "article_id": digest(url), "url": url, "seen_at": capture.fetched_at})


def last(connection: duckdb.DuckDBPyConnection) -> tuple[object, ...] | None:
    query = "SELECT is_overlapping, entries_lost_estimate FROM ops.coverage ORDER BY polled_at DESC LIMIT 1"
    return connection.execute(query).fetchone()


SITUATIONS = [
    ("an item is known: nothing is lost", 10, range(9, 19), Outcome.FETCHED, 2.0, (True, 0)),
    ("a gap at two items an hour, less ten seen", 10, range(20, 30), Outcome.FETCHED, 2.0, (False, 10)),
    ("the gap was just filled by what was seen", 5, range(20, 30), Outcome.FETCHED, 2.0, (False, 0)),
    ("a pace that says less than was seen", 10, range(20, 30), Outcome.FETCHED, 0.5, (False, 0)),
    ("a pace that nobody knows", 10, range(20, 30), Outcome.FETCHED, None, (False, None)),
    ("a month without answers", 720, range(20, 30), Outcome.FETCHED, 200.0, (False, 5000)),
    ("not modified", 10, range(0), Outcome.NOT_MODIFIED, None, (True, 0)),
    ("frozen, and not read again", 10, range(0), Outcome.FROZEN, None, (True, 0)),
    ("frozen, and read", 10, range(5, 15), Outcome.FROZEN, 2.0, (True, 0)),
    ("silent: nothing can be said", 10, range(0), Outcome.SILENT, None, (None, None)),
]


@pytest.mark.parametrize(
    ("hours", "items", "outcome", "pace", "expected"), [case[1:] for case in SITUATIONS], ids=[c[0] for c in SITUATIONS]
)
def test_what_a_second_poll_missed(warehouse: duckdb.DuckDBPyConnection, hours, items, outcome, pace, expected) -> None:
    poll(warehouse, 0, range(10))
    poll(warehouse, hours, items, outcome, pace)
    assert last(warehouse) == expected


def test_the_first_poll_misses_nothing_that_can_be_known(warehouse: duckdb.DuckDBPyConnection) -> None:
    poll(warehouse, 0, range(10), pace=2.0)
    assert last(warehouse) == (None, None)


def test_the_pace_of_the_week_before_goes_before_the_dates_of_the_items(warehouse: duckdb.DuckDBPyConnection) -> None:
    for day in range(4):
        poll(warehouse, 24 * day, range(24 * day, 24 * day + 30))
    assert last(warehouse) == (True, 0)
    poll(warehouse, 72 + 48, range(500, 530), pace=100.0)
    assert last(warehouse) == (False, 48 - 30)


def test_a_night_shows_what_was_lost_and_who_is_silent(warehouse: duckdb.DuckDBPyConnection) -> None:
    poll(warehouse, 0, range(10))
    poll(warehouse, 10, range(20, 30), pace=2.0)
    (row,) = read.coverage(warehouse).to_dict("records")
    assert (row["gap_count"], row["lost_item_estimate"], row["is_silent"], row["is_frozen"]) == (1, 10, False, False)
    poll(warehouse, 11, outcome=Outcome.SILENT)
    (row,) = read.coverage(warehouse).to_dict("records")
    assert (row["answered_count"], row["is_silent"], row["is_frozen"]) == (3, True, False)
    poll(warehouse, 12, outcome=Outcome.FROZEN)
    (row,) = read.coverage(warehouse).to_dict("records")
    assert (row["is_silent"], row["is_frozen"]) == (False, True)


def test_what_was_found_elsewhere_is_not_lost(warehouse: duckdb.DuckDBPyConnection) -> None:
    poll(warehouse, 0, range(10))
    poll(warehouse, 10, range(20, 30), pace=2.0)
    for filled, is_filled, lost in [(4, False, 6), (40, False, 0), (4, True, 0)]:
        warehouse.execute(
            "UPDATE ops.coverage SET entries_filled = ?, is_filled = ? WHERE NOT is_overlapping", [filled, is_filled]
        )
        assert [row["lost_item_estimate"] for row in read.coverage(warehouse).to_dict("records")] == [lost]


def test_what_reading_said_of_the_bytes_is_kept(warehouse: duckdb.DuckDBPyConnection) -> None:
    poll(warehouse, 0, outcome=Outcome.NOT_A_FEED, error="an HTML page")
    assert warehouse.execute("SELECT outcome, error FROM raw.fetches").fetchall() == [("not_a_feed", "an HTML page")]
