"""Texts are compared night by night at the cost of a night, and the tables are those of all texts at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codebook.load import Codebook, load_codebook
from flows.comparing import compare_texts, spans_of
from warehouse import read
from warehouse.open import Connection, open_warehouse

FIRST = datetime(2025, 1, 1, tzinfo=UTC)
LAKE = (
    "The editors of three newspapers met in a small town by the lake to speak about their readers, who grow fewer in "
    "the villages and more in the cities, and about the young people who would rather listen than read. They agreed on "
    "nothing but to meet again in spring, when the road over the pass is open and the ferry runs twice a day."
)
FROST = (
    "A late frost has taken half of the apricot blossom in the valley, and the growers who had hoped for a good year "
    "now count the trees that are left; the market will have to bring its fruit over the mountains, at twice the price."
)
# Outlet, day, text: a story that goes on for weeks, copies, a credit, and one article of its own.
ARTICLES = [
    ("kabar", 0, LAKE),
    ("lake", 1, LAKE),
    ("hill", 3, "Again: " + LAKE + " (Kabar)"),
    ("pass", 9, LAKE),
    ("lake", 12, FROST),
    ("hill", 20, LAKE + " Once more."),
    ("hill", 33, FROST + " (TASS)"),
    ("pass", 40, LAKE),
]


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterable[Connection]:
    connection = open_warehouse(tmp_path / "w.duckdb")
    yield connection
    connection.close()


@pytest.fixture(scope="module")
def codebook() -> Codebook:
    return load_codebook()


def put(warehouse: Connection, numbers: Iterable[int], revision: int = 1) -> None:
    """Store articles as a night would leave them."""
    for number in numbers:
        outlet, day, text = ARTICLES[number]
        article, told_at = f"a{number}", FIRST + timedelta(days=day)
        name = f"{article}.{revision}"
        warehouse.execute("DELETE FROM core.articles WHERE article_id = ?", [article])
        warehouse.execute(
            "INSERT INTO core.article_revisions BY NAME SELECT ? AS article_id, ? AS revision_id, ? AS ordinal,"
            " ? AS outlet_id, '' AS capture_id, '' AS url, '' AS canonical_url, 'Title' AS title, ? AS text,"
            " 'none' AS published_basis, '' AS text_digest, 0 AS text_length_characters, ?::TIMESTAMPTZ AS captured_at,"
            " captured_at AS last_captured_at",
            [article, name, revision, outlet, text if revision == 1 else FROST, told_at],
        )
        warehouse.execute(
            "INSERT INTO core.articles BY NAME SELECT ? AS article_id, ? AS outlet_id, '' AS canonical_url,"
            " ?::TIMESTAMPTZ AS first_seen_at, 'Title' AS title, first_seen_at AS published_at,"
            " 'feed' AS published_basis, 'en' AS language, ? AS revision_id, 1 AS revision_count",
            [article, outlet, told_at, name],
        )


def tables(warehouse: Connection) -> list[list[tuple[object, ...]]]:
    return [warehouse.execute(f"FROM core.{name} ORDER BY article_id").fetchall() for name in ("reprints", "stories")]


@given(order=st.permutations(range(len(ARTICLES))), nights=st.integers(1, 4))
@settings(max_examples=8)
def test_nights_in_any_order_give_what_all_at_once_gives(order: list[int], nights: int) -> None:
    codebook = load_codebook()
    found = []
    for parts in ([order], [order[n::nights] for n in range(nights)]):
        with TemporaryDirectory() as folder:
            connection = open_warehouse(Path(folder) / "w.duckdb")
            for part in parts:
                put(connection, part)
                compare_texts(connection, codebook)
            found.append(tables(connection))
            connection.close()
    assert found[0] == found[1]


def test_what_is_found(warehouse: Connection, codebook: Codebook) -> None:
    put(warehouse, range(len(ARTICLES)))
    compare_texts(warehouse, codebook)
    reprints = warehouse.execute(
        "SELECT article_id, original_article_id, basis, source_organisation_id FROM core.reprints ORDER BY ALL"
    ).fetchall()
    assert reprints == [
        ("a1", "a0", "text", None),
        ("a2", "a0", "both", "kabar"),
        ("a3", "a0", "text", None),
        ("a5", "a3", "text", None),
        ("a6", None, "credit", "tass"),
    ]
    stories = dict(warehouse.execute("SELECT article_id, story_id FROM core.stories").fetchall())
    assert stories == {"a0": "a0", "a1": "a0", "a2": "a0", "a3": "a0", "a4": "a4", "a5": "a0", "a6": "a6", "a7": "a7"}


def test_an_article_that_changes_or_goes_takes_what_rested_on_it_along(
    warehouse: Connection, codebook: Codebook
) -> None:
    put(warehouse, [0, 1])
    compare_texts(warehouse, codebook)
    put(warehouse, [0], revision=2)
    compare_texts(warehouse, codebook)
    assert read.table(warehouse, "core.reprints").empty
    put(warehouse, [2])
    compare_texts(warehouse, codebook)
    assert read.table(warehouse, "core.reprints")["original_article_id"].tolist() == ["a1"]
    warehouse.execute("DELETE FROM core.articles WHERE article_id = 'a1'")
    compare_texts(warehouse, codebook)
    assert set(read.table(warehouse, "core.stories")["story_id"]) == {"a0", "a2"}
    assert read.table(warehouse, "core.reprints")["original_article_id"].isna().tolist() == [True]


def test_a_night_without_news_compares_nothing_and_a_night_with_some_only_the_days_around_them(
    warehouse: Connection, codebook: Codebook
) -> None:
    put(warehouse, range(7))
    compare_texts(warehouse, codebook)
    assert read.days_to_compare(warehouse) == []
    assert len(read.days_to_compare(warehouse, anew=True)) == 7
    put(warehouse, [7])
    (day,) = read.days_to_compare(warehouse)
    spans = list(spans_of([day]))
    assert (spans[0][0].date(), spans[-1][1].date()) == (date(2025, 2, 10), date(2025, 2, 25))
    assert spans_are_joined(spans)


def spans_are_joined(spans: list[tuple[datetime, datetime]]) -> bool:
    return all(one[1] == other[0] for one, other in pairwise(spans))


@given(st.sets(st.dates(date(2025, 1, 1), date(2025, 6, 1)), max_size=12).map(sorted))
def test_spans_cover_each_day_with_the_days_after_it_once(days: list[date]) -> None:
    spans = list(spans_of(days))
    covered = [one.date() + timedelta(days=n) for one, other in spans for n in range((other - one).days)]
    wanted = {day + timedelta(days=n) for day in days for n in range(15)}
    assert covered == sorted(wanted)
