"""`monitor recode` on the composed region: an unchanged codebook changes nothing, a changed one what is listed."""

import csv
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from flows import recode_texts
from flows.home import Home
from flows.published import moves_published, published_ids
from flows.rebuild import rebuild
from flows.recode import recode
from flows.replay import replay_nights
from flows.settings import Settings, load_settings
from warehouse.open import read_only

pytestmark = pytest.mark.usefixtures("prefect_server")

FIRST, LAST = date(2025, 9, 18), date(2025, 9, 20)
OF_THE_RUN = {"ops.runs", "ops.migrations", "ops.deliveries"}


@pytest.fixture(scope="module")
def replayed(recording: Path, new_home: Callable[[], Path], prefect_server: str) -> Path:
    """A home folder after three nights."""
    home = new_home()
    replay_nights(load_settings(home, {}, recording=recording), FIRST, LAST)
    return home


@pytest.fixture
def settings(replayed: Path, home: Path) -> Settings:
    """Settings of a copy of that home folder."""
    shutil.copytree(replayed, home, dirs_exist_ok=True)
    return load_settings(home, {})


def rows(file: Path, query: str) -> list[tuple[Any, ...]]:
    with read_only(file) as connection:
        return connection.execute(query).fetchall()


def tables_of(file: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return every table, apart from those that say when something ran, in a fixed order."""
    names = [name for (name,) in rows(file, "SELECT schema_name || '.' || table_name FROM duckdb_tables()")]
    return {name: rows(file, f"FROM {name} ORDER BY ALL") for name in names if name not in OF_THE_RUN}


def listed(summary: dict[str, Any]) -> list[dict[str, str]]:
    with Path(summary["report"]).with_name("events.csv").open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


def with_another_organisation(settings: Settings) -> Settings:
    """Leave the organisation that takes part most out of the operator's own list, and return the settings anew."""
    file = settings.home / "organisations.toml"
    entries = file.read_text(encoding="utf-8").split("[[organisation]]\n")
    assert entries[1].startswith('id = "saryarqa"')
    file.write_text("[[organisation]]\n".join([entries[0], *entries[2:]]), encoding="utf-8")
    return load_settings(settings.home, {})


def test_an_unchanged_codebook_changes_nothing(settings: Settings) -> None:
    home = Home(settings.home)
    before = tables_of(home.warehouse)
    summary = recode(home=str(settings.home))
    assert [summary[f"events_{change}"] for change in ("gained", "lost", "changed")] == [0, 0, 0]
    assert summary["texts"] == len(before["core.articles"])
    assert listed(summary) == []
    assert "Events gained: 0, lost: 0, changed: 0." in Path(summary["report"]).read_text(encoding="utf-8")
    ledger = home.published_ids.read_bytes()
    recode(home=str(settings.home), apply=True)
    assert tables_of(home.warehouse) == before
    assert home.published_ids.read_bytes() == ledger
    assert set(published_ids(home.published_ids)) == {row[0] for row in before["core.events"]} != set()


def test_a_changed_codebook_is_compared_first_and_changes_what_was_listed(settings: Settings) -> None:
    home = Home(settings.home)
    before = tables_of(home.warehouse)
    settings = with_another_organisation(settings)
    summary = recode(home=str(settings.home))
    differences = listed(summary)
    changes = {kind: {row["event_id"] for row in differences if row["change"] == kind} for kind in ("gained", "lost")}
    assert differences
    assert any(row["field"] == "organisations" and "Saryarqa" in row["old"] for row in differences)
    assert without(tables_of(home.warehouse), "core.organisations") == without(before, "core.organisations")

    applied = recode(home=str(settings.home), apply=True)
    assert listed(applied) == differences
    after = tables_of(home.warehouse)
    old, new = ({row[0] for row in tables["core.events"]} for tables in (before, after))
    assert (new - old, old - new) == (changes["gained"], changes["lost"])
    assert tables_of(home.published)["core.events"] == after["core.events"]
    resolved = new | {row[0] for row in after["ops.id_log"]}
    assert set(published_ids(home.published_ids)) <= resolved
    assert {row["old_event_id"] for row in moves_published(home.published_ids)} == {r[0] for r in after["ops.id_log"]}
    again = recode(home=str(settings.home))
    assert listed(again) == []


def test_a_rebuild_after_a_recoding_comes_to_the_same_events_and_ids(settings: Settings) -> None:
    home = Home(settings.home)
    settings = with_another_organisation(settings)
    recode(home=str(settings.home), apply=True)
    before = tables_of(home.warehouse)
    home.warehouse.unlink()
    rebuild(settings)
    after = tables_of(home.warehouse)
    # what left the codebook is not there any more, and what was judged is what the coder of today says
    assert {name for name in before if before[name] != after[name]} <= {"core.organisations", "ops.validations"}


def test_a_killed_recoding_goes_on_where_it_was(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recode_texts, "TEXTS_PER_BATCH", 40)
    kept = Path(recode(home=str(settings.home))["report"]).with_name("coded.jsonl")
    whole = lines_of(kept)
    half = whole[: len(whole) // 2]
    kept.write_text("\n".join(half) + '\n{"key": "torn', encoding="utf-8")
    assert listed(recode(home=str(settings.home))) == []
    assert len(lines_of(kept)) == len(whole) + 1
    assert set(lines_of(kept)) > set(whole)


def lines_of(file: Path) -> list[str]:
    return [line for line in file.read_text(encoding="utf-8").splitlines() if line]


def without(tables: dict[str, list[tuple[Any, ...]]], name: str) -> dict[str, list[tuple[Any, ...]]]:
    return {one: rows_ for one, rows_ in tables.items() if one != name}
