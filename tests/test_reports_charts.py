"""Charts: the same rows give the same picture, with a text, without a script, for one week and for twelve."""

from __future__ import annotations

import subprocess
import sys

import pytest
from lxml import etree

from reports.charts import NARROW_PIXELS, WIDE_PIXELS, kinds_chart, trend_chart

SVG = "{http://www.w3.org/2000/svg}"
TWELVE = tuple((f"2026-W{36 + after}", count) for after, count in enumerate((3, 0, 2, 8, 6, 4, 7, 9, 8, 6, 11, 5)))
KINDS = (("Agreements", 4, 2.5), ("Forums", 1, 3.0), ("Contests", 1, None))


def letters(svg: str) -> list[str]:
    return [str(element.text) for element in etree.fromstring(svg.encode()).iter(f"{SVG}text")]


@pytest.mark.parametrize(
    "trend", [TWELVE, TWELVE[-1:], (("2026-W47", 0),)], ids=["twelve weeks", "one week", "nothing"]
)
@pytest.mark.parametrize("mean", [None, 7.25])
@pytest.mark.parametrize("width", [WIDE_PIXELS, NARROW_PIXELS])
def test_the_trend_shows_every_week(trend: tuple[tuple[str, int], ...], mean: float | None, width: int) -> None:
    svg = trend_chart(trend, mean, "what it says", width)
    assert svg == trend_chart(trend, mean, "what it says", width)
    shown = letters(svg)
    assert [shown.count(str(count)) >= 1 for _, count in trend] == [True] * len(trend)
    assert "undefined" not in svg
    assert "NaN" not in svg


def test_kinds_show_name_and_number() -> None:
    shown = letters(kinds_chart(KINDS, "what it says"))
    assert {"Agreements", "Forums", "Contests", "4", "1"} <= set(shown)
    assert kinds_chart(KINDS, "x") == kinds_chart(KINDS, "x")


def test_a_chart_is_one_picture_with_a_text() -> None:
    root = etree.fromstring(trend_chart(TWELVE, 7.25, 'says <b> & "quotes"').encode())
    assert root.get("role") == "img"
    assert root.get("aria-label") == 'says <b> & "quotes"'
    assert not [element for element in root.iter() if element.tag in {f"{SVG}script", f"{SVG}image", f"{SVG}style"}]


def test_what_is_not_there_is_not_drawn() -> None:
    assert trend_chart((), None, "") == ""
    assert kinds_chart((), "") == ""


def test_the_library_is_loaded_at_the_first_chart() -> None:
    code = (
        "import sys, reports.weekly, reports.quality; sys.exit('altair' in sys.modules or 'vl_convert' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
