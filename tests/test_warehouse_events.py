"""Linked events are stored, audited, published and exported."""

import csv
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow.parquet as pq
import pytest

from codebook.load import OrganisationEntry
from transforms.records import Outlet
from warehouse import read, store
from warehouse.audit import Violation, run_checks
from warehouse.csv_files import cell_of
from warehouse.dictionary import render_dictionary
from warehouse.export import RESOURCES, export_tables, write_checksums
from warehouse.keys import KEYS
from warehouse.open import open_warehouse, read_only
from warehouse.publish import publish
from warehouse.statements import sql_files

AT = datetime(2025, 9, 22, 2, 0, tzinfo=UTC)
TEXT = "🤝 «Помир Пресс» ва «Афросиёб» қарордод бастанд.\nИн хабарро ҳарду тасдиқ карданд."
QUOTE = "қарордод бастанд"
START = TEXT.index(QUOTE)
OUTLETS = [
    Outlet("pomir", "Pomir", "Помир", "TJ", ("tg", "ru"), "news_agency", None, None, None, "Asia/Dushanbe", None, ()),
    Outlet("afrosiyob", "Afrosiyob", None, "UZ", ("uz",), "news_agency", "x", True, "law", "Asia/Tashkent", None, ()),
]


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = open_warehouse(tmp_path / "monitor.duckdb")
    store.store_catalogue(connection, OUTLETS)
    for number in (1, 2, 3):
        insert_article(connection, number)
    yield connection
    connection.close()


def insert_article(connection: duckdb.DuckDBPyConnection, number: int) -> None:
    """Lay down an article that was read, with its revision and capture."""
    url = f"https://pomir.example/{number}"
    connection.execute(
        "INSERT INTO raw.captures VALUES (?, 'page', 'pomir', NULL, ?, ?, ?, 200, 'text/html', 9, 'd', 'w', 0, NULL)",
        [f"c{number}", url, url, AT],
    )
    connection.execute(
        "INSERT INTO core.article_revisions BY NAME SELECT ? AS article_id, ? AS revision_id, 1 AS ordinal,"
        " 'pomir' AS outlet_id, ? AS capture_id, ? AS url, ? AS canonical_url, '=Қарордод' AS title, ? AS text,"
        " 'feed' AS published_basis, 't' AS text_digest, 9 AS text_length_characters, ?::TIMESTAMPTZ AS captured_at,"
        " ?::TIMESTAMPTZ AS last_captured_at",
        [f"a{number}", f"r{number}", f"c{number}", url, url, TEXT, AT, AT],
    )
    connection.execute(
        "INSERT INTO core.articles BY NAME SELECT ? AS article_id, 'pomir' AS outlet_id, ? AS canonical_url,"
        " ?::TIMESTAMPTZ AS first_seen_at, '=Қарордод' AS title, 'feed' AS published_basis, 'tg' AS language,"
        " ? AS revision_id, 1 AS revision_count",
        [f"a{number}", url, AT, f"r{number}"],
    )


def event(event_id: str, **changes: object) -> dict[str, object]:
    row: dict[str, object] = {
        "event_id": event_id,
        "type": "agreement",
        "event_group": "agreement",
        "status": "concluded",
        "outcome": "auto",
        "label": "Pomir Press – Afrosiyob: agreement",
        "is_regional": True,
        "scope": "bilateral",
        "countries": ["TJ", "UZ"],
        "regions": [],
        "date_start": date(2025, 9, 21),
        "date_end": None,
        "date_granularity": "day",
        "date_basis": "explicit",
        "first_reported_at": AT,
        "last_reported_at": AT,
        "report_count": 1,
        "publisher_count": 1,
        "topics": [],
        "confidence": 0.75,
        "codebook_version": "1.0.0",
    }
    return {**row, **changes}


