"""Comparing: which new texts republish others, and which stories they tell.

A text is compared with those of the days before it. What comes in a night changes nothing but itself and what was told
in the days after it; those days alone are read and compared again. Called by `linking`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta

from codebook.load import Codebook
from transforms.reprints import REPRINT_DAYS, find_reprints
from transforms.stories import STORY_DAYS, follow, likenesses
from warehouse import read, store
from warehouse.open import Connection

_REACH = timedelta(days=max(REPRINT_DAYS, STORY_DAYS))
_LONGEST = timedelta(days=7)  # of a span that is compared at once, which bounds the texts held in memory


def compare_texts(warehouse: Connection, codebook: Codebook, *, anew: bool = False) -> None:
    """Bring reprints and stories up to date with the articles; `anew`: compare all, as after a change of codebook.

    Later days come first: if the run is killed, what changed still counts as not compared.
    """
    days = read.days_to_compare(warehouse, anew=anew)
    for since, until in reversed(list(spans_of(days))):
        _compare(warehouse, codebook, since, until)
    store.settle_stories(warehouse)


def spans_of(days: Sequence[date]) -> Iterator[tuple[datetime, datetime]]:
    """Yield the spans to compare, earliest first and none twice: each of these days and those that reach back to it."""
    until = datetime.min.replace(tzinfo=UTC)
    for day in days:
        since = max(until, datetime.combine(day, time(), UTC))
        until = max(until, datetime.combine(day, time(), UTC) + _REACH + timedelta(days=1))
        while since < until:
            yield since, min(until, since + _LONGEST)
            since += _LONGEST


def _compare(warehouse: Connection, codebook: Codebook, since: datetime, until: datetime) -> None:
    """Compare the texts told in a span with those before them, and store what was found."""
    articles = read.texts_to_compare(warehouse, since - _REACH, since, until)
    if not articles["is_target"].any():
        return
    alike = likenesses(articles)
    reprints = find_reprints(articles, alike, read.owners(warehouse), codebook)
    known = reprints.dropna(subset=["original_article_id"])
    originals = dict(zip(known["article_id"], known["original_article_id"], strict=True))
    store.store_comparison(warehouse, reprints, follow(articles, alike, originals))
