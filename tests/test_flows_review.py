"""People decide: a sheet goes out of a real home folder, comes back filled in, and holds in all that is made later."""

import csv
import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from codebook.files import FileError
from flows.home import Home
from flows.journal import read_journal
from flows.rebuild import rebuild
from flows.recode import recode
from flows.replay import replay_nights
from flows.review import export_review, import_review
from flows.settings import Settings, SettingsError, load_settings
from flows.weekly import weekly
from tests.conftest import Monitor
from transforms.review_sheet import COLUMNS
from warehouse.csv_files import write_csv
from warehouse.open import open_warehouse, read_only

pytestmark = pytest.mark.usefixtures("prefect_server")

FIRST, LAST, WEEK = date(2025, 9, 20), date(2025, 9, 22), "2025-W38"
WHO = {"author": "A. Linguist", "date": "23.09.2025"}


@pytest.fixture(scope="module")
def replayed(recording: Path, new_home: Callable[[], Path], prefect_server: str) -> Path:
    """A home folder after three nights and a week's delivery."""
    home = new_home()
    replay_nights(load_settings(home, {}, recording=recording), FIRST, LAST)
    return home


@pytest.fixture
def settings(replayed: Path, home: Path) -> Settings:
    """Settings of a copy of that home folder."""
    shutil.copytree(replayed, home, dirs_exist_ok=True)
    return load_settings(home, {})


def rows_of(settings: Settings, query: str) -> list[tuple[object, ...]]:
    """Return what the published copy answers."""
    with read_only(Home(settings.home).published) as connection:
        return connection.execute(query).fetchall()


def fill(file: Path, *rows: dict[str, object]) -> Path:
    """Write a filled sheet."""
    write_csv(file, COLUMNS, ([row.get(name) for name in COLUMNS] for row in rows))
    return file


def event_ids(settings: Settings) -> list[str]:
    return [str(name) for (name,) in rows_of(settings, "SELECT event_id FROM core.events ORDER BY ALL")]


def put_in_doubt(settings: Settings, event_id: str, name: str) -> None:
    """Let the published copy doubt an event, and name a party of it that nobody knows."""
    with open_warehouse(Home(settings.home).published) as connection:
        connection.execute("UPDATE core.events SET outcome = 'review' WHERE event_id = ?", [event_id])
        connection.execute(
            "UPDATE core.event_parties SET organisation_id = NULL, name = ? WHERE event_id = ? AND ordinal = 1",
            [name, event_id],
        )


