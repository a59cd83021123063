"""A week as a user gets it: `monitor replay`, the delivery it leaves, and the same bytes when it is made again."""

import hashlib
import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

Monitor = Callable[..., subprocess.CompletedProcess[str]]

pytestmark = pytest.mark.usefixtures("prefect_server")
WEEK = "2025-W38"
PAGES = (Path(__file__).parent.parent / name for name in ("README.md", "docs/analysts.md"))
QUERIES = [query for page in PAGES for query in re.findall(r"```sql\n(.*?)```", page.read_text("utf-8"), re.DOTALL)]


@pytest.fixture(scope="module")
def replayed(recording: Path, new_home: Callable[[], Path], monitor: Monitor) -> tuple[Path, str]:
    """A home after the last two nights of a week, and what the command printed."""
    home = new_home()
    done = monitor("replay", recording, "--home", home, "--from", "2025-09-21", "--to", "2025-09-22")
    return home, " ".join((done.stdout + done.stderr).split())


@pytest.fixture(scope="module")
def delivery(replayed: tuple[Path, str]) -> Path:
    return replayed[0] / "exports" / WEEK


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def test_the_command_says_where_everything_is(replayed: tuple[Path, str], delivery: Path) -> None:
    home, printed = replayed
    unbroken = printed.replace(" ", "")
    for path in (delivery / "report.html", delivery, home / "published" / "monitor.duckdb"):
        assert str(path) in unbroken
        assert path.exists()
    assert "FROM mart.events" in printed


def test_a_delivery_is_whole(delivery: Path) -> None:
    names = {path.name for path in delivery.iterdir()}
    tables = ["events", "event_parties", "event_reports", "articles", "outlets", "organisations"]
    tables += [
        f"weekly_{name}" for name in ("country_pairs", "types", "statuses", "organisations", "outlets", "languages")
    ]
    pages = {"report.html", "report.md", "CODEBOOK.md", "CHANGES.md", "SHA256SUMS", "datapackage.json"}
    assert names == pages | {f"{table}.{suffix}" for table in tables for suffix in ("csv", "parquet")}
    assert not [path for path in delivery.parent.iterdir() if path.name.startswith(".")]


def test_the_checksums_hold(delivery: Path) -> None:
    listed = dict(reversed(line.split("  ")) for line in (delivery / "SHA256SUMS").read_text().splitlines())
    assert listed == {name: value for name, value in digests(delivery).items() if name != "SHA256SUMS"}


def test_the_numbers_of_the_report_are_those_of_the_tables(delivery: Path) -> None:
    events = pd.read_parquet(delivery / "events.parquet")
    types = pd.read_parquet(delivery / "weekly_types.parquet")
    counted = int(types[types["week"] == WEEK]["event_count"].sum())
    assert counted == int((events["outcome"] == "auto").sum()) > 0
    assert f"{counted} media-cooperation events" in (delivery / "report.md").read_text(encoding="utf-8")
    listed = {resource["path"] for resource in json.loads((delivery / "datapackage.json").read_text())["resources"]}
    assert {"events.csv", "events.parquet"} <= listed


def test_no_text_leaves_the_house(replayed: tuple[Path, str], delivery: Path) -> None:
    from warehouse.open import read_only

    with read_only(replayed[0] / "published" / "monitor.duckdb") as connection:
        texts = [text for (text,) in connection.execute("SELECT text FROM core.article_revisions").fetchall()]
    exported = "".join(path.read_text(encoding="utf-8") for path in delivery.glob("*.csv"))
    runs = [text[start : start + 200] for text in texts for start in range(0, max(1, len(text) - 200), 50)]
    assert not [run for run in runs if len(run) == 200 and run in exported]


def test_the_same_week_again_is_the_same_bytes(replayed: tuple[Path, str], delivery: Path, monitor: Monitor) -> None:
    before = digests(delivery)
    monitor("weekly", "--home", replayed[0], "--week", WEEK, code=0)
    assert digests(delivery) == before


def test_a_week_that_is_none_is_told(replayed: tuple[Path, str], monitor: Monitor) -> None:
    done = monitor("weekly", "--home", replayed[0], "--week", "2025-W60", code=2)
    assert "2025-W60" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("query", QUERIES, ids=[query.split("\n")[0][:50] for query in QUERIES])
def test_the_questions_of_the_documentation_can_be_asked(query: str, replayed: tuple[Path, str]) -> None:
    from warehouse.open import read_only

    with read_only(replayed[0] / "published" / "monitor.duckdb", is_guarded=True) as connection:
        assert connection.execute(query).description
