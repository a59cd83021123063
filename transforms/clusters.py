"""Reports of one event as clusters: what the pair test joins, without joining what excludes each other.

Clusters are connected components, with one exception: a tie that would bring together two editions, two events of one
article, or days too far apart is not followed. Reports are taken by seniority, each tied to the earlier ones, so that
the clusters depend on the set of reports alone, and reports that come later never part what stood before. Each report
is compared with those of its names and days: a night's work grows with the reports, not with their square.
Called by `linking`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from operator import itemgetter

from transforms.records import EventReport
from transforms.same_event import (
    DAYS_APART,
    DAYS_TO_COME,
    Parties,
    Tie,
    Traits,
    parties_fit,
    tie_between,
    traits_of,
)

# Follow-ups come every few days for some time; without a bound, what is told each week would become one event.
DAYS_OF_FOLLOWING = 14
# Of one name and day, the latest so many are compared: those before them are of the same clusters.
MOST_COMPARED = 100
MOST_NAMES = 8  # of a forum's many, by which a plan is looked for
_SECONDS_PER_DAY = 86_400
_Range = tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Cluster:
    """The reports of one event, by seniority; `rests_on_span` where only a month or a year holds them together."""

    reports: tuple[EventReport, ...]
    rests_on_span: bool


def seniority(report: EventReport) -> tuple[float, str, str, int]:
    """Return what orders reports: time, address, group, ordinal."""
    return report.published_at.timestamp(), report.canonical_url, report.event.group, report.ordinal


def clusters_of(reports: Sequence[EventReport]) -> list[Cluster]:
    """Return the clusters of these reports, in the order of their first reports, whatever order the reports have."""
    told = [traits_of(report) for report in sorted(reports, key=seniority)]
    shelves: dict[tuple[str, str], _Shelf] = defaultdict(_Shelf)
    joined, firm = _Sets(len(told)), _Sets(len(told))
    summaries = [_Summary.of(one) for one in told]
    for number, one in enumerate(told):
        names, bonds = _names(one), _bonds(one)
        earlier = {n for name in names for n in shelves[one.group, name].of_days(one)}
        earlier |= {n for bond in bonds for n in shelves[one.group, bond].of_months(one)}
        ties = [(tie, n) for n in sorted(earlier) if (tie := tie_between(told[n], one))]
        for tie, n in sorted(ties):
            _join(n, number, tie, joined, firm, summaries)
        for name in {*names, *bonds}:
            shelves[one.group, name].add(number, one)
    members: dict[int, list[int]] = defaultdict(list)
    for number in range(len(told)):
        members[joined.root(number)].append(number)
    return [
        Cluster(tuple(told[n].report for n in numbers), len({firm.root(n) for n in numbers}) > 1)
        for numbers in members.values()
    ]


def _join(left: int, right: int, tie: Tie, joined: _Sets, firm: _Sets, summaries: list[_Summary]) -> None:
    """Join the clusters of two reports, unless they exclude each other."""
    one, other = joined.root(left), joined.root(right)
    if one != other:
        if not _may_be_one(summaries[one], summaries[other], tie):
            return
        summaries[joined.unite(one, other)] = summaries[one].with_other(summaries[other])
    if tie.by != "span":
        firm.unite(firm.root(left), firm.root(right))


def _may_be_one(one: _Summary, other: _Summary, tie: Tie) -> bool:
    """Say whether two clusters can be one event: no article tells them apart, one series, one edition, days agree.

    A loose tie asks again whether the parties fit, now those of all reports.
    """
    both = one.with_other(other)
    kinds = [kind for kind, _ in both.editions]
    if one.articles & other.articles or len(both.series) > 1 or len(kinds) > len(set(kinds)):
        return False
    following = DAYS_OF_FOLLOWING if tie.by == "day" else max(DAYS_APART, _length(one.told), _length(other.told))
    if _length(both.dated) > DAYS_APART or _length(both.told) > following:
        return False
    return not tie.is_loose or parties_fit(one.parties, other.parties) is not None


def _names(one: Traits) -> list[str]:
    """Return what a report is found by: its organisations and its series, else the countries."""
    names = [*sorted(one.parties.homes), *([f"series {one.series}"] if one.series else [])]
    return names or [" ".join(("=", *sorted(one.parties.countries), *sorted(one.parties.regions)))]


def _bonds(one: Traits) -> list[str]:
    """Return what a report without a day, or a plan, is found by: each two of its organisations, and its series."""
    names = sorted(one.parties.homes)[:MOST_NAMES]
    return [*(" & ".join(pair) for pair in combinations(names, 2)), *([f"series {one.series}"] if one.series else [])]


class _Sets:
    """Disjoint sets of numbers; the smallest number stands for its set."""

    def __init__(self, size: int) -> None:
        self._parent = list(range(size))

    def root(self, number: int) -> int:
        """Return the number that stands for a number's set."""
        parent = self._parent
        while parent[number] != number:
            parent[number] = parent[parent[number]]
            number = parent[number]
        return number

    def unite(self, one: int, other: int) -> int:
        """Make one set of two, given by their roots, and return its root."""
        low, high = min(one, other), max(one, other)
        self._parent[high] = low
        return low


