"""Which feeds a weekly report names as not seen whole, from the nights' coverage."""

from datetime import date

import pandas as pd
import pytest

from transforms.week_view import feeds_not_seen_whole

OUTLETS = pd.DataFrame({"outlet_id": ["tulpar"], "name": ["Tulpar"]})
WHOLE = {
    "outlet_id": "tulpar",
    "feed_id": "tulpar/ru",
    "country": "KG",
    "answered_count": 3,
    "last_outcome": "fetched",
    "gap_count": 0,
    "lost_item_estimate": 0,
    "is_frozen": False,
    "is_silent": False,
}
NIGHTS = [
    ("answered every night", [{}, {}], None),
    ("no answer in one", [{"answered_count": 0, "last_outcome": "timeout"}, {}], (2, 1, 0, 0, "fetched")),
    ("items lost", [{"gap_count": 2, "lost_item_estimate": 30}, {"gap_count": 1}], (2, 2, 3, 30, "fetched")),
    ("frozen", [{}, {"is_frozen": True, "last_outcome": "frozen"}], (2, 2, 0, 0, "frozen")),
    ("silent", [{}, {"is_silent": True, "last_outcome": "silent"}], (2, 2, 0, 0, "silent")),
    ("silent, and back", [{"is_silent": True, "last_outcome": "silent"}, {}], None),
]


@pytest.mark.parametrize(("nights", "expected"), [case[1:] for case in NIGHTS], ids=[case[0] for case in NIGHTS])
def test_feeds_not_seen_whole(nights, expected) -> None:
    rows = [{**WHOLE, "night": date(2025, 9, 16 + number), **night} for number, night in enumerate(nights)]
    gaps = feeds_not_seen_whole(pd.DataFrame(rows), OUTLETS)
    found = [
        (gap.nights_asked, gap.nights_answered, gap.polls_without_overlap, gap.items_lost, gap.last_outcome)
        for gap in gaps
    ]
    assert found == ([expected] if expected else [])
    assert all((gap.outlet, gap.country, gap.feed_id) == ("Tulpar", "KG", "tulpar/ru") for gap in gaps)