def test_the_sheet_holds_what_is_in_doubt(settings: Settings, tmp_path: Path) -> None:
    put_in_doubt(settings, event_ids(settings)[0], "=Алтын Дала")
    events, names = export_review(tmp_path / "sheet.csv", settings)
    with (tmp_path / "sheet.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == COLUMNS
    of_events = [row for row in rows if row["subject"] == "event"]
    assert (len(of_events), len(rows)) == (events, events + names)
    doubtful = rows_of(settings, "SELECT event_id FROM core.events WHERE outcome = 'review'")
    assert {row["id"] for row in of_events} == {name for (name,) in doubtful}
    assert "'=Алтын Дала" in {row["id"] for row in rows if row["subject"] == "organisation"}
    for row in rows:
        assert row["quote"]
        assert row["url"].startswith("http")
        assert not any(row[name] for name in ("decision", "new_type", "author", "date"))
    with pytest.raises(FileError, match="there is such a file"):
        export_review(tmp_path / "sheet.csv", settings)


def test_a_name_that_is_accepted_is_not_asked_for_again(settings: Settings, tmp_path: Path) -> None:
    row = {"subject": "organisation", "id": "=Алтын Дала", "decision": "accept", **WHO}
    assert import_review(fill(tmp_path / "one.csv", row), settings).new == 1
    put_in_doubt(settings, event_ids(settings)[0], "=АЛТЫН ДАЛА")
    export_review(tmp_path / "sheet.csv", settings)
    with (tmp_path / "sheet.csv").open(encoding="utf-8-sig", newline="") as file:
        assert not [row for row in csv.DictReader(file) if "АЛТЫН" in row["id"]]


def test_there_is_no_sheet_before_anything_was_published(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="nothing was published yet"):
        export_review(tmp_path / "sheet.csv", load_settings(tmp_path, {}))


def test_a_rejected_event_leaves_and_comes_back_when_it_is_accepted(settings: Settings, tmp_path: Path) -> None:
    rejected, *others = event_ids(settings)
    row = {"subject": "event", "id": rejected, **WHO}
    done = import_review(fill(tmp_path / "one.csv", {**row, "decision": "reject", "note": "an anniversary"}), settings)
    assert (done.new, done.known, done.bad) == (1, 0, ())
    assert event_ids(settings) == others
    for table in ("core.event_parties", "core.event_evidence", "core.event_history", "mart.events"):
        assert not rows_of(settings, f"FROM {table} WHERE event_id = '{rejected}'")
    assert rows_of(settings, f"FROM core.event_reports WHERE rejected_event_id = '{rejected}'")
    (logged,) = rows_of(
        settings, f"SELECT new_event_id, kind, reason FROM ops.id_log WHERE old_event_id = '{rejected}'"
    )
    assert logged == (None, "withdrawn", "a person has rejected it")
    weekly(home=str(settings.home), week=WEEK)
    exported = (Home(settings.home).exports / WEEK / "events.csv").read_text(encoding="utf-8-sig")
    assert rejected not in exported
    done = import_review(fill(tmp_path / "two.csv", {**row, "decision": "accept", "date": "2025-09-24"}), settings)
    assert done.new == 1
    assert event_ids(settings) == [rejected, *others]


def test_what_is_corrected_stays_so_under_its_id(settings: Settings, tmp_path: Path) -> None:
    event_id = event_ids(settings)[0]
    row = {"subject": "event", "id": event_id, "decision": "correct", **WHO}
    values = {"new_type": "membership", "new_status": "planned", "new_date_start": "1.12.2025"}
    import_review(fill(tmp_path / "one.csv", {**row, **values}), settings)
    before = event_ids(settings)
    weekly(home=str(settings.home), week=WEEK)  # links anew, with the corrected group published
    assert event_ids(settings) == before
    columns = "type, event_group, status, outcome, date_start, len(corrections)"
    found = rows_of(settings, f"SELECT {columns} FROM core.events WHERE event_id = '{event_id}'")
    assert found == [("membership", "membership", "planned", "auto", date(2025, 12, 1), 1)]


def test_a_rebuild_keeps_what_people_decided(settings: Settings, tmp_path: Path) -> None:
    home = Home(settings.home)
    first, second, *_ = event_ids(settings)
    rows = [
        {"subject": "event", "id": first, "decision": "reject", **WHO},
        {"subject": "event", "id": second, "decision": "correct", "new_status": "suspended", **WHO},
        {"subject": "organisation", "id": "Nobody knows it", "decision": "accept", **WHO},
    ]
    import_review(fill(tmp_path / "one.csv", *rows), settings)
    tables = ("core.events", "core.event_reports", "core.corrections", "ops.id_log", "core.event_parties")
    before = {name: rows_of(settings, f"FROM {name} ORDER BY ALL") for name in tables}
    assert len(before["core.corrections"]) == 3
    home.warehouse.unlink()
    rebuild(settings)
    assert {name: rows_of(settings, f"FROM {name} ORDER BY ALL") for name in tables} == before


def test_a_recoding_heeds_what_people_decided(settings: Settings, tmp_path: Path) -> None:
    first, second, *_ = event_ids(settings)
    rows = [
        {"subject": "event", "id": first, "decision": "reject", **WHO},
        {"subject": "event", "id": second, "decision": "correct", "new_status": "suspended", **WHO},
    ]
    import_review(fill(tmp_path / "one.csv", *rows), settings)
    before = rows_of(settings, "SELECT event_id, status, corrections FROM core.events ORDER BY ALL")
    recode(home=str(settings.home), apply=True)
    assert rows_of(settings, "SELECT event_id, status, corrections FROM core.events ORDER BY ALL") == before
    assert first not in event_ids(settings)


def test_what_was_taken_in_before_changes_nothing(settings: Settings, tmp_path: Path) -> None:
    file = fill(tmp_path / "one.csv", {"subject": "event", "id": event_ids(settings)[0], "decision": "reject", **WHO})
    assert import_review(file, settings).new == 1
    ledger = Home(settings.home).corrections
    before = ledger.read_bytes()
    again = import_review(file, settings)
    assert (again.new, again.known) == (0, 1)
    assert ledger.read_bytes() == before
    assert json.loads(before)["author"] == "A. Linguist"


def test_the_command_tells_bad_rows_and_takes_the_others(settings: Settings, tmp_path: Path, monitor: Monitor) -> None:
    target = tmp_path / "sheet.csv"
    assert "events in doubt" in monitor("review", "export", target, "--home", settings.home, code=0).stdout
    row = {"subject": "event", "id": event_ids(settings)[0], "decision": "accept", **WHO}
    file = fill(tmp_path / "one.csv", row, {**row, "author": ""}, {**row, "id": "0"})
    done = monitor("review", "import", file, "--home", settings.home, code=1)
    assert "1 decisions taken in, 0 known already, 2 rows skipped" in done.stdout
    assert "one.csv:3: author: the cell is empty. Write who has decided." in done.stderr
    assert "one.csv:4: id: no event has or had the id '0'." in done.stderr
    assert read_journal(Home(settings.home).journal)[-1].state == "done_with_rejects"


def test_the_command_refuses_what_is_no_sheet_before_it_does_anything(
    settings: Settings, tmp_path: Path, monitor: Monitor
) -> None:
    runs = len(read_journal(Home(settings.home).journal))
    (tmp_path / "windows.csv").write_bytes(
        "subject;id;decision;author;date\nevent;x;accept;Иванов;1.1.2025".encode("cp1251")
    )
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    for name, words in (("windows.csv", "1251"), ("other.csv", "missing"), ("none.csv", "no such file")):
        done = monitor("review", "import", tmp_path / name, "--home", settings.home, code=2)
        assert words in done.stderr.replace("\n", " ")
        assert "Traceback" not in done.stderr
    assert len(read_journal(Home(settings.home).journal)) == runs
