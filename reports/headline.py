"""The first sentences of the weekly report, made of the week's facts: nothing is said that a table does not show.

Pure. Called by `page`; the charts take their finding from here too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from reports import words
from transforms.records import Count, WeekView

PRECEDING_WEEKS: Final = 4
FEWEST_FOR_A_LEAD: Final = 2  # one event leads nothing


def headline(view: WeekView) -> str:
    """Return the week in one sentence."""
    if not view.cards:
        return "No media-cooperation event was found in the week"
    if len(view.cards) == 1:
        return f"One media-cooperation event: {_one(view)}"
    lead = f"{len(view.cards)} media-cooperation events{_against_mean(view)}"
    clauses = [clause for clause in (_leading_kind(view), _leading_pair(view)) if clause]
    return f"{lead}: {', and '.join(clauses)}" if clauses else lead


def mean_before(trend: Sequence[tuple[str, int]]) -> float | None:
    """Return the mean of the four weeks before the last, or of as many as there are; None where there are none."""
    before = [count for _, count in trend[:-1]][-PRECEDING_WEEKS:]
    return sum(before) / len(before) if before else None


def weeks_before(trend: Sequence[tuple[str, int]]) -> str:
    """Return the weeks of the mean in words: the four weeks before, the week before."""
    number = min(len(trend) - 1, PRECEDING_WEEKS)
    return "the week before" if number == 1 else f"the {('two', 'three', 'four')[number - 2]} weeks before"


def finding(view: WeekView) -> str:
    """Return what the trend shows, as the title of its chart."""
    count, mean = len(view.cards), mean_before(view.trend)
    events = words.counted(count, "event") if count else "No event"
    if mean is None:
        return f"{events}; there is no earlier week to compare with"
    earlier = [value for _, value in view.trend[:-1]]
    if len(earlier) >= PRECEDING_WEEKS and count > max(earlier):
        return f"{events}, the most in {len(view.trend)} weeks"
    if len(earlier) >= PRECEDING_WEEKS and 0 < count < min(earlier):
        return f"{events}, the fewest in {len(view.trend)} weeks"
    return f"{events}{_compared(count, mean)} {words.number(mean)} a week in {weeks_before(view.trend)}"


def caution(view: WeekView) -> str | None:
    """Return the words that must stand beside the numbers when the week was not seen whole; None when it was."""
    if not view.feed_count:
        return "No feed was asked in this week: the report says nothing about what happened."
    if not view.gaps:
        return None
    share = f"{words.number(len(view.gaps))} of {words.counted(view.feed_count, 'feed')}"
    return f"{share} could not be seen whole: the numbers are the least that happened."


def kinds_finding(view: WeekView) -> str:
    """Return what the kinds of the week show, as the title of their chart."""
    clause = _leading_kind(view)
    if clause:
        return clause[0].upper() + clause[1:]
    return "The one event of the week, by kind" if len(view.cards) == 1 else "No kind of event leads"


def _one(view: WeekView) -> str:
    """Return the only event of a week in a few words."""
    card = view.cards[0]
    article = "an" if card.status[:1] in "aeiou" else "a"
    involving = f" involving {words.listed(words.countries(card.countries))}" if card.countries else ""
    return f"{article} {card.status} {words.kind(card.type).one}{involving}"


def _against_mean(view: WeekView) -> str:
    """Return how the week compares with the weeks before, in a clause."""
    mean = mean_before(view.trend)
    if mean is None:
        return ""
    return f",{_compared(len(view.cards), mean).removeprefix(',')} {words.number(mean)} in {weeks_before(view.trend)}"


def _compared(count: int, mean: float) -> str:
    """Return the words between a number and the mean it is held against."""
    if words.number(count) == words.number(mean):
        return ", as many as the mean of"
    return f", {'above' if count > mean else 'below'} the mean of"


def _leading_kind(view: WeekView) -> str | None:
    """Return the clause about the commonest kind, where there is one."""
    top = _leader(view.counts.get("weekly_types", ()))
    return f"{words.kind(top.keys[0]).many} lead with {words.number(top.event_count)}" if top else None


def _leading_pair(view: WeekView) -> str | None:
    """Return the clause about the pair of countries with the most events, where there is one."""
    top = _leader(view.counts.get("weekly_country_pairs", ()))
    if top is None:
        return None
    return f"{words.listed(words.countries(top.keys))} are the busiest pair with {words.number(top.event_count)}"


def _leader(counts: Sequence[Count]) -> Count | None:
    """Return the row with the most events; None when two share the place, or when it is too few to lead."""
    ordered = sorted(counts, key=lambda count: -count.event_count)
    if not ordered or ordered[0].event_count < FEWEST_FOR_A_LEAD:
        return None
    return None if len(ordered) > 1 and ordered[1].event_count == ordered[0].event_count else ordered[0]
