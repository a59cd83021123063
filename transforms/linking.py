"""Reports of one event joined across articles, outlets and languages, with one id that any order of arrival gives.

A deterministic test says of two reports whether they tell of one event (`codebook.md` section 7); events are the
connected components. An id is minted from the earliest report, so it needs no memory; ids that later reports would
have minted resolve to it. Pure: it never reads what was published before, `flows` compares.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

from transforms.merging import merge_events
from transforms.records import ArticleText, CodedArticle, Event, EventReport, Status, digest

DAYS_APART = 3
DAYS_TO_COME = 120
_SHARED_PARTIES = 2
_LARGEST_BUCKET = 2000  # reports that share one name; beyond it a name says too little to compare all pairs
_AHEAD = frozenset({"proposed", "planned"})


@dataclass(frozen=True, slots=True)
class StatusChange:
    """A status of an event, with the first report that told of it."""

    status: Status
    report: EventReport


@dataclass(frozen=True, slots=True)
class LinkedEvent:
    """One event over all its reports, earliest first."""

    event: Event
    reports: tuple[EventReport, ...]
    history: tuple[StatusChange, ...]
    publisher_count: int


@dataclass(frozen=True, slots=True)
class LinkedEvents:
    """All events, by first report, and what each id that was given up resolves to."""

    events: tuple[LinkedEvent, ...]
    resolved: tuple[tuple[str, str], ...]


def link_reports(reports: Sequence[EventReport], originals: Mapping[str, str] | None = None) -> LinkedEvents:
    """Return the events that these reports tell of; `originals` maps an article that republishes to the original."""
    clusters = _clusters(sorted(reports, key=_seniority))
    events = [_linked(cluster, originals or {}) for cluster in clusters]
    superseding = _with_predecessors(events)
    resolved = {minted_id(r): linked.event.event_id for linked in superseding for r in linked.reports[1:]}
    own = {linked.event.event_id for linked in superseding}
    return LinkedEvents(
        tuple(superseding), tuple(sorted((old, new) for old, new in resolved.items() if old not in own))
    )


def link_coded(articles: Sequence[ArticleText], coded: Sequence[CodedArticle]) -> list[CodedArticle]:
    """Return coded articles in their order, their events with the ids that the whole set gives them."""
    reports = [r for article, result in zip(articles, coded, strict=True) for r in reports_of(article, result)]
    merged = {r.report_id: one.event for one in link_reports(reports).events for r in one.reports}
    results = []
    for article, result in zip(articles, coded, strict=True):
        told = [(event, merged.get(report_id(article.id, n, event))) for n, event in enumerate(result.events)]
        results.append(replace(result, events=tuple(_as_linked(*pair) for pair in told)))
    return results


def _as_linked(event: Event, merged: Event | None) -> Event:
    """Return an article's own event with what it shares with the merged one; an undated article's keeps its own id."""
    if merged is None:
        return event
    shared = {name: getattr(merged, name) for name in ("event_id", "first_reported_at", "supersedes")}
    return replace(event, **shared)


def reports_of(article: ArticleText, coded: CodedArticle) -> list[EventReport]:
    """Return the reports of one coded article; without a publication time none, since no day can be compared."""
    if article.published_at is None:
        return []
    outlet = article.outlet or article.id
    return [
        EventReport(
            report_id=report_id(article.id, ordinal, event),
            article_id=article.id,
            revision_id=article.id,
            capture_id=article.id,
            outlet_id=outlet,
            owner=outlet,
            canonical_url=article.url or article.id,
            published_at=article.published_at,
            time_zone=article.time_zone or "",
            ordinal=ordinal,
            text_digest=digest(article.title, article.text),
            event=event,
        )
        for ordinal, event in enumerate(coded.events)
    ]


def report_id(article_id: str, ordinal: int, event: Event) -> str:
    """Return the id of an article's report of an event."""
    return digest("report", article_id, event.group, str(ordinal))


def minted_id(report: EventReport) -> str:
    """Return the id that an event has when this is its earliest report."""
    moment = report.published_at.timestamp()
    return digest("event", f"{moment:.0f}", report.canonical_url, report.event.group, str(report.ordinal))


def _seniority(report: EventReport) -> tuple[float, str, str, int]:
    """Return what orders reports: time, address, group, ordinal."""
    return report.published_at.timestamp(), report.canonical_url, report.event.group, report.ordinal


def is_same_event(one: EventReport, other: EventReport) -> bool:
    """Say whether two reports of different articles tell of one event."""
    left, right = one.event, other.event
    if one.article_id == other.article_id or left.group != right.group or _are_other_editions(left, right):
        return False
    if not _shares_parties(left, right):
        return False
    is_one_proposed = (left.status == "proposed") != (right.status == "proposed")  # a proposal has no day to compare
    return (not is_one_proposed and _days_agree(one, other)) or _is_expected(one, other)


def _are_other_editions(left: Event, right: Event) -> bool:
    """Say whether two events are of different series or of different editions of one."""
    if left.series and right.series and left.series != right.series:
        return True
    return bool(left.edition and right.edition and left.edition != right.edition)


def _known(event: Event) -> set[str]:
    """Return the gazetteer ids of an event's organisations."""
    return {one.id for one in event.organisations if one.id}


