"""When an event was or will be, from the words of a sentence and the time of publication; refused rather than guessed.

The months and days of the week are concepts of the lexicons, so one reading serves all languages: a day stands beside
its month, a year not far from it, on either side. Chinese dates and dates in figures have patterns. Called by
`coding`.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from transforms.hits import Hit
from transforms.passages import Passage
from transforms.records import EventDateBasis, Granularity

_LONGEST_EVENT_DAYS = 45
_UNTIL_REACH = 6  # characters between "until" and the month: room for the day
_MONTH_REACH = 14  # and the month itself, before a word that follows it
_YEARS = {"last": -1, "this": 0, "next": 1}
_TOKEN = re.compile(r"\d+|[^\W\d_]+|[–—-]")
_HAN = re.compile(
    r"(?:(?P<year>\d{4})年)?(?P<month>\d{1,2})月(?P<day>\d{1,2})日?"
    r"(?:\s*(?:至|到|-|—|–|~)\s*(?:(?P<month2>\d{1,2})月)?(?P<day2>\d{1,2})日)?"
)
_HAN_DATE = re.compile(r"[\d年月日]+")
_HAN_MONTH = re.compile(r"(?:(?P<year>\d{4})年)?(?<!\d)(?P<month>\d{1,2})月(?:份|底|初|中旬|上旬|下旬)?(?!\d)")
_HAN_DAY = re.compile(r"(?<![\d月至到\-—–~])(\d{1,2})日(?![电電讯訊报報])")
_FIGURES = re.compile(r"(?<!\d)(?:(\d{4})-(\d\d)-(\d\d)|(\d{1,2})\.(\d{1,2})\.(\d{4}))(?!\d)")


@dataclass(frozen=True)
class EventDate:
    """First and last day, how fine they are, and what they rest on; `at` is where the words stand."""

    start: date | None
    end: date | None
    granularity: Granularity
    basis: EventDateBasis
    at: int = 0


UNKNOWN = EventDate(None, None, "unresolved", "none")
AS_PUBLISHED = EventDate(None, None, "unresolved", "publication")


def publication_day(published_at: datetime | None, time_zone: str | None) -> date | None:
    """Return the local day of publication; without a zone the offset of the time itself holds."""
    if published_at is None:
        return None
    return (published_at.astimezone(ZoneInfo(time_zone)) if time_zone else published_at).date()


def dates_in(passage: Passage, published: date | None) -> list[EventDate]:
    """Return the dates that a passage names, finest first, then in the order of the words; deadlines are left out."""
    found = [
        *_figure_dates(passage, published),
        *_month_dates(passage, published),
        *_relative_dates(passage, published),
    ]
    kept = [item for item in found if not _is_deadline(passage, item)]
    order = {"day": 0, "month": 1, "year": 2, "unresolved": 3}
    return sorted(kept, key=lambda item: (order[item.granularity], item.basis != "explicit", item.at))


def years_in(passage: Passage) -> list[EventDate]:
    """Return the bare years that a passage names: for what runs since then."""
    years = re.finditer(r"(?<!\d)(?:19|20)\d\d(?!\d)", passage.text)
    return [_year(int(match.group()), match.start() + passage.sentence.start, "explicit") for match in years]


def _figure_dates(passage: Passage, published: date | None) -> Iterator[EventDate]:
    """Yield dates in figures and Chinese ones."""
    base = passage.sentence.start
    for match in _HAN.finditer(passage.text):
        year = int(match["year"]) if match["year"] else None
        first = (int(match["month"]), int(match["day"]))
        last = (int(match["month2"] or match["month"]), int(match["day2"])) if match["day2"] else first
        yield _day(year, first, last, published, base + match.start())
    yield from _bare_han_dates(passage, published)
    for match in _FIGURES.finditer(passage.text):
        y, m, d = match.groups()[:3] if match[1] else (match[6], match[5], match[4])
        yield _day(int(y), (int(m), int(d)), (int(m), int(d)), published, base + match.start())


def _bare_han_dates(passage: Passage, published: date | None) -> Iterator[EventDate]:
    """Yield Chinese months without a day, and days without a month: the last one, of what is planned the next."""
    for match in _HAN_MONTH.finditer(passage.text):
        month, at = int(match["month"]), passage.sentence.start + match.start()
        if 1 <= month <= 12 and (match["year"] or published):
            yield _month(int(match["year"]) if match["year"] else _nearest_year(month, published), month, at)  # type: ignore[arg-type]
    for match in _HAN_DAY.finditer(passage.text) if published else ():
        day = _day_around(int(match[1]), published, is_ahead=passage.has("plan"))  # type: ignore[arg-type]
        if day is not None:
            yield EventDate(day, day, "day", "relative", passage.sentence.start + match.start())


def _day_around(number: int, published: date, is_ahead: bool) -> date | None:
    """Return the nearest day of this number up to publication, or from it on."""
    step = 1 if is_ahead else -1
    days = (published + timedelta(days=step * n) for n in range(31))
    return next((day for day in days if day.day == number), None)


def _month_dates(passage: Passage, published: date | None) -> Iterator[EventDate]:
    """Yield the dates around the names of months; two months side by side are a range."""
    months = sorted(passage.concepts.get("month", ()), key=lambda hit: hit.start)
    read = [part for hit in months if (part := _around(passage, hit)) is not None]
    skip = False
    for n, (hit, day, last, year) in enumerate(read):
        if skip:
            skip = False
            continue
        month = int(hit.line.rsplit(".", 1)[-1])
        if day is None:
            if year is not None:
                yield _month(year, month, hit.start)
            elif published is not None and _is_month(passage, hit):
                said = _relative_year(passage, hit, published)
                yield _month(said or _nearest_year(month, published), month, hit.start)
            continue
        end = (month, last or day)
        if n + 1 < len(read) and last is None and 0 < read[n + 1][0].start - hit.end <= 12 and read[n + 1][1]:
            end, skip = (int(read[n + 1][0].line.rsplit(".", 1)[-1]), read[n + 1][1] or day), True
        yield _day(year, (month, day), end, published, hit.start)


def _relative_year(passage: Passage, month: Hit, published: date) -> int | None:
    """Return the year that "next year's" and the like before a month give."""
    said = [hit for hit in passage.concepts.get("relative_year", ()) if 0 <= month.start - hit.end <= _UNTIL_REACH]
    return published.year + _YEARS[said[-1].line.rsplit(".", 1)[-1]] if said else None


def _is_month(passage: Passage, hit: Hit) -> bool:
    """Say whether a word is a month where nothing else says so: "May" and "March" are other words in small letters."""
    return passage.words[hit.start].isupper() or not hit.line.startswith("en:")


def _nearest_year(month: int, published: date) -> int:
    """Return the year in which a month without one lies nearest to publication."""
    years = (published.year - 1, published.year, published.year + 1)
    return min(years, key=lambda year: abs((year - published.year) * 12 + month - published.month))


def _around(passage: Passage, hit: Hit) -> tuple[Hit, int | None, int | None, int | None] | None:
    """Return day, last day and year that stand around a month's name."""
    start = passage.sentence.start
    before = _TOKEN.findall(passage.text[max(0, hit.start - start - 34) : hit.start - start])
    after = _TOKEN.findall(passage.text[hit.end - start : hit.end - start + 22])
    day, last = _days_before(before)
    if day is None:
        day, last = _days_after(after)
    year = _year_near(after[:4]) or _year_near(before[-6:][::-1])
    return hit, day, last, year


