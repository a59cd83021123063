"""Edits of the catalogue that the past proposes: feeds that moved for good get their new address, dead ones a note.

A proposal is a diff for a person; nothing is ever written to the catalogue. A dead feed keeps its place, since feeds of
one language are numbered by it. Called at the end of a night and by `monitor sources propose`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flows.home import Home
from flows.settings import Settings, SettingsError
from sources.catalogue import PACKAGED
from transforms.catalogue_edit import CatalogueEdit, diff_of, edit_catalogue
from warehouse.open import Connection, read_only
from warehouse.repairs import DeadFeed, MovedFeed, feeds_dead, feeds_moved


@dataclass(frozen=True, slots=True)
class Proposal:
    """A unified diff of the catalogue, with a reason for each edit, and what only a person can settle."""

    diff: str = ""
    reasons: tuple[str, ...] = ()
    by_hand: tuple[str, ...] = ()


def propose_edits(settings: Settings, connection: Connection, now: datetime) -> Proposal:
    """Return the edits that the attempts known to a warehouse propose for the catalogue as it stands."""
    catalogue = settings.catalogue or PACKAGED
    text = catalogue.read_bytes().decode()  # line ends as they are
    dead = feeds_dead(connection, now - timedelta(days=settings.repair.dead_days))
    moved = feeds_moved(connection, settings.repair.moved_polls)
    edits = [*(_edit_of_moved(feed, settings) for feed in moved), *(_edit_of_dead(feed, settings) for feed in dead)]
    edited = edit_catalogue(text, edits)
    made = [edit for edit in edits if edit not in edited.unmade and edit_catalogue(text, [edit]).text != text]
    return Proposal(
        diff_of(text, edited.text, catalogue.name),
        tuple(edit.reason for edit in made),
        tuple(edit.reason for edit in edited.unmade),
    )


def propose_from_published(settings: Settings, now: datetime) -> Proposal:
    """Return the proposal that the published file leads to, which may be read at any time."""
    published = Home(settings.home).published
    if not published.exists():
        raise SettingsError(f"{published}: nothing was published yet. Run `monitor nightly` first, or correct --home.")
    with read_only(published) as connection:
        return propose_edits(settings, connection, now)


def _edit_of_moved(feed: MovedFeed, settings: Settings) -> CatalogueEdit:
    """Return the edit by which the catalogue follows a feed."""
    since = _day(feed.since, settings)
    reason = f"{feed.feed_id}: has moved permanently to {feed.moved_to} (seen since {since})"
    return CatalogueEdit(feed.url, "url", feed.moved_to, reason)


def _edit_of_dead(feed: DeadFeed, settings: Settings) -> CatalogueEdit:
    """Return the edit that notes of a feed since when it is dead."""
    words = f"{feed.outcome.replace('_', ' ')} since {_day(feed.since, settings)}"
    reason = f"{feed.feed_id}: {words}; `monitor sources find` may know where it went"
    return CatalogueEdit(feed.url, "confirmation", words, reason)


def _day(moment: datetime, settings: Settings) -> str:
    """Return the day of a moment in the report's zone."""
    return f"{moment.astimezone(settings.zone):%Y-%m-%d}"
