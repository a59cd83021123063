"""Events keep the ids under which they were published, whatever reports come, go or are coded anew.

Left to itself an event is named after its earliest report, and would get another name with an earlier one. So what was
published is compared with what is linked now: an event keeps the oldest id that stood for it, the other ids resolve to
it; one id whose reports now tell of two events is a split, one of which nothing is left is withdrawn. Pure and
deterministic. Called by `flows`, which keeps the ledger of published ids (decision 8 in `docs/decisions/`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from transforms.linking import LinkedEvent, LinkedEvents
from transforms.records import Event, digest
from transforms.same_event import name_key

MoveKind = Literal["merge", "split", "withdrawn"]
_WHY: dict[MoveKind, str] = {
    "merge": "the reports of both tell of one event",
    "split": "its reports tell of more than one event",
    "withdrawn": "no report tells of it any more",
}


@dataclass(frozen=True, slots=True)
class PublishedEvent:
    """An event as it was last published; `reports` maps report ids to addresses, earliest first."""

    event_id: str
    group: str
    reports: Mapping[str, str]
    parties: frozenset[str]  # ids, or folded names

    @property
    def addresses(self) -> frozenset[str]:
        """The addresses of its reports."""
        return frozenset(self.reports.values())


@dataclass(frozen=True, slots=True)
class Move:
    """What became of a published id."""

    old_event_id: str
    new_event_id: str | None
    kind: MoveKind
    reason: str


@dataclass(frozen=True, slots=True)
class Kept:
    """Events under the ids they keep, and what became of all ids that no longer stand for what they stood for."""

    linked: LinkedEvents
    moves: tuple[Move, ...]


def keep_ids(linked: LinkedEvents, published: Sequence[PublishedEvent], cause: str = "") -> Kept:
    """Return the events with the ids under which they were published, oldest publication first in `published`.

    `cause` is added to the reasons of the moves, as "recode to 1.2.0-ab12".
    """
    places = _Places(linked.events)
    homes = _homes(places, published)
    ids = _ids(linked.events, homes, published)
    renamed = {one.event.event_id: ids[place] for place, one in enumerate(linked.events)}
    events = tuple(_renamed(one, renamed) for one in linked.events)
    moves = _moves(places, homes, ids, published)
    why = f" ({cause})" if cause else ""
    resolved = tuple((old, renamed.get(new, new)) for old, new in linked.resolved)
    return Kept(
        LinkedEvents(events, resolved), tuple(Move(old, new, kind, _WHY[kind] + why) for old, new, kind in moves)
    )


def parties_of(event: Event) -> frozenset[str]:
    """Return by what an event's parties are compared."""
    return frozenset(name_key(one) for one in event.organisations)


class _Places:
    """Where the linked events lie: by group and address, and by report."""

    def __init__(self, events: Sequence[LinkedEvent]) -> None:
        self.events = events
        self.parties = [parties_of(one.event) for one in events]
        self.addresses = [frozenset(r.canonical_url for r in one.reports) for one in events]
        self.of_report = {r.report_id: place for place, one in enumerate(events) for r in one.reports}
        self._at: dict[tuple[str, str], set[int]] = defaultdict(set)
        for place, one in enumerate(events):
            for report in one.reports:
                self._at[one.event.group, report.canonical_url].add(place)

    def of(self, old: PublishedEvent) -> set[int]:
        """Return the places of events that are reported where a published one was."""
        return {place for address in old.addresses for place in self._at.get((old.group, address), ())}

    def rank(self, old: PublishedEvent, place: int) -> tuple[int, bool, int, int, int]:
        """Return how much an event has of a published one; the larger, the more."""
        first = next(iter(old.reports.values()))
        return (
            len(old.parties & self.parties[place]),
            first in self.addresses[place],
            sum(self.of_report.get(report_id) == place for report_id in old.reports),
            len(old.addresses & self.addresses[place]),
            -place,
        )

    def fits(self, old: PublishedEvent, place: int) -> bool:
        """Say whether a published event and one of now share a party, or both name none."""
        ours = self.parties[place]
        return bool(old.parties & ours) or (not ours and not old.parties)


def _homes(places: _Places, published: Sequence[PublishedEvent]) -> dict[str, int]:
    """Return where each published id lies now; those that are gone are left out."""
    claims: dict[int, list[PublishedEvent]] = defaultdict(list)
    for old in published:
        fitting = [place for place in places.of(old) if places.fits(old, place)]
        if fitting:
            claims[max(fitting, key=lambda place: places.rank(old, place))].append(old)
    homes = {old.event_id: place for place in claims for old in _told_apart(places, place, claims[place])}
    taken = set(homes.values())
    for old in published:  # of other parties than before, at the same address
        free = places.of(old) - taken
        if old.event_id not in homes and free:
            homes[old.event_id] = max(free, key=lambda place: places.rank(old, place))
            taken.add(homes[old.event_id])
    return homes


def _told_apart(places: _Places, place: int, claims: Iterable[PublishedEvent]) -> list[PublishedEvent]:
    """Return those that can have become one event: of two that one article told apart, the one that fits better."""
    kept: list[PublishedEvent] = []
    for old in sorted(claims, key=lambda one: places.rank(one, place), reverse=True):
        apart = {address for other in kept for address in _both_in_one_article(old, other)}
        if not apart or (old.addresses & places.addresses[place]) - apart:
            kept.append(old)
    return kept


def _both_in_one_article(one: PublishedEvent, other: PublishedEvent) -> set[str]:
    """Return the addresses of articles that reported the two as two events."""
    own = {address: name for name, address in one.reports.items()}
    return {address for name, address in other.reports.items() if own.get(address, name) != name}


def _ids(
    events: Sequence[LinkedEvent], homes: Mapping[str, int], published: Sequence[PublishedEvent]
) -> dict[int, str]:
    """Return the id of each event: the oldest published one that lies there, else its own, if nobody had it."""
    ids: dict[int, str] = {}
    for old in published:
        if old.event_id in homes:
            ids.setdefault(homes[old.event_id], old.event_id)
    taken = {old.event_id for old in published}
    for place, one in enumerate(events):
        if place not in ids:
            name = one.event.event_id
            while name in taken:
                name = digest("event", name, "again")
            ids[place] = name
            taken.add(name)
    return ids


def _renamed(one: LinkedEvent, renamed: Mapping[str, str]) -> LinkedEvent:
    """Return an event under its id, and with the id of what it supersedes."""
    earlier = one.event.supersedes
    return replace(
        one,
        event=replace(
            one.event, event_id=renamed[one.event.event_id], supersedes=renamed[earlier] if earlier else None
        ),
    )


def _moves(
    places: _Places, homes: Mapping[str, int], ids: Mapping[int, str], published: Sequence[PublishedEvent]
) -> list[tuple[str, str | None, MoveKind]]:
    """Return what became of the published ids, in the order of their publication."""
    moves: list[tuple[str, str | None, MoveKind]] = []
    known_at: dict[int, set[str]] = defaultdict(set)
    for old in published:
        if old.event_id in homes:
            known_at[homes[old.event_id]] |= old.addresses
    for old in published:
        home = homes.get(old.event_id)
        if home is None:
            moves.append((old.event_id, None, "withdrawn"))
            continue
        if ids[home] != old.event_id:
            moves.append((old.event_id, ids[home], "merge"))
        elsewhere = {
            place
            for report_id, address in old.reports.items()
            if (place := places.of_report.get(report_id, home)) != home and address not in known_at[place]
        }
        moves += [(old.event_id, ids[place], "split") for place in sorted(elsewhere)]
    return moves
