"""Housekeeping: what goes, what stays, and what is said of it; room on the disk before a run."""

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from flows.context import RunContext, open_run
from flows.disk import require_room
from flows.home import Home, RunFailed
from flows.housekeeping import leftovers
from flows.journal import note_end, note_start, read_journal, shorten
from flows.loading import load_pending
from flows.retention import days_to_remove, read_removals, remove_old_captures
from flows.settings import load_settings
from flows.status import read_status
from sources.captures import CaptureWriter
from transforms.records import CaptureKind, Outcome, Request, Response

TODAY = date(2026, 11, 22)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
ROBOTS = Request(CaptureKind.ROBOTS, "tulpar", "https://tulpar.example/robots.txt")
LOST = Response(Outcome.TIMEOUT, ROBOTS.url, error="no complete answer within 60 seconds")


def days(*ages: int) -> list[date]:
    return [TODAY - timedelta(days=age) for age in ages]


# name: (keep days, keep bytes, ages of the days that go, of days aged 0, 1, 2, 10 and 90 with 100 bytes each)
RETENTION: dict[str, tuple[int | None, int | None, list[tuple[int, str]]]] = {
    "everything is kept by default": (None, None, []),
    "by age": (30, None, [(90, "age")]),
    "a day as old as the limit stays": (10, None, [(90, "age")]),
    "by size, the oldest first": (None, 350, [(90, "size"), (10, "size")]),
    "by size, when all fits exactly": (None, 500, []),
    "by age first, then by size": (60, 300, [(90, "age"), (10, "size")]),
    "never what a run may still read": (2, 0, [(90, "age"), (10, "age"), (2, "size")]),
}


@pytest.mark.parametrize("situation", RETENTION)
def test_which_days_go(situation: str) -> None:
    keep_days, keep_bytes, gone = RETENTION[situation]
    sizes = dict.fromkeys(days(90, 10, 2, 1, 0), 100)
    expected = [(TODAY - timedelta(days=age), reason) for age, reason in gone]
    assert days_to_remove(sizes, TODAY, keep_days, keep_bytes) == expected


@pytest.fixture
def context(home: Path) -> Iterator[RunContext]:
    """A run at noon that keeps ten days, with captures on each of four days, all loaded."""
    (home / "monitor.toml").write_text('catalogue = "outlets.toml"\n[housekeeping]\nkeep_captures_days = 10\n')
    with open_run("nightly", load_settings(home, {}), NOON) as run:
        for day in days(40, 30, 20, 5):
            capture(run, day, "group-01")
        load_pending(run)
        yield run


def capture(run: RunContext, day: date, name: str, request: Request = ROBOTS) -> None:
    """Write an answer and a failure on a day."""
    moment = datetime(day.year, day.month, day.day, 21, tzinfo=UTC)
    with CaptureWriter(run.home.captures, name, lambda: moment) as writer:
        writer.write(request, Response(Outcome.FETCHED, request.url, 200, (), f"{day}".encode()), moment)
        writer.write(request, LOST, moment + timedelta(seconds=1))


def test_old_days_go_and_are_told_in_table_ledger_and_summary(context: RunContext) -> None:
    capture(context, days(40)[0], "group-02")  # not loaded
    size = sum(path.stat().st_size for day in days(30, 20) for path in (context.home.captures / f"{day}").iterdir())
    remove_old_captures(context)
    assert sorted(path.name for path in context.home.captures.iterdir()) == [f"{day}" for day in days(40, 5)]
    rows = context.warehouse.execute(
        "SELECT day, reason, file_count, answer_count, removed_at FROM ops.retention ORDER BY day"
    ).fetchall()
    assert rows == [(day, "age", 1, 1, NOON) for day in days(30, 20)]
    assert [removal.day for removal in read_removals(context.home.removals)] == days(30, 20)
    assert (context.counts["capture_days_removed"], context.counts["capture_bytes_removed"]) == (2, size)
    assert context.counts["answers_beyond_rebuild"] == 2


def test_a_removal_that_was_interrupted_is_finished_and_told_once(context: RunContext, tmp_path: Path) -> None:
    shutil.copytree(context.home.captures, tmp_path / "as before")
    remove_old_captures(context)
    told = context.warehouse.execute("FROM ops.retention ORDER BY day").fetchall()
    shutil.copytree(tmp_path / "as before", context.home.captures, dirs_exist_ok=True)
    remove_old_captures(context)
    assert [path.name for path in context.home.captures.iterdir()] == [f"{day}" for day in days(5)]
    assert context.warehouse.execute("FROM ops.retention ORDER BY day").fetchall() == told


