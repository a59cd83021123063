"""Which of the coder's events is which of the gold's, within one article: one to one, as many as can be.

Two events may be one when they are of one group, share an organisation (or, where a side names none, have the same
countries), and, where both know their day, lie at most three days apart. Of all largest matchings the one whose pairs
agree most is taken; the order of events never matters. Called by `evaluate`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from typing import TypeVar

from transforms.gold import GoldEvent, GoldOrganisation
from transforms.records import Event, Organisation
from transforms.text import fold

DAYS_APART = 3
# One more pair outweighs any agreement of the pairs; among pairs a shared organisation outweighs the type, and so on.
_PAIR, _ORGANISATION, _TYPE, _STATUS, _DAY, _COUNTRY = 10**9, 10**5, 10**4, 10**3, 10**2, 1
Left = TypeVar("Left")
Right = TypeVar("Right")


def match_events(gold: Sequence[GoldEvent], found: Sequence[Event]) -> list[tuple[GoldEvent, Event]]:
    """Return the pairs of the best matching."""
    ours = sorted(gold, key=_order_of_gold)
    theirs = sorted(found, key=repr)
    return _best_pairs(ours, theirs, lambda one, other: _weight(one, other) if may_be_one(one, other) else 0)


def match_organisations(
    gold: Sequence[GoldOrganisation], found: Sequence[Organisation]
) -> list[tuple[GoldOrganisation, Organisation]]:
    """Return which organisation is which; of several matchings the one in which more roles agree."""
    ours, theirs = sorted(gold, key=repr), sorted(found, key=repr)
    return _best_pairs(ours, theirs, lambda one, other: _PAIR + (one.role == other.role) if is_same(one, other) else 0)


def may_be_one(gold: GoldEvent, found: Event) -> bool:
    """Say whether two events of one article may be the same."""
    if gold.group != found.group or not _days_agree(gold, found):
        return False
    if gold.organisations and found.organisations:
        return any(is_same(one, other) for one in gold.organisations for other in found.organisations)
    return (gold.countries or frozenset()) == frozenset(found.countries)


def is_same(gold: GoldOrganisation, found: Organisation) -> bool:
    """Say whether two organisations are one: by id, and where a side has none by the folded name."""
    if gold.id and found.id:
        return gold.id == found.id
    return _folded(gold.name) == _folded(found.name) != ""


@lru_cache(maxsize=4096)
def _folded(name: str) -> str:
    """Return a name without case, signs and doubled spaces."""
    return " ".join(fold(name).split())


def _days_agree(gold: GoldEvent, found: Event) -> bool:
    """Say whether the days are near enough; what is not known to the day is never too far."""
    if gold.date_granularity != "day" or found.date_granularity != "day":
        return True
    if gold.date_start is None or found.date_start is None:
        return True
    return abs((gold.date_start - found.date_start).days) <= DAYS_APART


def _weight(gold: GoldEvent, found: Event) -> int:
    """Return how well two events that may be one agree."""
    shared = len(match_organisations(gold.organisations or (), found.organisations))
    return (
        _PAIR
        + _ORGANISATION * min(shared, 50)
        + _TYPE * (gold.type == found.type)
        + _STATUS * (gold.status == found.status)
        + _DAY * (gold.date_start == found.date_start)
        + _COUNTRY * min(50, len((gold.countries or frozenset()) & set(found.countries)))
    )


def _order_of_gold(event: GoldEvent) -> str:
    """Return what orders gold events whatever the order in which they were written; sets print in no fixed order."""
    sets = [sorted(event.countries or ()), sorted(event.provisions or ()), sorted(map(repr, event.organisations or ()))]
    plain = (event.type, event.status, event.date_start, event.date_granularity, event.place_country, event.same_as)
    return repr((plain, sets))


def _best_pairs(
    ours: Sequence[Left], theirs: Sequence[Right], weight: Callable[[Left, Right], int]
) -> list[tuple[Left, Right]]:
    """Return the one-to-one pairs with the greatest sum of weights; 0 is no pair.

    It tries all ways that share no end, which for the handful of events of an article is the shortest method.
    """
    weights = [[weight(one, other) for other in theirs] for one in ours]

    @cache
    def best(row: int, used: int) -> tuple[int, tuple[tuple[int, int], ...]]:
        if row == len(ours):
            return 0, ()
        choices = [best(row + 1, used)]
        for column, value in enumerate(weights[row]):
            if value and not used >> column & 1:
                rest, pairs = best(row + 1, used | 1 << column)
                choices.append((value + rest, ((row, column), *pairs)))
        return max(choices, key=lambda choice: choice[0])

    return [(ours[row], theirs[column]) for row, column in best(0, 0)[1]]
