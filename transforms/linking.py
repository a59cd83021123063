"""Reports of one event joined across articles, outlets and languages, with one id that any order of arrival gives.

`same_event` says of two reports whether they tell of one event, `clusters` joins them. An id is minted from the
earliest report, so it needs no memory; ids that later reports would have minted resolve to it. Pure: what was published
before is compared in `published_ids`. Called by `flows`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from transforms.clusters import Cluster, clusters_of, seniority
from transforms.merging import merge_events
from transforms.records import ArticleText, CodedArticle, Event, EventReport, Status, digest
from transforms.same_event import name_key, tie_between, traits_of


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
    rejected: tuple[LinkedEvent, ...] = ()  # by people: no events any more, but their reports stay


def link_reports(reports: Sequence[EventReport], originals: Mapping[str, str] | None = None) -> LinkedEvents:
    """Return the events that these reports tell of; `originals` maps an article that republishes to the original."""
    events = [_linked(cluster, originals or {}) for cluster in clusters_of(reports)]
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


def is_same_event(one: EventReport, other: EventReport) -> bool:
    """Say whether two reports of different articles tell of one event."""
    early, late = sorted((one, other), key=seniority)
    return tie_between(traits_of(early), traits_of(late)) is not None


def _linked(cluster: Cluster, originals: Mapping[str, str]) -> LinkedEvent:
    """Return the event of one cluster."""
    reports = cluster.reports
    event = merge_events([report.event for report in reports], rests_on_span=cluster.rests_on_span)
    event = replace(event, event_id=minted_id(reports[0]), first_reported_at=reports[0].published_at)
    seen: dict[Status, EventReport] = {}
    for report in reports:
        seen.setdefault(report.event.status, report)
    history = tuple(StatusChange(status, report) for status, report in seen.items())
    return LinkedEvent(event, reports, history, count_publishers(reports, originals))


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
    latest: dict[tuple[str, ...], tuple[int, str]] = {}
    results: list[LinkedEvent] = []
    for place, one in enumerate(events):
        keys = _renewable_by(one.event)
        earlier = [latest[key] for key in keys if key in latest]
        is_renewal = one.event.status == "renewed" and earlier
        results.append(replace(one, event=replace(one.event, supersedes=max(earlier)[1])) if is_renewal else one)
        if one.event.status not in {"proposed", "planned"}:
            latest |= dict.fromkeys(keys, (place, one.event.event_id))
    return results


def _renewable_by(event: Event) -> list[tuple[str, ...]]:
    """Return by what a renewal knows an event: the group with two of its parties, or with its one and the countries."""
    names = sorted({name_key(one) for one in event.organisations if one.role != "participant"})
    if len(names) == 1:
        return [(event.group, *names, *event.countries)]
    return [(event.group, *pair) for pair in combinations(names, 2)]
