"""When pages are asked again: retries of what could not be had, looks at what was read."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.page_schedule import MOST_PAGE_ATTEMPTS, RECHECKS, next_page_visit
from transforms.records import Outcome

READ = datetime(2025, 9, 16, 21, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

VISITS = {
    "just read: after a day": (Outcome.FETCHED, 1, 0 * DAY, 18 * HOUR),
    "a night begins a little early: it is due already": (Outcome.FETCHED, 1, 23 * HOUR, 2 * DAY + 18 * HOUR),
    "after a day: after three": (Outcome.NOT_MODIFIED, 1, DAY, 2 * DAY + 18 * HOUR),
    "after three: after seven": (Outcome.UNCHANGED, 1, 3 * DAY, 6 * DAY + 18 * HOUR),
    "after seven: never again": (Outcome.FETCHED, 1, 7 * DAY, None),
    "the monitor slept for a week": (Outcome.FETCHED, 1, 10 * DAY, None),
    "a failed look is not repeated": (Outcome.TIMEOUT, 1, DAY, 2 * DAY + 18 * HOUR),
    "an article that was taken away": (Outcome.MISSING, 1, DAY, None),
}


@pytest.mark.parametrize(("outcome", "attempts", "age", "due"), VISITS.values(), ids=VISITS.keys())
def test_a_page_that_was_read(outcome: Outcome, attempts: int, age: timedelta, due: timedelta | None) -> None:
    expected = None if due is None else READ + due
    assert next_page_visit(outcome, attempts, READ, READ + age) == expected


FAILURES = {
    "first failure": (Outcome.TIMEOUT, 1, 12 * HOUR),
    "second": (Outcome.HTTP_5XX, 2, DAY),
    "fourth": (Outcome.UNPARSABLE, 4, 4 * DAY),
    "fifth: given up": (Outcome.TIMEOUT, MOST_PAGE_ATTEMPTS, None),
    "gone": (Outcome.MISSING, 1, None),
    "a forbidden address": (Outcome.REFUSED_ADDRESS, 1, None),
}


@pytest.mark.parametrize(("outcome", "attempts", "due"), FAILURES.values(), ids=FAILURES.keys())
def test_a_page_that_was_never_read(outcome: Outcome, attempts: int, due: timedelta | None) -> None:
    assert next_page_visit(outcome, attempts, None, READ) == (None if due is None else READ + due)


@given(st.lists(st.tuples(st.sampled_from(Outcome), st.timedeltas(timedelta(0), 3 * DAY)), max_size=30))
def test_a_page_is_asked_a_bounded_number_of_times_and_never_at_once(steps) -> None:
    """Whatever happens, a page that was read is looked at three times more at most."""
    now, due, looks = READ, next_page_visit(Outcome.FETCHED, 1, READ, READ), 0
    for outcome, late in steps:
        if due is None:
            break
        assert due > now
        now = due + late
        looks += 1
        due = next_page_visit(outcome, 1, READ, now)
    assert looks <= len(RECHECKS)
