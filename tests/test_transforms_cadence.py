"""How often a feed must be asked so that two polls overlap, by the dates of its items."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.cadence import LONGEST_INTERVAL, SHORTEST_INTERVAL, items_per_hour, poll_interval
from transforms.records import Entry

NOW = datetime(2025, 9, 23, 21, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def items(*ages: timedelta | None) -> list[Entry]:
    fields = dict.fromkeys(Entry.__dataclass_fields__)
    return [Entry(**{**fields, "published_at": None if age is None else NOW - age}) for age in ages]


def steady(count: int, pause: timedelta, newest: timedelta = timedelta()) -> list[timedelta]:
    return [newest + pause * number for number in range(count)]


INTERVALS = [
    ("an agency: 20 items, six minutes apart", steady(20, HOUR / 10), HOUR),
    ("20 items, half an hour apart", steady(20, HOUR / 2), 5 * HOUR),
    ("the same, an old one pinned on top", [900 * DAY, *steady(19, HOUR / 2)], 5 * HOUR),
    ("the same, at the end of a quiet night", steady(20, HOUR / 2, 9 * HOUR), 5 * HOUR),
    ("a busy day after quiet ones", [*steady(10, HOUR / 2), *steady(10, 20 * HOUR, DAY)], 5 * HOUR),
    ("a weekly", steady(10, 7 * DAY), LONGEST_INTERVAL),
    ("one item", [HOUR], SHORTEST_INTERVAL),
    ("no items", [], SHORTEST_INTERVAL),
    ("items without dates", [None] * 20, SHORTEST_INTERVAL),
    ("all dated by the clock", [timedelta()] * 20, SHORTEST_INTERVAL),
    ("announced events with dates to come", [-DAY, *steady(20, HOUR / 2)], 5 * HOUR),
]


@pytest.mark.parametrize(("ages", "interval"), [case[1:] for case in INTERVALS], ids=[case[0] for case in INTERVALS])
def test_the_interval_is_half_of_the_busiest_window(ages, interval):
    assert poll_interval(items(*ages), NOW) == interval


@given(st.lists(st.one_of(st.none(), st.timedeltas(-900 * DAY, 9000 * DAY)), max_size=60))
def test_the_interval_keeps_its_bounds(ages):
    assert SHORTEST_INTERVAL <= poll_interval(items(*ages), NOW) <= LONGEST_INTERVAL < DAY


@given(st.integers(2, 100), st.timedeltas(timedelta(minutes=2), 3 * DAY))
def test_polls_of_a_steady_feed_overlap(count, pause):
    interval = poll_interval(items(*steady(count, pause)), NOW)
    assert interval <= pause * count or interval == SHORTEST_INTERVAL


PACES = [
    ("20 items, an hour apart", steady(20, HOUR, HOUR), pytest.approx(20 / 21)),
    ("some pinned ones do not count", [*steady(20, HOUR, HOUR), 900 * DAY], pytest.approx(21 / 22)),
    ("no dates", [None] * 5, None),
    ("dated by the clock", [timedelta()] * 20, None),
    ("a burst is bounded", [HOUR / 9] * 5000, 200.0),
]


@pytest.mark.parametrize(("ages", "pace"), [case[1:] for case in PACES], ids=[case[0] for case in PACES])
def test_the_pace_is_that_of_the_median_item(ages, pace):
    assert items_per_hour(items(*ages), NOW) == pace
