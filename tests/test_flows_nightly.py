"""The nightly flow as a user runs it: real processes, Prefect server and DuckDB files, on the composed region."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from warehouse.open import read_only

Monitor = Callable[..., subprocess.CompletedProcess[str]]

pytestmark = pytest.mark.usefixtures("prefect_server")

FIRST, SECOND = "2025-09-18T02:00", "2025-09-19T02:00"
# What says when something ran, and not what is known.
OF_THE_RUN = {"ops.runs", "ops.migrations"}


def tables_of(home: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return every table of the working file, apart from those of the run, in a fixed order."""
    with read_only(home / "warehouse" / "monitor.duckdb") as connection:
        names = connection.execute(
            "SELECT schema_name || '.' || table_name FROM duckdb_tables() ORDER BY ALL"
        ).fetchall()
        return {
            name: connection.execute(f"FROM {name} ORDER BY ALL").fetchall()
            for (name,) in names
            if name not in OF_THE_RUN
        }


def captures_of(home: Path) -> dict[str, bytes]:
    """Return the bytes of every capture file."""
    folder = home / "captures"
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*.warc.gz"))}


@pytest.fixture(scope="module")
def first_night(recording: Path, new_home: Callable[[], Path], monitor: Monitor) -> Path:
    """A home folder after an undisturbed night."""
    home = new_home()
    monitor("nightly", "--home", home, "--recording", recording, "--at", FIRST)
    return home


@pytest.fixture(scope="module")
def two_nights(first_night: Path, recording: Path, new_home: Callable[[], Path], monitor: Monitor) -> Path:
    """A home folder after two undisturbed nights."""
    home = new_home()
    shutil.copytree(first_night, home, dirs_exist_ok=True)
    monitor("nightly", "--home", home, "--recording", recording, "--at", SECOND)
    return home


def test_data_walk_through_the_whole_house(two_nights: Path) -> None:
    tables = tables_of(two_nights)
    for name in ("raw.captures", "raw.feed_entries", "core.article_revisions", "core.events", "core.event_evidence"):
        assert tables[name], f"{name} is empty"
    assert (two_nights / "published" / "monitor.duckdb").exists()
    assert (two_nights / "quality" / "2025-09-19.html").exists()
    with read_only(two_nights / "published" / "monitor.duckdb") as connection:
        (whole,) = connection.execute("SELECT count(*) FROM mart.who_with_whom('KZ', 'KG')").fetchone() or (0,)
        assert whole > 0


def test_a_second_run_of_the_same_night_changes_nothing(two_nights: Path, recording: Path, monitor: Monitor) -> None:
    before, captured = tables_of(two_nights), captures_of(two_nights)
    monitor("nightly", "--home", two_nights, "--recording", recording, "--at", SECOND)
    assert captures_of(two_nights) == captured
    assert tables_of(two_nights) == before


@pytest.mark.parametrize("share", [0.1, 0.5, 0.97])
def test_a_run_that_was_killed_ends_with_the_same_tables_when_it_is_run_again(
    share: float, first_night: Path, recording: Path, home: Path, monitor: Monitor
) -> None:
    """The kill comes when that share of the night's captures is on the disk, wherever the run is by then."""
    words = ("nightly", "--home", home, "--recording", recording, "--at", FIRST)
    night = sum(len(data) for data in captures_of(first_night).values())
    command = [sys.executable, "-m", "flows.cli", *map(str, words)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:
        while sum(len(data) for data in captures_of(home).values()) < share * night:
            assert run.poll() is None, "the run ended before it could be killed"
            time.sleep(0.005)
        os.kill(run.pid, signal.SIGKILL)
    monitor(*words)
    assert tables_of(home) == tables_of(first_night)


def test_a_run_beside_another_gives_up_with_words(recording: Path, home: Path, monitor: Monitor) -> None:
    from flows.home import Home, hold_lock

    with hold_lock(Home(home).writer_lock, "monitor nightly"):
        os.environ["MONITOR_RUN__LOCK_WAIT_SECONDS"] = "0"
        try:
            done = monitor("nightly", "--home", home, "--recording", recording, "--at", FIRST, code=75)
        finally:
            del os.environ["MONITOR_RUN__LOCK_WAIT_SECONDS"]
    assert "is held by “monitor nightly”" in " ".join(done.stderr.split())


def test_a_wrong_catalogue_stops_the_run_before_it_starts(recording: Path, home: Path, monitor: Monitor) -> None:
    catalogue = home / "outlets.toml"
    catalogue.write_text(catalogue.read_text(encoding="utf-8").replace('time_zone = "', 'timezone = "', 1), "utf-8")
    done = monitor("nightly", "--home", home, "--recording", recording, "--at", FIRST, code=2)
    assert "outlets.toml:" in done.stderr
    assert "timezone" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_night_on_an_absent_home_makes_it_and_fails_in_words(
    recording: Path, tmp_path: Path, monitor: Monitor
) -> None:
    """Without settings it is the bundled catalogue, of which the recording knows nothing: no feed can be had."""
    home = tmp_path / "not" / "there" / "yet"
    done = monitor("nightly", "--home", home, "--recording", recording, "--at", FIRST, code=3)
    assert "feeds could not be had" in done.stderr
    assert "Traceback" not in done.stderr
    assert (home / "published" / "monitor.duckdb").exists()
