"""What CHANGES.md says between two deliveries."""

from datetime import date
from pathlib import Path

import pandas as pd

from transforms.changes import changes_page

LOG = pd.DataFrame(
    {"old_event_id": ["m", "w"], "new_event_id": ["a", None], "kind": ["merge", "withdrawn"]}, dtype="str"
)


def events(*rows: tuple[str, str, date | None]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "event_id": pd.Series([row[0] for row in rows], dtype="str"),
            "type": "forum",
            "status": [row[1] for row in rows],
            "label": [f"Forum {row[0]}" for row in rows],
            "countries": [["KZ", "RU"] for _ in rows],
            "date_start": pd.Series([row[2] for row in rows], dtype="object"),
            "date_end": pd.Series([None for _ in rows], dtype="object"),
            "place_name": None,
            "outcome": "auto",
        }
    )


def section(page: str, title: str) -> str:
    return page.partition(f"## {title} ")[2].partition("\n## ")[0]


def test_the_first_delivery_adds_everything() -> None:
    now = events(("a", "planned", None))
    page = changes_page("2025-W38", None, now.iloc[:0], now, LOG)
    assert "`a` Forum a (planned)" in section(page, "Added")
    assert "None." in section(page, "Changed")


def test_each_event_stands_in_the_section_that_fits_it() -> None:
    before = events(
        ("a", "planned", date(2025, 9, 28)), ("s", "ongoing", None), ("m", "planned", None), ("w", "planned", None)
    )
    now = events(("a", "concluded", date(2025, 9, 28)), ("s", "ongoing", None), ("n", "concluded", None))
    page = changes_page("2025-W39", "2025-W38", before, now, LOG)
    assert "status: planned → concluded" in section(page, "Changed")
    assert section(page, "Changed").startswith("(1)")
    assert "`m` is now `a`" in section(page, "Merged")
    assert "`w`" in section(page, "Withdrawn")
    assert "`n`" in section(page, "Added")


def test_lists_and_dates_compare_equal_after_a_round_trip_through_parquet(tmp_path: Path) -> None:
    now = events(("a", "planned", date(2025, 9, 28)))
    now.to_parquet(tmp_path / "events.parquet")
    before = pd.read_parquet(tmp_path / "events.parquet")
    assert section(changes_page("2025-W39", "2025-W38", before, now, LOG), "Changed").startswith("(0)")
