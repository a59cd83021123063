"""How long a server, or a feed itself, asks not to be asked again: by headers, and by what the feed says of itself.

Pure, and bounded by the caller's clock: what is asked for only ever delays a poll. Nothing a server sends raises.
Called by `schedule` and by the feed readers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from transforms.records import Response

LONGEST_RETRY_AFTER: Final = timedelta(days=30)
LONGEST_FRESHNESS: Final = timedelta(days=1)

_NO_PAUSE: Final = timedelta()
_MAX_AGE: Final = re.compile(r"(?<![\w-])max-age\s*=\s*\"?(\d+)", re.IGNORECASE)
_SECONDS_OF_PERIOD: Final = {
    "hourly": 3_600,
    "daily": 86_400,
    "weekly": 7 * 86_400,
    "monthly": 30 * 86_400,
    "yearly": 365 * 86_400,
}


def asked_pause(response: Response, declared_seconds: float | None, now: datetime) -> timedelta:
    """Return how long an answer asks to wait: Retry-After up to 30 days, freshness and the feed's own word up to one.

    `declared_seconds` is what the feed says of itself (`declared_pause_seconds`), None where it says nothing.
    """
    declared = min(timedelta(seconds=min(declared_seconds or 0.0, 1e9)), LONGEST_FRESHNESS)
    return max(retry_after(response, now), freshness(response, now), declared, _NO_PAUSE)


def retry_after(response: Response, now: datetime) -> timedelta:
    """Return the pause that Retry-After asks for, in seconds or as a date, at most 30 days; zero without one."""
    value = (response.header("retry-after") or "").strip()
    if (seconds := _whole_number(value)) is not None:
        return min(timedelta(seconds=seconds), LONGEST_RETRY_AFTER)
    until = _http_date(value)
    return min(max(until - now, _NO_PAUSE), LONGEST_RETRY_AFTER) if until else _NO_PAUSE


def freshness(response: Response, now: datetime) -> timedelta:
    """Return how long the answer says it stays fresh, at most a day (RFC 9111: max-age goes before Expires).

    The time that it has already lain in a cache on the way (Age) is spent.
    """
    control = ",".join(value for name, value in response.headers if name.lower() == "cache-control")
    if found := _MAX_AGE.search(control):
        lifetime = timedelta(seconds=_whole_number(found.group(1)) or 0)
    elif expires := _http_date(response.header("expires") or ""):
        lifetime = expires - (_http_date(response.header("date") or "") or now)
    else:
        return _NO_PAUSE
    age = timedelta(seconds=_whole_number((response.header("age") or "").strip()) or 0)
    return min(max(lifetime - age, _NO_PAUSE), LONGEST_FRESHNESS)


def declared_pause_seconds(channel: Mapping[str, object]) -> float | None:
    """Return the pause that a feed asks for by `ttl` (minutes) or `sy:updatePeriod` and `sy:updateFrequency`.

    `channel` holds the elements of the channel as feedparser names them. Of two that disagree the longer counts.
    """
    minutes = _whole_number(_word(channel, "ttl"))
    period = _SECONDS_OF_PERIOD.get(_word(channel, "sy_updateperiod").lower())
    frequency = _whole_number(_word(channel, "sy_updatefrequency")) or 1
    pauses = [60.0 * minutes] if minutes else []
    pauses += [period / frequency] if period else []
    return max(pauses, default=None)


def _word(channel: Mapping[str, object], name: str) -> str:
    """Return an element's text without space around it; an empty one where there is none."""
    value = channel.get(name)
    return value.strip() if isinstance(value, str) else ""


def _whole_number(text: str) -> int | None:
    """Return a number of at most ten digits (the longest of longer ones), None for what is no number."""
    if not (text.isascii() and text.isdigit()):
        return None
    return min(int(text[:12]), 10**9)


def _http_date(value: str) -> datetime | None:
    """Return the moment that an HTTP date names, None for what is none; "0" and "-1" are common and are none."""
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
