"""How fast a feed publishes, and how often it must therefore be asked so that two polls overlap.

Pure: times of items in, figures out. A feed shows its last N items; what is published while the N-th rolls out is never
seen. Called by `schedule` and, for estimates of what was lost, by the flows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import Final

from transforms.records import Entry

SHORTEST_INTERVAL: Final = timedelta(hours=1)
# Less than a day, so that a monitor that runs once a night finds every feed due, though it was hours late yesterday.
LONGEST_INTERVAL: Final = timedelta(hours=20)
_POLLS_PER_WINDOW: Final = 2  # the window is already that of the feed's busiest time
_YOUNGEST_HALF: Final = timedelta(minutes=6)  # where half the items are younger, they are dated by the clock
_MOST_ITEMS_PER_HOUR: Final = 200.0  # a large agency puts out 2,000 a day
_FUTURE_ALLOWED: Final = timedelta(hours=1)  # clocks are a little off; later dates are announcements


def poll_interval(entries: Iterable[Entry], now: datetime) -> timedelta:
    """Return the pause between two polls at which they overlap even when the feed is at its busiest.

    That is half of the time in which all items shown would be replaced at the pace of the densest half of them: pinned
    old items, nights and weekends do not make it longer. Never below an hour (which a feed without dates gets, too),
    never above 20 hours.
    """
    window = busiest_window(item_times(entries, now))
    return max(SHORTEST_INTERVAL, min((window or timedelta()) / _POLLS_PER_WINDOW, LONGEST_INTERVAL))


def busiest_window(times: Sequence[datetime]) -> timedelta | None:
    """Return how long as many items last at the pace of the densest half; None for fewer than two.

    `times` are in order. Nine items, of which some five follow each other within an hour, have one of nine quarters.
    """
    if len(times) < 2:
        return None
    steps = max(1, (len(times) - 1) // 2)
    densest = min(times[start + steps] - times[start] for start in range(len(times) - steps))
    return densest * len(times) / steps


def items_per_hour(entries: Iterable[Entry], now: datetime) -> float | None:
    """Return the pace at which a feed publishes, by the median age of its items; None where their dates say nothing.

    In a steady feed the median item is half as old as the whole feed; a few pinned or misdated items do not move it.
    """
    times = item_times(entries, now)
    if not times:
        return None
    age = timedelta(seconds=median((now - time).total_seconds() for time in times))
    if age < _YOUNGEST_HALF:
        return None
    return min(len(times) / (2 * age / timedelta(hours=1)), _MOST_ITEMS_PER_HOUR)


def item_times(entries: Iterable[Entry], now: datetime) -> list[datetime]:
    """Return when the items were published, in order; updates count where a feed gives nothing else."""
    times = (entry.published_at or entry.updated_at for entry in entries)
    return sorted(time for time in times if time and time <= now + _FUTURE_ALLOWED)