class _Shelf:
    """The earlier reports of one name, or of one bond, by day, by month and by when they announced something."""

    def __init__(self) -> None:
        self._of_day: dict[int, list[int]] = defaultdict(list)
        self._of_month: dict[int, list[int]] = defaultdict(list)
        self._spans_of_month: dict[int, list[int]] = defaultdict(list)
        self._announced: list[tuple[float, int]] = []

    def add(self, number: int, one: Traits) -> None:
        """Put a report on the shelf."""
        if not one.is_span:
            self._of_day[one.first].append(number)
        for month in _months(one):
            self._of_month[month].append(number)
            if one.is_span:
                self._spans_of_month[month].append(number)
        if one.is_ahead:
            self._announced.append((one.published, number))

    def of_days(self, one: Traits) -> Iterator[int]:
        """Yield the reports whose days lie near; none where the day is not known."""
        if not one.is_span:
            for day in range(one.first - DAYS_APART, one.first + DAYS_APART + 1):
                if day in self._of_day:
                    yield from self._of_day[day][-MOST_COMPARED:]

    def of_months(self, one: Traits) -> Iterator[int]:
        """Yield the reports that a month or a year, or an announcement, may join."""
        shelf = self._of_month if one.is_span else self._spans_of_month
        for month in _months(one):
            if month in shelf:
                yield from shelf[month][-MOST_COMPARED:]
        since = one.published - DAYS_TO_COME * _SECONDS_PER_DAY
        first = bisect_left(self._announced, since, key=itemgetter(0))
        yield from (number for _, number in self._announced[first:][-MOST_COMPARED:])


def _months(one: Traits) -> range:
    """Return the months, counted from year 0, that a report's day may lie in."""
    first, last = date.fromordinal(one.first), date.fromordinal(one.last)
    return range(first.year * 12 + first.month, last.year * 12 + last.month + 1)


@dataclass(frozen=True, slots=True)
class _Summary:
    """What all reports of a cluster say together, as far as it may exclude others."""

    parties: Parties
    articles: frozenset[str]
    series: frozenset[str]
    editions: frozenset[tuple[str, int] | tuple[str, str]]
    dated: _Range  # the days that texts give
    told: _Range  # the days on which it was done, as texts or publication say

    @classmethod
    def of(cls, one: Traits) -> _Summary:
        """Return what one report says."""
        day = None if one.is_span else (one.first, one.last)
        is_off = one.status in {"suspended", "ended", "proposed"}
        return cls(
            one.parties,
            frozenset({one.report.article_id}),
            frozenset({one.series} if one.series else ()),
            frozenset({one.edition} if one.edition else ()),
            day if one.is_dated and not is_off else None,
            day if not one.is_ahead and not is_off else None,
        )

    def with_other(self, other: _Summary) -> _Summary:
        """Return what two clusters say together."""
        ours, theirs = self.parties, other.parties
        return _Summary(
            Parties(
                ours.type,
                {**theirs.homes, **ours.homes},
                ours.countries | theirs.countries,
                ours.regions | theirs.regions,
            ),
            self.articles | other.articles,
            self.series | other.series,
            self.editions | other.editions,
            _range(self.dated, other.dated),
            _range(self.told, other.told),
        )


def _range(one: _Range, other: _Range) -> _Range:
    """Return the range that covers two."""
    if one is None or other is None:
        return one or other
    return min(one[0], other[0]), max(one[1], other[1])


def _length(days: _Range) -> int:
    """Return the days from the first to the last."""
    return 0 if days is None else days[1] - days[0]
