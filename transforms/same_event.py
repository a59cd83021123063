"""Whether two reports tell of one event, and on what that rests: the pair test of the codebook (section 7).

Wrong joins cost more than missed ones: a join destroys two rows, a miss shows one twice. So whatever two reports share
counts only as far as nothing they say excludes it. Pure; it never looks at a third report, which is what `clusters`
does. Called by `clusters` and `linking`.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal
from zoneinfo import ZoneInfo

from transforms.records import Event, EventReport, EventType, Organisation, Status
from transforms.text import fold, is_han

DAYS_APART = 3
DAYS_TO_COME = 120
_SHARED_PARTIES = 2
_SECONDS_PER_DAY = 86_400
_AHEAD = frozenset({"proposed", "planned"})
_OFF = frozenset({"suspended", "ended"})
_SERIAL = frozenset({"gathering", "contest"})  # elsewhere a series is where something was signed, not what was signed
_LASTING = frozenset({"agreement", "content", "membership", "presence"})  # a document or a work, known by its parties
_FIGURES = re.compile(r"\d+")
_ROMAN = re.compile(r"M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_FIRST_YEAR = 1900  # an edition of this size is a year, not a number


@dataclass(frozen=True, slots=True)
class Parties:
    """Who takes part, as one report or all reports of a cluster have it; `homes` maps names to their countries."""

    type: EventType
    homes: Mapping[str, str | None]
    countries: frozenset[str]
    regions: frozenset[str]


@dataclass(frozen=True, slots=True)
class Traits:
    """What the pair test asks of a report; days are proleptic ordinals."""

    report: EventReport
    group: str
    status: Status
    parties: Parties
    series: str | None
    edition: tuple[str, int] | tuple[str, str] | None
    first: int  # first and last day on which the event may have its day
    last: int
    is_span: bool  # the day is known only to the month or the year
    is_dated: bool  # the text gives the day, or a span; else it is that of publication
    published: float

    @property
    def is_ahead(self) -> bool:
        """Whether it is yet to come, as the report tells it."""
        return self.status in _AHEAD


@dataclass(frozen=True, slots=True, order=True)
class Tie:
    """What joins two reports; the smaller, the firmer."""

    is_loose: bool  # too few parties are shared to let two clusters become one that disagree
    by: Literal["day", "plan", "span"]


def traits_of(report: EventReport) -> Traits:
    """Return what the pair test asks of a report."""
    event = report.event
    first, last = _days(report)
    is_dated = event.date_start is not None and event.date_granularity != "unresolved"
    return Traits(
        report=report,
        group=event.group,
        status=event.status,
        parties=Parties(
            event.type,
            {name_key(one): one.country for one in event.organisations},
            frozenset(event.countries),
            frozenset(event.regions),
        ),
        series=event.series,
        edition=_edition(event.edition),
        first=first,
        last=last,
        is_span=is_dated and event.date_granularity != "day",
        is_dated=is_dated,
        published=report.published_at.timestamp(),
    )


def name_key(one: Organisation) -> str:
    """Return what an organisation is compared by: its id, or its name without case, signs and accents."""
    if one.id:
        return one.id
    bare = "".join(c for c in unicodedata.normalize("NFKD", fold(one.name)) if not unicodedata.combining(c))
    return "?" + " ".join(bare.split())


def tie_between(one: Traits, other: Traits) -> Tie | None:
    """Return what joins two reports of different articles, or None where they tell of different events."""
    if one.report.article_id == other.report.article_id or one.group != other.group or are_other_series(one, other):
        return None
    by = _tie_in_time(one, other)
    if by is None or _is_aside(one, other) or _is_aside(other, one) or _is_notice(one, other):
        return None
    if _is_one_series(one, other):
        return Tie(is_loose=False, by=by)
    is_loose = parties_fit(one.parties, other.parties)
    # One party within a month or a year is a coincidence.
    return None if is_loose is None or (is_loose and by == "span") else Tie(is_loose, by)


def are_other_series(one: Traits, other: Traits) -> bool:
    """Say whether two events are of different series, or of different editions; a number and a year may be one."""
    if one.series and other.series and one.series != other.series:
        return True
    left, right = one.edition, other.edition
    return bool(left and right and left[0] == right[0] and left != right)


def parties_fit(one: Parties, other: Parties) -> bool | None:
    """Say how well parties fit: False where two of two countries are shared, True where less is, None where not.

    One party (or several of one country) is not enough where both sides name other partners.
    """
    shared = one.homes.keys() & other.homes.keys()
    if not shared:
        is_unnamed = not one.homes and not other.homes and one.type == other.type
        is_equal = (one.countries, one.regions) == (other.countries, other.regions)
        return True if is_unnamed and is_equal and len(one.countries) + len(one.regions) > 1 else None
    homes = {one.homes[name] or other.homes[name] for name in shared}
    if len(shared) >= _SHARED_PARTIES and (len(homes) > 1 or None in homes):
        return False
    ours, theirs = one.homes.keys() - shared, other.homes.keys() - shared
    if _are_other_partners(ours, theirs) and not one.type == other.type == "forum":
        return None
    is_beyond = bool((one.countries & other.countries) - homes)
    is_silent = not ours and not theirs and one.countries == other.countries
    if is_silent and len(shared) >= _SHARED_PARTIES:
        return False
    return True if is_beyond or is_silent else None


def _are_other_partners(ours: Iterable[str], theirs: Iterable[str]) -> bool:
    """Say whether two sides name different partners; names in different scripts may be those of one."""
    return any(_script(left) == _script(right) for left in ours for right in theirs)


def _script(key: str) -> str:
    """Return the script of a name as written; an id of the gazetteer is a script of its own."""
    if not key.startswith("?"):
        return "id"
    if any(is_han(c) for c in key):
        return "han"
    return "cyrillic" if any("Ѐ" <= c <= "ԯ" for c in key) else "other"


def _is_one_series(one: Traits, other: Traits) -> bool:
    """Say whether both are gatherings or contests of one series."""
    return one.series is not None and one.series == other.series and one.group in _SERIAL


def _is_aside(forum: Traits, meeting: Traits) -> bool:
    """Say whether two met beside a forum of many."""
    if forum.parties.type != "forum" or meeting.parties.type != "meeting":
        return False
    many = forum.series or len(forum.parties.homes) > 2 or len(forum.parties.countries) > 2
    return bool(many) and len(meeting.parties.homes) == 2 and len(forum.parties.homes) != 2


def _is_notice(one: Traits, other: Traits) -> bool:
    """Say whether one outlet's words differ in their figures alone: what it publishes each day or week anew."""
    left, right = one.report, other.report
    if left.outlet_id != right.outlet_id or left.text_digest == right.text_digest or one.first == other.first:
        return False
    ours, theirs = ([quote.quote for quote in report.event.evidence] for report in (left, right))
    return ours != theirs and [_FIGURES.sub("0", q) for q in ours] == [_FIGURES.sub("0", q) for q in theirs]


