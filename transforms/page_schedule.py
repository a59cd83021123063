"""When a page is asked again: to get what could not be had, and to find corrections of what was read.

A page that was read is looked at again after 1, 3 and 7 days, since most corrections come soon; one that could not be
had is tried a few times at growing pauses. Pure: the clock is an argument. Called by the flow that loads pages.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from transforms.records import Outcome

MOST_PAGE_ATTEMPTS: Final = 5  # in vain; then the page is given up
RECHECKS: Final = (timedelta(days=1), timedelta(days=3), timedelta(days=7))
_SLACK: Final = timedelta(hours=6)  # nights do not begin to the minute: without it a day would often become two
_RETRIES: Final = tuple(timedelta(hours=12 * 2**number) for number in range(MOST_PAGE_ATTEMPTS - 1))
HAD: Final = frozenset({Outcome.FETCHED, Outcome.NOT_MODIFIED, Outcome.UNCHANGED})
_GONE: Final = frozenset({Outcome.MISSING, Outcome.REFUSED_ADDRESS})


def next_page_visit(outcome: Outcome, attempts: int, first_read_at: datetime | None, now: datetime) -> datetime | None:
    """Return when to ask for a page again; None for one that is gone, given up, or looked at often enough.

    `attempts` counts those since the page last answered, this one included. A failed look at a page that was read
    before is not repeated: the next one in the schedule does.
    """
    if outcome in _GONE:
        return None
    if first_read_at is not None:
        return next_recheck(first_read_at, now)
    return now + _RETRIES[attempts - 1] if attempts < MOST_PAGE_ATTEMPTS else None


def next_recheck(first_read_at: datetime, now: datetime) -> datetime | None:
    """Return the next moment at which a page that was read is looked at for corrections; None after the last."""
    moments = (first_read_at + age - _SLACK for age in RECHECKS)
    return next((moment for moment in moments if moment > now), None)