def linked(*events: dict[str, object]) -> dict[str, pd.DataFrame]:
    """Return the event tables for these events, each reported by the article of its number."""
    ids = [str(row["event_id"]) for row in events]
    numbers = [identifier.removeprefix("e") for identifier in ids]
    parties = [
        {"event_id": one, "ordinal": place, "organisation_id": None, "name": name, "role": "party", "country": country}
        for one in ids
        for place, (name, country) in enumerate([("Помир Пресс", "TJ"), ("Afrosiyob", "UZ")], start=1)
    ]
    reports = [
        {
            "report_id": f"p{n}",
            "event_id": f"e{n}",
            "article_id": f"a{n}",
            "revision_id": f"r{n}",
            "capture_id": f"c{n}",
            "outlet_id": "pomir",
            "published_at": AT,
            "type": "agreement",
            "status": "concluded",
            "outcome": "auto",
            "confidence": 0.75,
            "event_json": "{}",
        }
        for n in numbers
    ]
    evidence = [
        {
            "evidence_id": f"q{n}",
            "event_id": f"e{n}",
            "report_id": f"p{n}",
            "article_id": f"a{n}",
            "revision_id": f"r{n}",
            "capture_id": f"c{n}",
            "field": "text",
            "quote": QUOTE,
            "start_offset": START,
            "end_offset": START + len(QUOTE),
            "rule_ids": ["agreement.signed"],
        }
        for n in numbers
    ]
    history = [
        {"event_id": f"e{n}", "ordinal": 1, "status": "concluded", "reported_at": AT, "article_id": f"a{n}"}
        for n in numbers
    ]
    return {
        "core.events": pd.DataFrame(events, columns=list(event("e"))),
        "core.event_parties": pd.DataFrame(parties),
        "core.event_people": pd.DataFrame(columns=["event_id", "ordinal", "name", "office"]),
        "core.event_provisions": pd.DataFrame([{"event_id": one, "provision": "training"} for one in ids]),
        "core.event_reports": pd.DataFrame(reports),
        "core.event_evidence": pd.DataFrame(evidence),
        "core.event_history": pd.DataFrame(history),
    }


def ids(connection: duckdb.DuckDBPyConnection, query: str) -> list[str]:
    return [str(row[0]) for row in connection.execute(query).fetchall()]


def test_events_are_replaced_as_a_whole_and_twice_is_once(warehouse: duckdb.DuckDBPyConnection) -> None:
    tables = linked(event("e1"), event("e2"))
    for _ in range(2):
        store.store_events(warehouse, tables, AT)
    assert ids(warehouse, "SELECT event_id FROM core.events ORDER BY 1") == ["e1", "e2"]
    assert run_checks(warehouse) == []
    store.store_events(warehouse, linked(event("e2", status="ended")), AT)
    assert warehouse.execute("SELECT event_id, status FROM core.events").fetchall() == [("e2", "ended")]
    assert ids(warehouse, "SELECT report_id FROM core.event_reports") == ["p2"]
    assert read.linked_tables(warehouse)["events"]["countries"].tolist()[0].tolist() == ["TJ", "UZ"]


def test_an_id_that_vanishes_is_logged_with_what_became_of_it(warehouse: duckdb.DuckDBPyConnection) -> None:
    store.store_events(warehouse, linked(event("e1"), event("e2"), event("e3")), AT)
    moved = pd.DataFrame(
        [
            {"old_event_id": "e2", "new_event_id": None, "kind": "withdrawn", "reason": "nothing tells of it"},
            {"old_event_id": "e3", "new_event_id": "e1", "kind": "merge", "reason": "both tell of one"},
            {"old_event_id": "e3", "new_event_id": "e4", "kind": "split", "reason": "e4 was seen by nobody"},
        ]
    )
    for _ in range(2):
        store.store_events(warehouse, {**linked(event("e1")), "ops.id_log": moved}, AT)
    rows = warehouse.execute("SELECT old_event_id, new_event_id, kind FROM ops.id_log ORDER BY 1").fetchall()
    assert rows == [("e2", None, "withdrawn"), ("e3", "e1", "merge")]
    assert read.unresolved_ids(warehouse, ["e1", "e2", "e9"]) == ["e9"]
    assert ids(warehouse, "SELECT event_id FROM mart.current_event('e3')") == ["e1"]
    assert ids(warehouse, "SELECT event_id FROM mart.current_event('e1')") == ["e1"]
    assert ids(warehouse, "SELECT event_id FROM mart.current_event('e2')") == []