def _tie_in_time(one: Traits, other: Traits) -> Literal["day", "plan", "span"] | None:
    """Return what of their times joins two reports."""
    early, late = (one, other) if one.published <= other.published else (other, one)
    is_one_proposed = (one.status == "proposed") != (other.status == "proposed")  # a proposal has no day to compare
    if not is_one_proposed and not _is_of_next_time(early, late):
        if not one.is_span and not other.is_span:
            if abs(one.first - other.first) <= DAYS_APART:
                return "day"
        elif _spans_agree(one, other):
            is_identified = _is_one_series(one, other) and one.edition is not None and one.edition == other.edition
            return "day" if is_identified else "span"
    return "plan" if _is_expected(early, late) else None


def _is_of_next_time(early: Traits, late: Traits) -> bool:
    """Say whether the later report announces, without a day, what comes after what the earlier told as done."""
    return bool(late.is_ahead and not early.is_ahead and not late.is_dated and (late.series or early.series))


def _spans_agree(one: Traits, other: Traits) -> bool:
    """Say whether a month or a year holds the other's day; what is renewed is not what it renews."""
    if (one.status == "renewed") != (other.status == "renewed") and not (one.is_ahead or other.is_ahead):
        return False
    return max(one.first, other.first) <= min(one.last, other.last)


def _is_expected(early: Traits, late: Traits) -> bool:
    """Say whether the earlier report announces, without a day, what the later one tells of within 120 days."""
    if early.status not in _AHEAD or (early.is_dated and late.status not in _OFF):
        return False
    if late.published - early.published > DAYS_TO_COME * _SECONDS_PER_DAY:
        return False
    shared = early.parties.homes.keys() & late.parties.homes.keys()
    is_same_work = (
        early.parties.type == late.parties.type and len(shared) >= _SHARED_PARTIES and early.group in _LASTING
    )
    return _is_one_series(early, late) or is_same_work


def _days(report: EventReport) -> tuple[int, int]:
    """Return the first and last day on which the event may have its day."""
    event = report.event
    if event.date_start is None or event.date_granularity == "unresolved":
        local = report.published_at.astimezone(ZoneInfo(report.time_zone)) if report.time_zone else report.published_at
        return local.date().toordinal(), local.date().toordinal()
    start = event.date_start.toordinal()
    return (start, start) if event.date_granularity == "day" else (start, max(start, _end_of_span(event).toordinal()))


def _end_of_span(event: Event) -> date:
    """Return the last day of the month or year in which an event has its day; what still runs began in it."""
    start = event.date_start
    assert start is not None
    if event.date_end is not None:
        return event.date_end
    month = 12 if event.date_granularity == "year" else start.month
    return date(start.year, month, calendar.monthrange(start.year, month)[1])


def _edition(written: str | None) -> tuple[str, int] | tuple[str, str] | None:
    """Return an edition as its number, its year, or as written."""
    if not written or not (words := written.strip()):
        return None
    if words.isdecimal():
        return ("year" if int(words) >= _FIRST_YEAR else "number"), int(words)
    if _ROMAN.fullmatch(words.upper()):
        return "number", _roman(words.upper())
    return "words", fold(words)


def _roman(numeral: str) -> int:
    """Return the value of a Roman numeral."""
    values = [_ROMAN_VALUES[letter] for letter in numeral]
    return sum(-value if value < after else value for value, after in zip(values, [*values[1:], 0], strict=True))
