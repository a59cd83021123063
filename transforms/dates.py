"""Times as feeds and pages write them, to UTC; a time without a zone is read in the outlet's.

Never looks at a clock: a date that names no year is refused. Called by the feed and page readers.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

# first letters of the months, in the order of the year, one line a language or family
_MONTHS: Final = (
    "jan feb mar apr may jun jul aug sep oct nov dec",
    "янв фев мар апр ма[йяи] июн июл авг сен окт ноя дек",  # also Kyrgyz, Tajik and Uzbek in Cyrillic
    "қаң ақп нау сәу мам мау шіл там қыр қаз қар жел",  # Kazakh
    "yan fev mart apr may iyun iyul av[gq] sent okt noy dek",  # Uzbek and Azerbaijani
    "ýan few mart apr maý iýun iýul awg sen okt noý dek",  # Turkmen
    "oca şub mar nis may haz tem ağu eyl eki kas ara",  # Turkish
)
_MONTH_PATTERNS: Final = tuple(
    (number, re.compile("|".join(line.split()[number - 1] for line in _MONTHS))) for number in range(1, 13)
)
_CLOCK: Final = (
    r"(?:[\s,T]*(?:в\s*)?(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
    r"(?:\s*(?P<half>[AP]M)\b)?)?"
)
_ZONE: Final = r"\s*(?P<zone>Z|[A-Za-z]{1,5}|(?:GMT|UTC)?\s*[+\-−]\d{1,2}:?\d{0,2})?"
_WEEKDAY: Final = r"(?:[^\W\d]+\.?,?\s+)?"
_FORMS: Final = tuple(
    re.compile(form + _CLOCK + _ZONE + r"(?:\s*\([^)]*\))?\s*$", re.IGNORECASE)
    for form in (
        r"^\s*(?P<year>\d{4})(?:[-/.]?(?P<month>\d{1,2})(?:[-/.]?(?P<day>\d{1,2}))?)?",
        r"^\s*(?P<year>\d{4})年(?P<month>\d{1,2})月(?P<day>\d{1,2})日",
        rf"^\s*{_WEEKDAY}(?P<day>\d{{1,2}})[\s-]+(?P<name>[^\W\d]+)\.?[\s,-]+(?P<year>\d{{4}}|\d{{2}})(?:\s*(?:г|ж)\.?,?)?",
        rf"^\s*{_WEEKDAY}(?P<name>[^\W\d]+)\.?\s+(?P<day>\d{{1,2}}),?\s+(?P<year>\d{{4}})",
        rf"^\s*{_WEEKDAY}(?P<day>\d{{1,2}})[./](?P<month>\d{{1,2}})[./](?P<year>\d{{4}})(?:\s*г\.?)?",
    )
)
_ASCTIME: Final = re.compile(r"^(\w{3}\s+)?(\w{3}\s+\d{1,2})\s+(\d{1,2}:\d{2}(?::\d{2})?)\s+([A-Z]{1,5}\s+)?(\d{4})$")
_HOURS_OF_ZONE: Final = {
    "z": 0, "gmt": 0, "utc": 0, "ut": 0, "wet": 0, "bst": 1, "cet": 1, "cest": 2, "eet": 2, "eest": 3, "msk": 3,
    "trt": 3, "azt": 4, "uzt": 5, "tjt": 5, "tmt": 5, "pkt": 5, "yekt": 5, "kgt": 6, "hkt": 8, "jst": 9, "kst": 9,
    "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7, "et": -5, "mt": -7,
    "ct": -6, "pt": -8, "aest": 10,
}  # fmt: skip


def zone_of(name: str) -> tzinfo:
    """Return the time zone of that IANA name, UTC for one that does not exist."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def read_time(raw: str | None, zone: tzinfo) -> datetime | None:
    """Return the moment that a feed or page wrote, in UTC; None when it cannot be read or lies outside the calendar.

    Understands ISO 8601 and its W3C profile, RFC 822, month names of the region's languages and day.month.year. Without
    a time it is midnight, without a zone the given zone counts; a day or month left out is the first.
    """
    text = " ".join((raw or "").split())[:100]
    if asctime := _ASCTIME.match(text):
        text = " ".join(part for part in (asctime[2], asctime[5], asctime[3], asctime[4]) if part)
    readings = (_moment(match, zone) for form in _FORMS if (match := form.match(text)))
    return next((moment for moment in readings if moment), None)


def to_utc(naive: datetime, zone: tzinfo) -> datetime | None:
    """Return a time without a zone, read in that zone, in UTC; None at the ends of the calendar."""
    try:
        return naive.replace(tzinfo=zone).astimezone(UTC)
    except OverflowError:
        return None


def _moment(match: re.Match[str], zone: tzinfo) -> datetime | None:
    """Return the moment of one matched form, or None when its numbers make no date."""
    parts = match.groupdict()
    month = _month(parts["name"]) if parts.get("name") else int(parts.get("month") or 1)
    try:
        midnight = datetime(_year(parts["year"]), month, int(parts.get("day") or 1))  # noqa: DTZ001 - zone added below
        naive = midnight + _since_midnight(parts)
        return to_utc(naive, _zone(parts["zone"], naive, zone))
    except (ValueError, OverflowError):
        return None


def _since_midnight(parts: dict[str, str | None]) -> timedelta:
    """Return the time of day; 24:00 and leap seconds are written by real feeds and mean the next day or minute."""
    hour, minute, second = (int(parts[part] or 0) for part in ("hour", "minute", "second"))
    if hour > 24 or minute > 59 or second > 60:
        raise ValueError("no time of day")
    if half := parts["half"]:
        hour = hour % 12 + (12 if half.upper() == "PM" else 0)
    return timedelta(hours=hour, minutes=minute, seconds=second)


def _year(digits: str) -> int:
    """Return a year; two digits are read as in RFC 2822."""
    year = int(digits)
    return year if len(digits) == 4 else year + (2000 if year < 50 else 1900)


def _month(name: str) -> int:
    """Return the number of a month by the first letters of its name, 0 for what is no month."""
    return next((number for number, pattern in _MONTH_PATTERNS if pattern.match(name.lower())), 0)


def _zone(written: str | None, naive: datetime, zone: tzinfo) -> tzinfo:
    """Return the zone that was written, or the outlet's.

    A name that the outlet's own zone bears is the outlet's: in China CST is not Chicago.
    """
    if not written or written == zone.tzname(naive):
        return zone
    if number := re.search(r"([+\-−])(\d{1,2}):?(\d{2})?$", written):
        minutes = int(number[2]) * 60 + int(number[3] or 0)
        return timezone(timedelta(minutes=minutes if number[1] == "+" else -minutes))
    hours = _HOURS_OF_ZONE.get(written.lower())
    return zone if hours is None else timezone(timedelta(hours=hours))