def _days_before(tokens: list[str]) -> tuple[int | None, int | None]:
    """Return the day, or first and last day, that end a list of tokens ("22 – 26", "с 22 по 26", "18 th of")."""
    rest = list(tokens)
    while rest and not rest[-1].isdigit() and len(rest[-1]) <= 4 and len(tokens) - len(rest) < 3:
        rest.pop()
    if not rest or not _is_day(rest[-1]):
        return None, None
    last = int(rest.pop())
    between = 0
    while rest and not rest[-1].isdigit() and len(rest[-1]) <= 4 and between < 3:
        rest.pop()
        between += 1
    if between and rest and _is_day(rest[-1]) and int(rest[-1]) < last:
        return int(rest[-1]), last
    return last, None


def _days_after(tokens: list[str]) -> tuple[int | None, int | None]:
    """Return the day, or first and last day, that begin a list of tokens ("28", "22 – 26")."""
    if not tokens or not _is_day(tokens[0]):
        return None, None
    if len(tokens) > 2 and tokens[1] in "–—-" and _is_day(tokens[2]) and int(tokens[2]) > int(tokens[0]):
        return int(tokens[0]), int(tokens[2])
    return int(tokens[0]), None


def _is_day(token: str) -> bool:
    """Say whether a token is the number of a day."""
    return token.isdigit() and len(token) <= 2 and 1 <= int(token) <= 31


