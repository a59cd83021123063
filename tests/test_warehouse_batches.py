"""Feeds and pages come in: what is stored, what is asked for next, and that nothing happens twice."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from transforms.frames import frame_of
from transforms.records import (
    Article,
    Capture,
    CaptureKind,
    CodedArticle,
    DateBasis,
    Entry,
    Event,
    Feed,
    FeedState,
    Outcome,
    Outlet,
    Rejection,
    Request,
    Response,
    Validation,
    digest,
)
from warehouse import read, store
from warehouse.batches import ArticleBatch, FeedBatch, PageState
from warehouse.keys import KEYS
from warehouse.open import NewerWarehouseError, open_warehouse, read_only

NIGHT = date(2025, 9, 22)
START = datetime(2025, 9, 21, 21, 0, tzinfo=UTC)
FEED = Feed("tulpar-ru", "tulpar", "https://tulpar.example/rss", "ru", date(2025, 9, 1), "seen")
OUTLET = Outlet(
    "tulpar", "Tulpar", "Тулпар", "KG", ("ru", "ky"), "news_agency", None, None, None, "Asia/Bishkek", None, (FEED,)
)


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = open_warehouse(tmp_path / "monitor.duckdb")
    store.store_catalogue(connection, [OUTLET])
    yield connection
    connection.close()


def capture(minute: int, *, kind: CaptureKind = CaptureKind.FEED, outcome: Outcome = Outcome.FETCHED) -> Capture:
    feed_id = FEED.feed_id if kind == CaptureKind.FEED else None
    at = START + timedelta(minutes=minute)
    url = FEED.url if feed_id else f"https://tulpar.example/{minute}"
    status = {Outcome.FETCHED: 200, Outcome.NOT_MODIFIED: 304}.get(outcome)
    response = Response(outcome, url, status, (("Content-Type", "text/xml"),), b"<rss/>" if status == 200 else b"")
    request = Request(kind, "tulpar", url, feed_id, etag='"x"')
    return Capture(digest(url, at.isoformat(), response.payload), request, response, at, "2025-09.warc.gz", minute)


def entry(item: int, source: Capture, version: int = 0) -> Entry:
    url = f"https://tulpar.example/{item}"
    return Entry(
        digest(str(item), str(version)), FEED.feed_id, "tulpar", source.capture_id, digest(url), str(item), url, url,
        f"Новость {item}", None, None, None, source.fetched_at, None, source.fetched_at,
    )  # fmt: skip


def feed_batch(poll: Capture, items: list[Entry], **more: object) -> FeedBatch:
    state = FeedState(FEED.feed_id, last_attempt_at=poll.fetched_at, last_outcome=poll.response.outcome)
    batch = FeedBatch(NIGHT, [poll], entries=frame_of(items, Entry), states=[state], progress={poll.warc_file: 10})
    return replace(batch, **more)


def article(item: int, source: Capture, text: str) -> Article:
    url = f"https://tulpar.example/{item}"
    text_digest = digest(text)
    return Article(
        digest(url), digest(url, text_digest), "tulpar", source.capture_id, url, url, f"Новость {item}", text, None,
        DateBasis.NONE, None, None, "ru", text_digest, len(text), source.fetched_at,
    )  # fmt: skip


def report(one: Article, ordinal: int = 0) -> dict[str, object]:
    return {
        "report_id": digest(one.article_id, "agreement", str(ordinal)),
        "article_id": one.article_id,
        "revision_id": one.revision_id,
        "capture_id": one.capture_id,
        "outlet_id": one.outlet_id,
        "ordinal": ordinal,
        "published_at": one.captured_at,
        "type": "agreement",
        "status": "concluded",
        "outcome": "auto",
        "confidence": 0.9,
        "event_json": "{}",
    }


def article_batch(source: Capture, articles: list[Article], reports: list[dict[str, object]]) -> ArticleBatch:
    return ArticleBatch(
        NIGHT,
        [source],
        articles=frame_of(articles, Article),
        coded=[CodedArticle(one.article_id, "ru", "cooperation", 0.8) for one in articles],
        reports=pd.DataFrame(reports, columns=list(report(articles[0]))) if articles else None,
        pages=[PageState(one.article_id, one.url, one.captured_at, Outcome.FETCHED, 0, None) for one in articles],
        progress={source.warc_file: 20},
    )


def contents(connection: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[object, ...]]]:
    """Return all rows of all tables but the migrations, in an order of their own."""
    names = [name for name in KEYS if name != "ops.migrations"]
    return {name: connection.execute(f"SELECT * FROM {name} ORDER BY ALL").fetchall() for name in names}


def count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    (number,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone() or (0,)
    return int(number)


def test_what_is_read_back_is_what_was_stored(warehouse: duckdb.DuckDBPyConnection) -> None:
    state = FeedState(FEED.feed_id, '"etag"', None, "d", START, START, Outcome.FROZEN, 1.5, START, START, 2)
    store.store_feed_batch(warehouse, FeedBatch(NIGHT, states=[state]))
    assert read.feed_states(warehouse) == {FEED.feed_id: state}
    poll = capture(1)
    item = entry(7, poll)
    store.store_feed_batch(warehouse, feed_batch(poll, [item]))
    (wanted,) = read.pages_wanted(warehouse, START + timedelta(hours=1))
    assert wanted.entry == item
    assert (wanted.outlet_id, wanted.url, wanted.attempts) == ("tulpar", "https://tulpar.example/7", 0)
    assert read.loaded_bytes(warehouse) == {"2025-09.warc.gz": 10}


def test_an_older_state_never_overrules_a_newer_one(warehouse: duckdb.DuckDBPyConnection) -> None:
    newer = FeedState(FEED.feed_id, last_attempt_at=START + timedelta(hours=1), etag="new")
    store.store_feed_batch(warehouse, FeedBatch(NIGHT, states=[newer], progress={"a": 50}))
    older = FeedState(FEED.feed_id, last_attempt_at=START, etag="old")
    store.store_feed_batch(warehouse, FeedBatch(NIGHT, states=[older], progress={"a": 40}))
    assert read.feed_states(warehouse)[FEED.feed_id].etag == "new"
    assert read.loaded_bytes(warehouse) == {"a": 50}


def test_of_two_states_in_one_load_the_newer_counts(warehouse: duckdb.DuckDBPyConnection) -> None:
    states = [PageState("a", "u", START + timedelta(hours=hour), Outcome.TIMEOUT, hour, None) for hour in (1, 3, 2)]
    store.store_article_batch(warehouse, ArticleBatch(NIGHT, pages=states))
    assert read.page_states(warehouse)["a"].attempts == 3


def test_what_people_see_of_a_night(warehouse: duckdb.DuckDBPyConnection) -> None:
    one, two = capture(1), capture(61, outcome=Outcome.TIMEOUT)
    store.store_feed_batch(warehouse, feed_batch(one, [entry(1, one)]))
    store.store_feed_batch(warehouse, feed_batch(two, []))
    (row,) = read.coverage(warehouse).to_dict("records")
    assert (row["night"], row["poll_count"], row["answered_count"], row["last_outcome"]) == (NIGHT, 2, 1, "timeout")
    assert (row["country"], row["new_item_count"], row["gap_count"]) == ("KG", 1, 0)
    (last,) = read.feeds_of_night(warehouse, NIGHT)
    assert last == {
        "outlet_id": "tulpar",
        "feed_id": "tulpar-ru",
        "outcome": "timeout",
        "entries_seen": None,
        "entries_new": None,
        "is_overlapping": None,
    }


def test_the_newest_answer_for_robots_is_found_again(warehouse: duckdb.DuckDBPyConnection) -> None:
    files = [replace(capture(minute, kind=CaptureKind.ROBOTS), warc_offset_bytes=minute) for minute in (1, 2, 90)]
    same = [replace(one, request=replace(one.request, url="https://tulpar.example/robots.txt")) for one in files[:2]]
    store.store_feed_batch(warehouse, FeedBatch(NIGHT, [*same, files[2]]))
    assert read.robots_captured(warehouse, START) == [("2025-09.warc.gz", 2), ("2025-09.warc.gz", 90)]
    assert read.robots_captured(warehouse, START + timedelta(hours=1)) == [("2025-09.warc.gz", 90)]


def test_a_failed_attempt_is_a_fetch_without_a_capture(warehouse: duckdb.DuckDBPyConnection) -> None:
    poll = capture(1, outcome=Outcome.TIMEOUT)
    store.store_feed_batch(warehouse, feed_batch(poll, []))
    assert (count(warehouse, "raw.fetches"), count(warehouse, "raw.captures")) == (1, 0)
    rows = warehouse.execute("SELECT host, last_outcome, last_answer_at FROM ops.host_state").fetchall()
    assert rows == [("tulpar.example", "timeout", None)]


def test_what_reading_found_out_goes_before_what_the_transport_said(warehouse: duckdb.DuckDBPyConnection) -> None:
    poll = capture(1)
    store.store_feed_batch(warehouse, feed_batch(poll, [], outcomes={poll.capture_id: Outcome.NOT_A_FEED}))
    assert warehouse.execute("SELECT outcome FROM raw.fetches").fetchall() == [("not_a_feed",)]
    assert count(warehouse, "ops.coverage") == 0


COVERAGE = [
    ("items known and new", [1, 2], [2, 3], Outcome.FETCHED, (2, 1, True)),
    ("nothing known: items were missed", [1, 2], [8, 9], Outcome.FETCHED, (2, 2, False)),
    ("not modified: nothing can be missed", [1, 2], [], Outcome.NOT_MODIFIED, (0, 0, True)),
    ("empty before, and items now: nothing to meet", [], [1], Outcome.FETCHED, (1, 1, None)),
    ("no items: cannot be said", [1, 2], [], Outcome.FETCHED, (0, 0, None)),
]


@pytest.mark.parametrize(
    ("first", "second", "outcome", "expected"), [case[1:] for case in COVERAGE], ids=[case[0] for case in COVERAGE]
)
def test_coverage(warehouse: duckdb.DuckDBPyConnection, first, second, outcome, expected) -> None:
    one, two = capture(1), capture(61, outcome=outcome)
    store.store_feed_batch(warehouse, feed_batch(one, [entry(item, one) for item in first]))
    store.store_feed_batch(warehouse, feed_batch(two, [entry(item, two) for item in second]))
    rows = warehouse.execute(
        "SELECT previous_polled_at, entries_seen, entries_new, is_overlapping FROM ops.coverage ORDER BY polled_at"
    ).fetchall()
    assert rows[0] == (None, len(first), len(first), None)
    assert rows[1] == (one.fetched_at, *expected)


def test_two_polls_in_one_load_are_judged_in_order_of_time(warehouse: duckdb.DuckDBPyConnection) -> None:
    one, two = capture(1), capture(61)
    batch = feed_batch(two, [entry(3, two), entry(2, two), entry(2, one), entry(1, one)], captures=[two, one])
    store.store_feed_batch(warehouse, batch)
    rows = warehouse.execute("SELECT entries_new, is_overlapping FROM ops.coverage ORDER BY polled_at").fetchall()
    assert rows == [(2, None), (1, True)]
    seen = warehouse.execute("SELECT min(seen_at) FROM raw.feed_entries WHERE guid = '2'").fetchall()
    assert seen == [(one.fetched_at,)]


PAGES = [
    ("never asked for", None, 0, True),
    ("read, and the feed shows nothing newer", (Outcome.FETCHED, None), 0, False),
    ("read, but the feed shows a newer version", (Outcome.FETCHED, None), 30, True),
    ("failed, and due again", (Outcome.TIMEOUT, 20), 0, True),
    ("failed, not due yet", (Outcome.TIMEOUT, 900), 0, False),
]


@pytest.mark.parametrize(("page", "again", "is_wanted"), [c[1:] for c in PAGES], ids=[c[0] for c in PAGES])
def test_pages_wanted(warehouse: duckdb.DuckDBPyConnection, page, again, is_wanted) -> None:
    poll = capture(0)
    store.store_feed_batch(warehouse, feed_batch(poll, [entry(7, poll)]))
    if page:
        outcome, due = page
        next_due_at = START + timedelta(minutes=due) if due else None
        state = PageState(
            digest("https://tulpar.example/7"), "u", START + timedelta(minutes=5), outcome, 1, next_due_at
        )
        store.store_article_batch(warehouse, ArticleBatch(NIGHT, pages=[state]))
        assert read.page_states(warehouse) == {state.article_id: state}
    if again:
        later = capture(again)
        store.store_feed_batch(warehouse, feed_batch(later, [entry(7, later, version=1)]))
    wanted = read.pages_wanted(warehouse, START + timedelta(hours=1))
    in_vain = 1 if page and page[0] is not Outcome.FETCHED else 0
    assert [one.attempts for one in wanted] == ([in_vain] if is_wanted else [])


def test_of_too_many_pages_the_newest_are_taken(warehouse: duckdb.DuckDBPyConnection) -> None:
    for minute in range(3):
        poll = capture(minute)
        store.store_feed_batch(warehouse, feed_batch(poll, [entry(minute, poll)]))
    assert [page.entry.guid for page in read.pages_wanted(warehouse, START, limit=2)] == ["1", "2"]


def test_revisions_are_numbered_and_a_text_that_returns_is_the_latest_again(warehouse) -> None:
    for minute, text in [(10, "А"), (20, "Б"), (30, "А")]:
        page = capture(minute, kind=CaptureKind.PAGE)
        store.store_article_batch(warehouse, article_batch(page, [article(1, page, text)], []))
    rows = warehouse.execute("SELECT text, ordinal FROM core.article_revisions ORDER BY ordinal").fetchall()
    assert rows == [("А", 1), ("Б", 2)]
    (latest,) = read.latest_revisions(warehouse).to_dict("records")
    assert (latest["text"], latest["outlet_country"], latest["time_zone"]) == ("А", "KG", "Asia/Bishkek")
    assert warehouse.execute("SELECT revision_count, relevance FROM core.articles").fetchall() == [(2, "cooperation")]


def test_an_article_is_first_seen_when_its_feed_showed_it(warehouse: duckdb.DuckDBPyConnection) -> None:
    poll, page = capture(1), capture(40, kind=CaptureKind.PAGE)
    store.store_feed_batch(warehouse, feed_batch(poll, [entry(1, poll)]))
    store.store_article_batch(warehouse, article_batch(page, [article(1, page, "А")], []))
    assert warehouse.execute("SELECT first_seen_at FROM core.articles").fetchall() == [(poll.fetched_at,)]


def test_a_report_that_an_article_no_longer_makes_goes_away(warehouse: duckdb.DuckDBPyConnection) -> None:
    page = capture(10, kind=CaptureKind.PAGE)
    one, other = article(1, page, "А"), article(2, page, "Б")
    store.store_article_batch(
        warehouse, article_batch(page, [one, other], [report(one), report(one, 1), report(other)])
    )
    again = capture(20, kind=CaptureKind.PAGE)
    changed = article(1, again, "В")
    store.store_article_batch(warehouse, article_batch(again, [changed], [report(changed)]))
    reports = read.event_reports(warehouse, lambda _: make_event())
    assert {(made.article_id, made.revision_id, made.owner) for made in reports} == {
        (changed.article_id, changed.revision_id, "tulpar"),
        (other.article_id, other.revision_id, "tulpar"),
    }


def make_event() -> Event:
    return Event("e", "agreement", "concluded", "label", (), ("KG", "KZ"), (), 0.9)


def test_judgements_are_kept_with_the_raw_value(warehouse: duckdb.DuckDBPyConnection) -> None:
    validation = Validation("feed_entries", "all", "title_present", "title", "critical", False, 3, 1, "why")
    rejection = Rejection("feed_entries", "e1", "tulpar", "c1", "title_present", "title", None, '{"title": null}')
    poll = capture(1)
    store.store_feed_batch(warehouse, feed_batch(poll, [], validations=[validation], rejections=[rejection]))
    assert read.validations(warehouse, NIGHT) == [validation]
    assert read.rejections(warehouse, NIGHT) == [rejection]
    assert read.rejections(warehouse, NIGHT + timedelta(days=1)) == []


def test_a_run_is_recorded_from_start_to_end(warehouse: duckdb.DuckDBPyConnection) -> None:
    store.start_run(warehouse, "r1", "nightly", str(NIGHT), START)
    store.end_run(warehouse, "r1", START + timedelta(minutes=9), "completed", {"entries": 3})
    (row,) = read.table(warehouse, "ops.runs").to_dict("records")
    assert (row["state"], row["summary_json"]) == ("completed", '{"entries": 3}')


def test_a_run_that_never_ended_was_killed_when_the_next_begins(warehouse: duckdb.DuckDBPyConnection) -> None:
    for name in ("r1", "r2"):
        store.start_run(warehouse, name, "nightly", str(NIGHT), START)
    assert read.table(warehouse, "ops.runs")["state"].tolist() == ["killed", "running"]


def test_a_batch_that_fails_leaves_nothing(warehouse: duckdb.DuckDBPyConnection) -> None:
    poll = capture(1)
    batch = feed_batch(poll, [entry(1, poll)])
    assert batch.entries is not None
    with pytest.raises(ValueError, match=r"raw\.feed_entries has no column surprise"):
        store.store_feed_batch(warehouse, replace(batch, entries=batch.entries.assign(surprise=1)))
    assert (count(warehouse, "raw.fetches"), count(warehouse, "ops.feed_state")) == (0, 0)


polls = st.lists(
    st.tuples(
        st.sampled_from([Outcome.FETCHED, Outcome.NOT_MODIFIED, Outcome.TIMEOUT]),
        st.lists(st.tuples(st.integers(1, 5), st.integers(0, 1)), max_size=4),
    ),
    min_size=1,
    max_size=3,
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(polls=polls, texts=st.lists(st.tuples(st.integers(1, 3), st.sampled_from("АБ")), min_size=1, max_size=4))
def test_loading_twice_changes_nothing(tmp_path_factory, polls, texts) -> None:
    connection = open_warehouse(tmp_path_factory.mktemp("w") / "w.duckdb")
    store.store_catalogue(connection, [OUTLET])
    batches = []
    for minute, (outcome, items) in enumerate(polls):
        poll = capture(minute, outcome=outcome)
        batches.append(feed_batch(poll, [entry(item, poll, version) for item, version in items]))
    page = capture(99, kind=CaptureKind.PAGE)
    articles = list({one.article_id: one for one in (article(item, page, text) for item, text in texts)}.values())
    coded = article_batch(page, articles, [report(one) for one in articles])
    load(connection, batches, coded)
    once = contents(connection)
    load(connection, batches, coded)
    assert contents(connection) == once
    connection.close()


def load(connection: duckdb.DuckDBPyConnection, batches: list[FeedBatch], coded: ArticleBatch) -> None:
    for batch in batches:
        store.store_feed_batch(connection, batch)
    store.store_article_batch(connection, coded)


def test_opening_again_keeps_the_rows_and_applies_no_migration_twice(tmp_path: Path) -> None:
    path = tmp_path / "home" / "monitor.duckdb"
    with open_warehouse(path) as connection:
        store.store_catalogue(connection, [OUTLET])
        applied = connection.execute("FROM ops.migrations ORDER BY number").fetchall()
    with open_warehouse(path) as connection:
        assert connection.execute("FROM ops.migrations ORDER BY number").fetchall() == applied
        assert count(connection, "core.feeds") == 1


def test_a_file_of_newer_code_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "monitor.duckdb"
    with open_warehouse(path) as connection:
        connection.execute("INSERT INTO ops.migrations VALUES (999, '999_future', now())")
    with pytest.raises(NewerWarehouseError, match=r"migration 999.*newer version"):
        open_warehouse(path)
    with read_only(path) as connection:
        assert count(connection, "ops.migrations") > 1


def test_a_guarded_reader_reaches_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "monitor.duckdb"
    open_warehouse(path).close()
    with read_only(path, is_guarded=True) as connection:
        for attempt in ["SELECT * FROM read_text('/etc/hostname')", "SET enable_external_access = true"]:
            with pytest.raises(duckdb.Error):
                connection.execute(attempt)