def test_an_outlet_belongs_to_the_family_that_owners_lead_to(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    def organisation(name: str, owner: str | None) -> OrganisationEntry:
        return OrganisationEntry(id=name, name=name, kind="holding", owner=owner, known_by="a test")

    tables = linked(event("e1"), event("e2"))
    tables["core.event_reports"]["outlet_id"] = ["pomir", "afrosiyob"]
    store.store_events(warehouse, tables, AT)

    def owners() -> list[str]:
        return [one.owner for one in read.event_reports(warehouse, lambda _: None)]  # type: ignore[arg-type, return-value]

    assert owners() == ["pomir", "x"]
    store.store_organisations(warehouse, {"x": organisation("x", "family")})
    assert owners() == ["pomir", "family"]
    store.store_organisations(warehouse, {"pomir": organisation("pomir", "family")})
    assert owners() == ["family", "family"]


def test_analysts_find_who_with_whom_and_no_event_under_review(warehouse: duckdb.DuckDBPyConnection) -> None:
    store.store_events(warehouse, linked(event("e1"), event("e2", outcome="review")), AT)
    row = warehouse.execute("SELECT event_id, organisations, quote FROM mart.who_with_whom('uz', 'tj')").fetchall()
    assert row == [("e1", "Помир Пресс; Afrosiyob", QUOTE)]
    assert ids(warehouse, "SELECT event_id FROM mart.who_with_whom('KZ', 'TJ')") == []
    assert ids(warehouse, "SELECT name FROM mart.parties ORDER BY 1") == ["Afrosiyob", "Помир Пресс"]


BREAKS = [
    ("quotes_stand_in_the_text", "UPDATE core.event_evidence SET start_offset = start_offset + 1", "q1"),
    ("quotes_stand_in_the_text", "UPDATE core.event_evidence SET quote = 'қарордод набастанд'", "q1"),
    ("quotes_stand_in_the_text", "UPDATE core.event_evidence SET field = 'title'", "q1"),
    ("events_are_reported", "UPDATE core.events SET report_count = 2", "e1"),
    ("reports_have_evidence", "DELETE FROM core.event_evidence", "p1"),
    ("reports_are_linked", "UPDATE core.event_reports SET event_id = NULL", "p1"),
    ("texts_have_captures", "DELETE FROM raw.captures WHERE capture_id = 'c2'", "r2"),
    ("references_resolve", "DELETE FROM core.outlets WHERE outlet_id = 'pomir'", "a1"),
    ("references_resolve", "INSERT INTO core.event_people VALUES ('e9', 1, 'N', NULL)", "e9"),
    ("unique_keys", "INSERT INTO core.event_parties SELECT * FROM core.event_parties", "e1 1"),
]


@pytest.mark.parametrize(("check", "damage", "row_id"), BREAKS, ids=[f"{b[0]}-{n}" for n, b in enumerate(BREAKS)])
def test_the_audit_finds_what_is_broken(warehouse, check: str, damage: str, row_id: str) -> None:
    store.store_events(warehouse, linked(event("e1")), AT)
    assert run_checks(warehouse) == []
    warehouse.execute(damage)
    assert (check, row_id) in {(found.check, found.row_id) for found in run_checks(warehouse)}
    assert all(isinstance(found, Violation) and found.detail for found in run_checks(warehouse))


def test_every_key_is_audited_and_every_check_is_tried() -> None:
    checks = dict(sql_files("checks"))
    assert {name for name, *_ in BREAKS} == checks.keys()
    for table, key in KEYS.items():
        assert f"FROM {table} GROUP BY {', '.join(key)} HAVING" in checks["unique_keys"]


def test_a_reader_keeps_yesterdays_file_while_todays_takes_its_place(warehouse, tmp_path: Path) -> None:
    target = tmp_path / "published" / "monitor.duckdb"
    store.store_events(warehouse, linked(event("e1")), AT)
    publish(warehouse, target)
    with read_only(target) as yesterday:
        store.store_events(warehouse, linked(event("e1"), event("e2")), AT)
        publish(warehouse, target)
        assert ids(yesterday, "SELECT event_id FROM mart.events") == ["e1"]
        # In another process, as an analyst would.
        code = "import sys, duckdb; print(len(duckdb.connect(sys.argv[1], read_only=True).sql(sys.argv[2]).fetchall()))"
        command = [sys.executable, "-c", code, target, "FROM mart.events"]
        printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert printed == "2\n"
    with read_only(target) as today:
        assert ids(today, "SELECT event_id FROM mart.who_with_whom('TJ', 'UZ') ORDER BY 1") == ["e1", "e2"]
        assert render_dictionary(today) == render_dictionary(warehouse)
    assert sorted(path.name for path in target.parent.iterdir()) == ["monitor.duckdb"]


def test_what_a_killed_publishing_left_is_in_nobodys_way(warehouse, tmp_path: Path) -> None:
    (tmp_path / ".public.duckdb.part").write_bytes(b"half of a file")
    publish(warehouse, tmp_path / "public.duckdb")
    with read_only(tmp_path / "public.duckdb") as connection:
        assert ids(connection, "SELECT outlet_id FROM core.outlets ORDER BY 1") == ["afrosiyob", "pomir"]


def test_the_same_rows_give_the_same_bytes_whatever_their_order(warehouse, tmp_path: Path) -> None:
    tables = linked(event("e1"), event("e2"), event("e3"))
    store.store_events(warehouse, tables, AT)
    weekly = pd.DataFrame(
        {
            "week": ["2025-W38", "2025-W39"],
            "type": ["agreement", "forum"],
            "event_count": [1, 2],
            "report_count": [1, 2],
            "mean_event_count_4w": [None, 1.0],
        }
    )
    store.store_weekly(warehouse, {"weekly_types": weekly})
    first = export_tables(warehouse, tmp_path / "first", "2025-W39")
    with open_warehouse(tmp_path / "other.duckdb") as other:
        store.store_catalogue(other, reversed(OUTLETS))
        for number in (3, 1, 2):
            insert_article(other, number)
        store.store_events(other, {name: frame.iloc[::-1] for name, frame in tables.items()}, AT)
        store.store_weekly(other, {"weekly_types": weekly.iloc[::-1]})
        second = export_tables(other, tmp_path / "second", "2025-W39")
    assert [path.name for path in first] == [path.name for path in second]
    for one, two in zip(first, second, strict=True):
        assert one.read_bytes() == two.read_bytes(), one.name


def test_exports_are_described_and_hold_no_text(warehouse, tmp_path: Path) -> None:
    store.store_events(warehouse, linked(event("e1")), AT)
    files = export_tables(warehouse, tmp_path / "out", "2025-W39")
    package = json.loads((tmp_path / "out" / "datapackage.json").read_text(encoding="utf-8"))
    assert {resource["path"] for resource in package["resources"]} == {path.name for path in files[:-1]}
    assert len(package["resources"]) == 2 * len(RESOURCES)
    assert package["version"] == "2025-W39"
    assert package["licenses"][0]["name"] == "CC-BY-4.0"
    assert {"title": "Pomir"} in package["sources"]
    for resource in package["resources"]:
        names = [field["name"] for field in resource["schema"]["fields"]]
        assert set(resource["schema"]["primaryKey"]) <= set(names)
        assert all(field["description"] for field in resource["schema"]["fields"]), resource["name"]
        if resource["format"] == "parquet":
            assert pq.read_schema(tmp_path / "out" / resource["path"]).names == names
    assert not any(TEXT.splitlines()[1].encode() in path.read_bytes() for path in files)
    articles = pq.read_table(tmp_path / "out" / "articles.parquet").to_pylist()
    assert [row["article_id"] for row in articles] == ["a1"]


def test_a_spreadsheet_opens_cyrillic_and_runs_nothing(warehouse, tmp_path: Path) -> None:
    store.store_events(warehouse, linked(event("e1", series="@SUM(A1)")), AT)
    export_tables(warehouse, tmp_path, "2025-W39")
    assert (tmp_path / "articles.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    with (tmp_path / "event_reports.csv").open(encoding="utf-8-sig", newline="") as file:
        (report,) = csv.DictReader(file)
    assert (report["title"], report["quote"]) == ("'=Қарордод", QUOTE)
    with (tmp_path / "events.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["countries"], row["date_start"], row["date_end"]) == ("TJ;UZ", "2025-09-21", "")
    assert (row["first_reported_at"], row["is_regional"]) == ("2025-09-22T02:00:00Z", "true")


CELLS = [
    ("=1+1", "'=1+1"),
    ("+7 727", "'+7 727"),
    ("-", "'-"),
    ("@x", "'@x"),
    ("\tx", "'\tx"),
    ("\rx", "'\rx"),
    ("  =1", "'  =1"),
    ("＝1", "'＝1"),
    (["=1", "x"], "'=1;x"),
    (-3, "-3"),
    (-0.5, "-0.5"),
    ("Қазақстан – KZ", "Қазақстан – KZ"),
    ("", ""),
    (None, ""),
    (False, "false"),
]


@pytest.mark.parametrize(("value", "cell"), CELLS, ids=[repr(value) for value, _ in CELLS])
def test_cells(value: object, cell: str) -> None:
    assert cell_of(value) == cell


def test_checksums_are_those_that_sha256sum_knows(tmp_path: Path) -> None:
    (tmp_path / "charts").mkdir()
    (tmp_path / "charts" / "a.svg").write_text("a")
    (tmp_path / "report.md").write_text("b")
    write_checksums(tmp_path)
    lines = write_checksums(tmp_path).read_text().splitlines()
    assert [line.split("  ")[1] for line in lines] == ["charts/a.svg", "report.md"]
    assert subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=tmp_path, check=False).returncode == 0


def test_weekly_tables_come_back_as_they_went(warehouse) -> None:
    with pytest.raises(ValueError, match="weekly_moods"):
        store.store_weekly(warehouse, {"weekly_moods": pd.DataFrame()})
    assert set(read.weekly_tables(warehouse)) == set(store.WEEKLY_TABLES)


def test_reprints_and_stories_are_stored_for_the_articles_that_were_compared(warehouse) -> None:
    reprint = {"article_id": "a2", "outlet_id": "pomir", "original_article_id": "a1", "basis": "text"}
    follower = {"revision_id": "r", "language": "tg", "told_at": AT, "follows_article_id": None, "likeness": None}
    followers = pd.DataFrame(
        [
            follower | {"article_id": "a3", "follows_article_id": "a2"},
            follower | {"article_id": "a2", "follows_article_id": "a1"},
            follower | {"article_id": "a1"},
        ]
    )
    store.store_comparison(warehouse, pd.DataFrame([reprint]), followers)
    store.settle_stories(warehouse)
    assert read.linked_tables(warehouse)["stories"]["story_id"].tolist() == ["a1", "a1", "a1"]
    assert read.table(warehouse, "core.reprints")["original_article_id"].tolist() == ["a1"]
    store.store_comparison(warehouse, pd.DataFrame([reprint]).iloc[:0], followers.iloc[2:])
    assert len(read.table(warehouse, "core.reprints")) == 1
    store.store_comparison(warehouse, pd.DataFrame([reprint]).iloc[:0], followers.iloc[1:2])
    assert read.table(warehouse, "core.reprints").empty
    warehouse.execute("DELETE FROM core.articles WHERE article_id = 'a3'")
    store.settle_stories(warehouse)
    assert len(read.table(warehouse, "core.stories")) == 2


def test_every_table_and_column_is_explained_and_the_dictionary_is_up_to_date(warehouse) -> None:
    silent = warehouse.execute(
        "SELECT schema_name, table_name, column_name FROM duckdb_columns() WHERE NOT internal AND comment IS NULL"
        " AND table_name NOT IN (SELECT view_name FROM duckdb_views())"
        " UNION ALL SELECT schema_name, table_name, '' FROM duckdb_tables() WHERE NOT internal AND comment IS NULL"
    ).fetchall()
    assert silent == []
    tables = {f"{schema}.{name}" for schema, name in warehouse.execute(
        "SELECT schema_name, table_name FROM duckdb_tables() WHERE NOT internal"
    ).fetchall()}  # fmt: skip
    assert tables == KEYS.keys()
    page = Path(__file__).parent.parent / "docs" / "dictionary.md"
    assert page.read_text(encoding="utf-8") == render_dictionary(warehouse), "run: python -m warehouse.dictionary"