def _year_near(tokens: list[str]) -> int | None:
    """Return the first year among tokens."""
    return next((int(t) for t in tokens if t.isdigit() and len(t) == 4 and 1900 <= int(t) <= 2100), None)


def _relative_dates(passage: Passage, published: date | None) -> Iterator[EventDate]:
    """Yield what is said relative to the day of publication."""
    if published is None:
        return
    shifts = {"today": 0, "yesterday": -1, "tomorrow": 1}
    for hit in passage.concepts.get("relative_day", ()):
        day = published + timedelta(days=shifts[hit.line.rsplit(".", 1)[-1]])
        yield EventDate(day, day, "day", "relative", hit.start)
    for hit in passage.concepts.get("weekday", ()):
        number = int(hit.line.rsplit(".", 1)[-1])
        if passage.has("plan"):
            day = published + timedelta(days=(number - published.isoweekday()) % 7)
        else:
            day = published - timedelta(days=(published.isoweekday() - number) % 7)
        yield EventDate(day, day, "day", "relative", hit.start)
    for hit in passage.concepts.get("relative_year", ()):
        yield _year(published.year + _YEARS[hit.line.rsplit(".", 1)[-1]], hit.start, "relative")


def _is_deadline(passage: Passage, item: EventDate) -> bool:
    """Say whether a day is only a deadline: "until 1 November", "1 қарашаға дейін"."""
    if item.start != item.end or item.granularity != "day":
        return False
    return any(_bounds(passage.words, hit, item.at) for hit in passage.concepts.get("until", ()))


def _bounds(words: str, until: Hit, at: int) -> bool:
    """Say whether a word such as "until" stands right beside a date, on the side where its language puts it."""
    if until.line.endswith(".after"):
        between = words[at : until.start] if until.start >= at else "-"
        return len(between) <= _MONTH_REACH and (not re.search(r"\d", between) or bool(_HAN_DATE.fullmatch(between)))
    return 0 <= at - until.end <= _UNTIL_REACH


def _day(year: int | None, first: tuple[int, int], last: tuple[int, int], published: date | None, at: int) -> EventDate:
    """Return a dated day or span of days; without a year it takes the one that lies nearest to publication."""
    if year is None and published is None:
        return EventDate(None, None, "unresolved", "explicit", at)
    years = [year] if year is not None else [published.year - 1, published.year, published.year + 1]  # type: ignore[union-attr]
    starts = [day for y in years if (day := _valid(y, *first)) is not None]
    if not starts:
        return EventDate(None, None, "unresolved", "explicit", at)
    start = min(starts, key=lambda day: abs((day - published).days) if published else 0)
    end = _valid(start.year + (last < first), *last) or start
    if (end - start).days > _LONGEST_EVENT_DAYS:
        end = start
    return EventDate(start, end, "day", "explicit", at)


def _valid(year: int, month: int, day: int) -> date | None:
    """Return the day where the calendar has it."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month(year: int, month: int, at: int) -> EventDate:
    """Return a whole month."""
    return EventDate(date(year, month, 1), date(year, month, monthrange(year, month)[1]), "month", "explicit", at)


def _year(year: int, at: int, basis: EventDateBasis) -> EventDate:
    """Return a whole year."""
    return EventDate(date(year, 1, 1), date(year, 12, 31), "year", basis, at)
