"""Published ids: an event keeps the id under which it left the house, and every id ever published leads somewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.test_transforms_linking import BOTH, event, many, report, told
from transforms.linking import LinkedEvents, link_reports, minted_id
from transforms.published_ids import Kept, PublishedEvent, keep_ids, parties_of
from transforms.records import EventReport

TASS = event("kabar", "tass")


def published(linked: LinkedEvents, before: Sequence[PublishedEvent] = ()) -> list[PublishedEvent]:
    """Return the ledger after these events were published, too."""
    ledger = {old.event_id: old for old in before}
    for one in linked.events:
        reports = {r.report_id: r.canonical_url for r in one.reports}
        name = one.event.event_id
        ledger[name] = PublishedEvent(name, one.event.group, reports, parties_of(one.event))
    return list(ledger.values())


def ids(kept: Kept | LinkedEvents) -> list[str]:
    linked = kept.linked if isinstance(kept, Kept) else kept
    return [one.event.event_id for one in linked.events]


def moves(kept: Kept) -> list[tuple[str, str | None, str]]:
    return [(move.old_event_id, move.new_event_id, move.kind) for move in kept.moves]


def test_without_a_ledger_events_are_named_by_their_earliest_report() -> None:
    early = report("a", BOTH)
    assert ids(keep_ids(link_reports([early, report("b", BOTH, 1)]), [])) == [minted_id(early)]


def test_an_earlier_report_that_comes_later_does_not_change_the_id() -> None:
    late = report("b", BOTH, 1)
    kept = keep_ids(link_reports([report("a", BOTH), late]), published(link_reports([late])))
    assert ids(kept) == [minted_id(late)]
    assert kept.moves == ()


def test_of_two_published_events_that_are_one_the_oldest_publication_wins() -> None:
    one, other, bridge = report("a", BOTH), report("c", BOTH, 5), report("b", BOTH, 2)
    first = link_reports([other])
    ledger = published(link_reports([one, other]), published(first))
    kept = keep_ids(link_reports([one, other, bridge]), ledger)
    assert ids(kept) == [minted_id(other)]
    assert moves(kept) == [(minted_id(one), minted_id(other), "merge")]
    again = keep_ids(link_reports([one, other, bridge]), published(kept.linked, ledger))
    assert (ids(again), moves(again)) == (ids(kept), moves(kept))


def test_an_event_in_two_parts_keeps_its_id_in_one_and_says_what_took_the_rest() -> None:
    three = [report("a", BOTH), report("b", BOTH, 1), report("c", BOTH, 2)]
    ledger = published(link_reports(three))
    now = [three[0], *(replace(told, event=TASS) for told in three[1:])]
    kept = keep_ids(link_reports(now), ledger, "recode to 2")
    assert ids(kept)[0] == minted_id(three[0])
    assert moves(kept) == [(ids(kept)[0], ids(kept)[1], "split")]
    assert kept.moves[0].reason.endswith("(recode to 2)")
    again = keep_ids(link_reports(now), published(kept.linked, ledger))
    assert ids(again) == ids(kept)


def test_the_part_that_has_the_parties_keeps_the_id_and_the_other_never_takes_it() -> None:
    three = [report("a", BOTH), report("b", BOTH, 1), report("c", BOTH, 2)]
    ledger = published(link_reports(three))
    now = [replace(three[0], event=event("tass", "uza")), *three[1:]]
    first, second = ids(keep_ids(link_reports(now), ledger))
    assert second == minted_id(three[0])
    assert first != second


def test_an_event_that_nothing_tells_of_is_withdrawn_and_comes_back_under_its_id() -> None:
    told = report("a", BOTH)
    ledger = published(link_reports([told]))
    gone = keep_ids(link_reports([]), ledger)
    assert moves(gone) == [(minted_id(told), None, "withdrawn")]
    assert ids(keep_ids(link_reports([told]), ledger)) == [minted_id(told)]


def test_two_events_of_one_article_keep_their_ids_when_they_change_places() -> None:
    before = [report("a", BOTH), report("a", TASS, ordinal=1)]
    ledger = published(link_reports(before))
    after = [report("a", TASS), report("a", BOTH, ordinal=1)]
    named = {one.event.label: one.event.event_id for one in keep_ids(link_reports(after), ledger).linked.events}
    assert named == {BOTH.label: minted_id(before[0]), TASS.label: minted_id(before[1])}


def test_of_two_events_of_one_article_the_one_that_is_gone_does_not_become_the_other() -> None:
    before = [report("a", BOTH), report("a", TASS, ordinal=1)]
    kept = keep_ids(link_reports(before[:1]), published(link_reports(before)))
    assert moves(kept) == [(minted_id(before[1]), None, "withdrawn")]


def test_corrected_parties_keep_the_id() -> None:
    told = report("a", BOTH)
    corrected = replace(told, event=event("uza", "tass"))
    assert ids(keep_ids(link_reports([corrected]), published(link_reports([told])))) == [minted_id(told)]


def test_a_renewal_names_what_it_supersedes_by_its_published_id() -> None:
    first, earlier = report("a", BOTH, 1), report("c", BOTH)
    renewal = report("b", replace(BOTH, status="renewed"), 200)
    kept = keep_ids(link_reports([first, earlier, renewal]), published(link_reports([first])))
    assert kept.linked.events[1].event.supersedes == minted_id(first)


@given(many, st.randoms(use_true_random=False), st.integers(1, 4))
def test_by_nights_in_any_order_as_all_at_once_and_every_published_id_leads_to_an_event(
    rows: list[Any], random: Any, nights: int
) -> None:
    reports = told(rows)
    random.shuffle(reports)
    ledger: list[PublishedEvent] = []
    log: dict[str, set[str | None]] = {}
    arrived: list[EventReport] = []
    for night in range(nights):
        arrived += reports[night::nights]
        kept = keep_ids(link_reports(arrived), ledger)
        ledger = published(kept.linked, ledger)
        for old, new, _ in moves(kept):
            log.setdefault(old, set()).add(new)
    once = link_reports(reports)
    assert [one.reports for one in kept.linked.events] == [one.reports for one in once.events]
    assert len(set(ids(kept))) == len(once.events)
    for old in ledger:
        assert ends(old.event_id, set(ids(kept)), log)
    assert keep_ids(link_reports(reports), ledger).linked == kept.linked


def ends(name: str, living: set[str], log: dict[str, set[str | None]]) -> set[str]:
    """Return the events that an id leads to."""
    found, waiting, seen = set(), [name], set()
    while waiting:
        one = waiting.pop()
        if one in living:
            found.add(one)
        elif one not in seen:
            seen.add(one)
            waiting += [new for new in log.get(one, ()) if new]
    return found
