from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.dates import read_time, zone_of

ALMATY = zone_of("Asia/Almaty")  # UTC+5 since March 2024, UTC+6 before


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Mon, 22 Sep 2025 10:20:30 +0500", "2025-09-22T05:20:30"),
        ("Mon, 22 Sep 2025 10:20:30 GMT", "2025-09-22T10:20:30"),
        ("22 Sep 2025 10:20", "2025-09-22T05:20:00"),
        ("22 Sep 23 10:20 EST", "2023-09-22T15:20:00"),
        ("Mon, 22 Sep 2025 10:20:30 MSK", "2025-09-22T07:20:30"),
        ("2025-09-22T10:20:30Z", "2025-09-22T10:20:30"),
        ("2025-09-22T10:20:30.5+05:00", "2025-09-22T05:20:30"),
        ("2025-09-22 10:20", "2025-09-22T05:20:00"),
        ("2025-09-22", "2025-09-21T19:00:00"),
        ("2023-09-22", "2023-09-21T18:00:00"),
        ("20250922", "2025-09-21T19:00:00"),
        ("2025-09", "2025-08-31T19:00:00"),
        ("Пн, 22 сен 2025 10:20:00 +0600", "2025-09-22T04:20:00"),
        ("22 сентября 2025 г. в 10:20", "2025-09-22T05:20:00"),
        ("22 қыркүйек 2025, 10:20", "2025-09-22T05:20:00"),
        ("22 sentyabr 2025 10:20", "2025-09-22T05:20:00"),
        ("22 Eylül 2025 10:20", "2025-09-22T05:20:00"),
        ("22.09.2025 10:20", "2025-09-22T05:20:00"),
        ("2025年9月22日 10:20", "2025-09-22T05:20:00"),
        ("September 22, 2025 10:20 PM", "2025-09-22T17:20:00"),
        ("Mon Sep 22 10:20:30 2025", "2025-09-22T05:20:30"),
        ("2025-09-22T24:00:00Z", "2025-09-23T00:00:00"),
        ("31 Feb 2025 10:20", None),
        ("10:20", None),
        ("yesterday", None),
        ("", None),
        (None, None),
        ("0001-01-01T00:00:00+14:00", None),
        ("9999-12-31T23:59:59-12:00", None),
    ],
)
def test_times_are_read_in_the_zone_written_or_the_outlets(raw, expected):
    read = read_time(raw, ALMATY)
    assert (read and read.replace(tzinfo=None).isoformat()) == expected
    assert read is None or read.tzinfo is UTC


def test_a_zone_name_that_the_outlets_zone_bears_is_the_outlets():
    assert read_time("22 Sep 2025 10:20 CST", zone_of("Asia/Shanghai")) == datetime(2025, 9, 22, 2, 20, tzinfo=UTC)
    assert read_time("22 Sep 2025 10:20 CST", zone_of("America/Chicago")) == datetime(2025, 9, 22, 16, 20, tzinfo=UTC)


def test_an_unknown_zone_is_utc():
    assert zone_of("Moon/Crater") is UTC
    assert zone_of("../etc/passwd") is UTC


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2050, 1, 1)),  # noqa: DTZ001 - hypothesis wants them without
    st.integers(-12 * 60, 14 * 60).map(lambda minutes: minutes - minutes % 15),
)
def test_what_is_written_in_iso_or_mail_form_comes_back(moment, minutes):
    moment = moment.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=minutes)))
    assert read_time(moment.isoformat(), UTC) == moment
    assert read_time(moment.strftime("%a, %d %b %Y %H:%M:%S %z"), UTC) == moment


@given(st.text(max_size=60))
def test_no_text_makes_it_raise(text):
    read = read_time(text, ALMATY)
    assert read is None or read.tzinfo is UTC