def test_a_torn_tail_is_told_in_summary_and_journal(home: Path) -> None:
    settings = load_settings(home, {})
    with open_run("nightly", settings, NOON) as run:
        capture(run, TODAY, "group-01")
        path = run.home.captures / f"{TODAY}" / "group-01.warc.gz"
        path.write_bytes(path.read_bytes() + b"\x1f\x8b\x08torn")
        load_pending(run)
    (record,) = read_journal(Home(home).journal)
    assert (record.summary["torn_files_mended"], record.summary["torn_bytes_cut"]) == (1, 7)


# --- the journal ---


def runs(journal: Path, flow: str, count: int) -> None:
    for number in range(count):
        note_end(journal, note_start(journal, flow, f"{number}"), "done", {"words": "x" * 200})


def test_a_shortened_journal_leaves_the_status_as_it_was(home: Path) -> None:
    settings, journal = load_settings(home, {}), Home(home).journal
    runs(journal, "weekly", 2)
    runs(journal, "nightly", 3)
    runs(journal, "poll", 30)
    before = read_status(settings, datetime.now(UTC))
    assert shorten(journal, datetime(2020, 1, 1, tzinfo=UTC), max_bytes=4_000) == 35 - len(read_journal(journal))
    assert journal.stat().st_size < 5_000
    assert read_status(settings, datetime.now(UTC)) == before
    shorten(journal, datetime.now(UTC), max_bytes=10**9)
    assert [run.flow for run in read_journal(journal)] == ["weekly", "nightly", "poll"]
    assert read_status(settings, datetime.now(UTC)) == before


def test_a_run_that_is_still_going_on_stays_in_the_journal(tmp_path: Path) -> None:
    journal = tmp_path / "runs.jsonl"
    runs(journal, "nightly", 3)
    record = note_start(journal, "nightly", "now")
    shorten(journal, datetime.now(UTC), max_bytes=0)
    assert [(run.run_id, run.state) for run in read_journal(journal)] == [(record.run_id, "running")]


# --- what killed runs leave behind ---


def test_leftovers_are_what_died_long_ago(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.make()
    dead = [
        home.published.with_name(".monitor.duckdb.part"),
        home.warehouse.with_name(".monitor.duckdb.rebuilding"),
        home.exports / ".2026-W47.old",
        home.exports / ".2026-W46.4711",
    ]
    alive = [home.published, home.warehouse, home.exports / "2026-W47", home.exports / ".2026-W45.4712"]
    for path in dead + alive:
        path.mkdir() if path.parent == home.exports else path.touch()
    for path in (*dead, *alive[:3]):
        os.utime(path, (0, 0))
    assert sorted(leftovers(home, datetime.now(UTC) - timedelta(days=1))) == sorted(dead)


# --- room on the disk ---


def test_a_run_does_not_begin_without_room(home: Path) -> None:
    settings = load_settings(home, {"MONITOR_HOUSEKEEPING__MIN_FREE_BYTES": str(10**18)})
    with (
        pytest.raises(RunFailed, match=r"nothing was written.*keep_captures_days.*min_free_bytes"),
        open_run("nightly", settings, NOON, needs_room=True),
    ):
        pass
    assert not Home(home).warehouse.exists()
    assert [run.state for run in read_journal(Home(home).journal)] == ["failed"]


def test_room_for_a_copy_of_the_warehouse_is_asked_for(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.make()
    with home.warehouse.open("wb") as file:
        file.truncate(10**13)  # a hole: it takes no room itself
    with pytest.raises(RunFailed, match=r"10,000\.0 GB needed"):
        require_room(home, 0)
    require_room(home, 0, copies=0)


def test_a_warehouse_that_is_gone_is_not_begun_anew(context: RunContext, new_home: Callable[[], Path]) -> None:
    other = new_home()
    shutil.copytree(context.home.ledger.parent, other / "ledger")
    with pytest.raises(RunFailed, match="monitor rebuild"), open_run("nightly", load_settings(other, {}), NOON):
        pass
