"""Candidates that were tried: which of them belong in a catalogue entry, and why the others do not.

Pure. Called by the flow that finds sources.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from transforms.catalogue_entry import EntryFeed
from transforms.discovery import Candidate
from transforms.feed_profile import FeedProfile
from transforms.records import Capture, Outcome, ParsedFeed

MOST_FEEDS: Final = 6  # in the entry; the rest are told
_SHARED: Final = 0.5  # a feed that shows this share of another's items is a part of it


@dataclass(frozen=True, slots=True)
class TriedFeed:
    """A candidate that was asked for, and what it turned out to be."""

    candidate: Candidate
    capture: Capture
    parsed: ParsedFeed
    profile: FeedProfile

    @property
    def url(self) -> str:
        """The address to put down: where it has moved to for good, else as it was found."""
        return self.capture.response.moved_to or self.candidate.url

    @property
    def is_feed(self) -> bool:
        """Whether it turned out to be a feed, alive or not."""
        return self.parsed.format is not None

    @property
    def items(self) -> frozenset[str]:
        """What its items link to."""
        return frozenset(entry.article_id for entry in self.parsed.entries if entry.article_id)


def choose_feeds(tried: Sequence[TriedFeed], known: Mapping[str, str]) -> tuple[list[TriedFeed], list[str]]:
    """Return the feeds for the entry, and why others are left out: known, not alive, a part of another, or too many.

    `known` are the ids of the catalogue's feeds by their addresses without a slash at the end.
    """
    kept: list[TriedFeed] = []
    left_out: list[str] = []
    for one in (one for one in tried if one.is_feed):
        if reason := _reason_against(one, kept, known):
            left_out.append(f"left out: {one.url} ({reason})")
        else:
            kept.append(one)
    return kept, left_out


def _reason_against(one: TriedFeed, kept: Sequence[TriedFeed], known: Mapping[str, str]) -> str | None:
    """Return why a feed does not belong in the entry, or None."""
    addresses = (address.rstrip("/") for address in (one.candidate.url, one.url))
    if feed_id := next((known[address] for address in addresses if address in known), None):
        return f"the catalogue has it as {feed_id}"
    if one.parsed.outcome is not Outcome.FETCHED:
        return one.parsed.outcome.replace("_", " ")
    whole = next((other for other in kept if len(one.items & other.items) >= _SHARED * max(1, len(one.items))), None)
    if whole is not None:
        return f"shows the items of {whole.url}"
    return "one of many" if len(kept) == MOST_FEEDS else None


def entry_feed(one: TriedFeed) -> EntryFeed:
    """Return a feed as it is to stand in the entry."""
    pace = f"{one.profile.items_per_day:.1f} items a day" if one.profile.items_per_day else "pace unknown"
    text = "whole articles" if one.profile.has_full_text else "teasers"
    return EntryFeed(one.url, one.profile.language, f"{one.candidate.evidence}; {pace}, {text}")