def _shares_parties(left: Event, right: Event) -> bool:
    """Say whether two organisations are shared, or one and the countries, or, where none is named, the countries."""
    shared = len(_known(left) & _known(right))
    if shared >= _SHARED_PARTIES or (left.series is not None and left.series == right.series):
        return True
    ours, theirs = set(left.countries), set(right.countries)
    if shared == 1:
        return bool(ours & theirs) and (ours <= theirs or theirs <= ours or len(ours & theirs) >= _SHARED_PARTIES)
    is_unnamed = not _known(left) and not _known(right) and left.type == right.type
    return is_unnamed and bool(ours) and ours == theirs and set(left.regions) == set(right.regions)


def _span(report: EventReport) -> tuple[date, date]:
    """Return the first and last day on which the event may have its day."""
    event = report.event
    if event.date_start is None or event.date_granularity == "unresolved":
        zone = report.time_zone
        local = report.published_at.astimezone(ZoneInfo(zone)) if zone else report.published_at
        return local.date(), local.date()
    if event.date_granularity == "day":
        return event.date_start, event.date_start
    return event.date_start, event.date_end or date.max - timedelta(days=DAYS_TO_COME)


def _days_agree(one: EventReport, other: EventReport) -> bool:
    """Say whether the days are at most three apart; months and years are spans of days."""
    (start, end), (other_start, other_end) = _span(one), _span(other)
    apart = max(start, other_start) - min(end, other_end)
    return apart.days <= DAYS_APART


def _is_expected(one: EventReport, other: EventReport) -> bool:
    """Say whether the earlier report announces, without a day, what the later one tells of within 120 days."""
    early, late = sorted((one, other), key=_seniority)
    if early.event.status not in _AHEAD or (early.event.date_granularity == "day" and late.event.status != "ended"):
        return False
    is_known = early.event.series is not None and early.event.series == late.event.series
    is_same_work = early.event.type == late.event.type and len(_known(early.event) & _known(late.event)) >= 2
    waited = late.published_at - early.published_at
    return (is_known or is_same_work) and waited <= timedelta(days=DAYS_TO_COME)


def _clusters(reports: Sequence[EventReport]) -> list[list[EventReport]]:
    """Return the connected components of the pair test, each by seniority, in the order of their first reports."""
    parent = {report.report_id: report.report_id for report in reports}

    def root(key: str) -> str:
        while parent[key] != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    for one, other in _pairs(reports):
        if root(one.report_id) != root(other.report_id) and is_same_event(one, other):
            parent[root(other.report_id)] = root(one.report_id)
    clusters: dict[str, list[EventReport]] = defaultdict(list)
    for report in reports:
        clusters[root(report.report_id)].append(report)
    return list(clusters.values())


def _pairs(reports: Sequence[EventReport]) -> Iterable[tuple[EventReport, EventReport]]:
    """Yield the pairs worth comparing: of one group, with a name in common."""
    buckets: dict[tuple[str, str], list[EventReport]] = defaultdict(list)
    for report in reports:
        event = report.event
        names = [*_known(event), *([f"series {event.series}"] if event.series else [])]
        for name in names or [" ".join(event.countries)]:
            buckets[event.group, name].append(report)
    for bucket in buckets.values():
        if len(bucket) <= _LARGEST_BUCKET:
            yield from combinations(bucket, 2)
        else:
            yield from (
                (bucket[n], later)
                for n in range(len(bucket))
                for later in bucket[n + 1 : n + 1 + _LARGEST_BUCKET // 10]
            )


def _linked(reports: Sequence[EventReport], originals: Mapping[str, str]) -> LinkedEvent:
    """Return the event of one cluster, whose reports stand by seniority."""
    event = merge_events([report.event for report in reports])
    event = replace(event, event_id=minted_id(reports[0]), first_reported_at=reports[0].published_at)
    seen: dict[Status, EventReport] = {}
    for report in reports:
        seen.setdefault(report.event.status, report)
    history = tuple(StatusChange(status, report) for status, report in seen.items())
    return LinkedEvent(event, tuple(reports), history, count_publishers(reports, originals))


def count_publishers(reports: Iterable[EventReport], originals: Mapping[str, str]) -> int:
    """Return how many independent publishers tell of it: one owner counts once, and so does one text."""
    groups: list[set[str]] = []
    for report in reports:
        marks = {
            f"owner {report.owner}",
            f"text {report.text_digest}",
            f"story {originals.get(report.article_id, report.article_id)}",
        }
        touching = [group for group in groups if group & marks]
        groups = [group for group in groups if not group & marks]
        groups.append(marks.union(*touching))
    return len(groups)


def _with_predecessors(events: Sequence[LinkedEvent]) -> list[LinkedEvent]:
    """Return the events, those that are renewed with the id of the latest earlier one of the same parties."""
    results: list[LinkedEvent] = []
    for one in events:
        earlier = [
            other.event.event_id
            for other in results
            if other.event.group == one.event.group and len(_known(other.event) & _known(one.event)) >= _SHARED_PARTIES
        ]
        is_renewal = one.event.status == "renewed" and earlier
        results.append(replace(one, event=replace(one.event, supersedes=earlier[-1])) if is_renewal else one)
    return results
