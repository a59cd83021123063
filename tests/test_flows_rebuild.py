"""A warehouse that was deleted comes back from the captures: the same tables, and the same bytes of a delivery."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from flows.home import Home, RunFailed
from flows.journal import read_journal
from flows.rebuild import plan_of, rebuild
from flows.replay import replay_nights
from flows.settings import Settings, load_settings
from flows.weekly import weekly
from warehouse.open import read_only

pytestmark = pytest.mark.usefixtures("prefect_server")

FIRST, LAST, WEEK = date(2025, 9, 21), date(2025, 9, 22), "2025-W38"
OF_THE_RUN = {"ops.runs", "ops.migrations", "ops.deliveries"}


@pytest.fixture(scope="module")
def replayed(recording: Path, new_home: Callable[[], Path], prefect_server: str) -> Path:
    """A home folder after two nights and a week's delivery."""
    home = new_home()
    replay_nights(load_settings(home, {}, recording=recording), FIRST, LAST)
    return home


@pytest.fixture
def settings(replayed: Path, home: Path) -> Settings:
    """Settings of a copy of that home folder."""
    shutil.copytree(replayed, home, dirs_exist_ok=True)
    return load_settings(home, {})


def tables_of(file: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return every table, apart from those that say when something ran, in a fixed order."""
    with read_only(file) as connection:
        names = connection.execute("SELECT schema_name || '.' || table_name FROM duckdb_tables()").fetchall()
        return {
            name: connection.execute(f"FROM {name} ORDER BY ALL").fetchall()
            for (name,) in names
            if name not in OF_THE_RUN
        }


def test_the_same_tables_and_the_same_delivery_come_back(settings: Settings) -> None:
    home = Home(settings.home)
    before = tables_of(home.warehouse)
    sums = (home.exports / WEEK / "SHA256SUMS").read_bytes()
    home.warehouse.unlink()
    home.warehouse.with_name("monitor.duckdb.wal").write_bytes(b"of the file that is gone")
    shutil.rmtree(home.exports / WEEK)
    rebuild(settings)
    assert [path.name for path in home.warehouse.parent.iterdir()] == ["monitor.duckdb"]
    assert (read_journal(home.journal)[-1].flow, read_journal(home.journal)[-1].state) == ("rebuild", "done")
    weekly(home=str(home.folder), week=WEEK)
    assert tables_of(home.warehouse) == before
    assert (home.exports / WEEK / "SHA256SUMS").read_bytes() == sums
    assert before["core.events"]


def test_a_lost_ledger_costs_nothing_but_its_nights(settings: Settings, tmp_path: Path) -> None:
    home = Home(settings.home)
    before = tables_of(home.warehouse)
    home.ledger.unlink()
    rebuild(settings, tmp_path / "beside")
    made = tables_of(tmp_path / "beside" / "monitor.duckdb")
    assert {name for name in before if made[name] != before[name]} <= {
        name
        for name in before
        if name.startswith("mart.weekly_")  # weeks are told by `monitor weekly`
    }
    assert tables_of(home.warehouse) == before


def test_captures_that_are_gone_are_not_given_up_without_a_word(settings: Settings) -> None:
    home = Home(settings.home)
    before = tables_of(home.warehouse)
    first, *_ = sorted(home.captures.iterdir())
    shutil.rmtree(first)
    with pytest.raises(RunFailed, match=f"1 days are gone.*{first.name}.*--accept-loss"):
        rebuild(settings)
    assert tables_of(home.warehouse) == before
    summary = rebuild(settings, accept_loss=True)
    assert summary["captures_missing"] > 0
    assert tables_of(home.warehouse.with_name("monitor.duckdb.before-rebuild")) == before
    assert 0 < len(tables_of(home.warehouse)["raw.fetches"]) < len(before["raw.fetches"])


def test_captures_without_a_line_are_put_in_at_their_time(settings: Settings) -> None:
    home = Home(settings.home)
    first, *_ = sorted(home.captures.rglob("*.warc.gz"))
    shutil.copy(first, first.with_name("by-hand.warc.gz"))
    steps = plan_of(home, settings).steps
    (number,) = (number for number, step in enumerate(steps) if step.kind == "day")
    assert set(steps[number].spans) == {f"{first.parent.name}/by-hand.warc.gz"}
    assert (number, steps[number].night) == (0, f"{FIRST}")
