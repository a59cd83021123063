"""Linking: which reports are one event, whatever the order in which they come, and what the merged event says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.event_frames import event_tables
from transforms.event_json import article_text, event_from_json, event_to_json
from transforms.linking import (
    count_publishers,
    is_same_event,
    link_coded,
    link_reports,
    minted_id,
    report_id,
)
from transforms.merging import merged_status
from transforms.records import ArticleText, CodedArticle, Event, EventReport, Evidence, Organisation

NOON = datetime(2025, 9, 18, 12, tzinfo=UTC)
COUNTRY = {
    "kabar": "KG",
    "kazinform": "KZ",
    "tass": "RU",
    "khovar": "TJ",
    "uza": "UZ",
    "belta": "BY",
    "qazaqstan": "KZ",
}


def event(*ids: str, **changes: Any) -> Event:
    organisations = tuple(Organisation(one, one.title(), "party", COUNTRY[one]) for one in ids)
    plain = Event(
        event_id="",
        type="agreement",
        status="concluded",
        label=" – ".join(ids),
        organisations=organisations,
        countries=tuple(sorted({COUNTRY[one] for one in ids})),
        evidence=(Evidence("text", "quote", 0, 5, ("rule",)),),
        confidence=0.8,
        date_basis="publication",
    )
    return replace(plain, **changes)


def report(name: str, told: Event, days: float = 0, owner: str | None = None, ordinal: int = 0) -> EventReport:
    return EventReport(
        report_id=report_id(name, ordinal, told),
        article_id=name,
        revision_id=name,
        capture_id=name,
        outlet_id=owner or name,
        owner=owner or name,
        canonical_url=f"https://{name}.example/",
        published_at=NOON + timedelta(days=days),
        time_zone="Asia/Almaty",
        ordinal=ordinal,
        text_digest=name,
        event=told,
    )


BOTH = event("kabar", "kazinform")


def day(number: int, **changes: Any) -> dict[str, Any]:
    start = date(2025, 9, number)
    return {"date_start": start, "date_end": start, "date_granularity": "day", "date_basis": "explicit", **changes}


def month(number: int) -> dict[str, Any]:
    span = {"date_start": date(2025, number, 1), "date_end": date(2025, number, 30)}
    return {**span, "date_granularity": "month", "date_basis": "explicit"}


def year(number: int) -> dict[str, Any]:
    span = {"date_start": date(number, 1, 1), "date_end": date(number, 12, 31)}
    return {**span, "date_granularity": "year", "date_basis": "explicit"}


def written(*names: str, known: str | None = None) -> Event:
    told = event(*([known] if known else []), countries=("KG", "KZ"))
    unknown = tuple(Organisation(None, name, "party", None) for name in names)
    return replace(told, organisations=(*told.organisations, *unknown))


FORUM = {"type": "forum", "series": "Steppe Media Forum"}
# name: first event, days later, second event, whether they are one
PAIRS: dict[str, tuple[Event, float, Event, bool]] = {
    "two shared parties on one day": (BOTH, 0, BOTH, True),
    "three days apart": (BOTH, 3, BOTH, True),
    "four days apart": (BOTH, 4, BOTH, False),
    "an old day, reported later": (replace(BOTH, **day(17)), 9, replace(BOTH, **day(18)), True),
    "another group": (BOTH, 0, replace(BOTH, type="training"), False),
    "two types of one group": (replace(BOTH, type="forum"), 0, replace(BOTH, type="meeting"), True),
    "one shared party and its partner unnamed": (BOTH, 0, event("kabar", countries=("KG", "KZ")), True),
    "one shared party, another partner": (BOTH, 0, event("kabar", "tass"), False),
    "no shared party, the same countries": (BOTH, 0, event(countries=("KG", "KZ")), False),
    "countries alone": (event(countries=("KG", "KZ")), 0, event(countries=("KG", "KZ")), True),
    "one edition of a series": (event(edition="II", **FORUM), 1, event(edition="II", **FORUM), True),
    "two editions of a series": (event(edition="I", **FORUM), 1, event(edition="II", **FORUM), False),
    "planned for a day, held on it": (
        replace(BOTH, status="planned", **day(28)),
        10,
        replace(BOTH, **day(28)),
        True,
    ),
    "planned without a day, done in 100 days": (replace(BOTH, status="planned"), 100, BOTH, True),
    "planned without a day, done in 130 days": (replace(BOTH, status="planned"), 130, BOTH, False),
    "proposed, and something else done next day": (
        replace(BOTH, type="broadcasting", status="proposed"),
        1,
        replace(BOTH, type="co_production"),
        False,
    ),
    "a month that holds the day": (replace(BOTH, **month(9)), 0, replace(BOTH, **day(20)), True),
    "a month that does not": (replace(BOTH, **month(6)), 0, replace(BOTH, **day(20)), False),
    # what real news would wrongly join
    "one agency, two partners that are named, the countries overlapping": (
        event("kabar", "kazinform"),
        1,
        event("kabar", "qazaqstan"),
        False,
    ),
    "two of one country with partners of two": (
        event("kazinform", "qazaqstan", "tass"),
        1,
        event("kazinform", "qazaqstan", "kabar"),
        False,
    ),
    "two of one country, the partner named once": (
        event("kazinform", "qazaqstan", countries=("KG", "KZ")),
        1,
        event("kazinform", "qazaqstan", "kabar"),
        True,
    ),
    "one agency opens bureaus in two countries": (
        event("tass", type="presence", countries=("KG", "RU")),
        1,
        event("tass", type="presence", countries=("RU", "UZ")),
        False,
    ),
    "one agency, its partner's country unnamed": (event("tass", countries=("RU",)), 0, event("tass", "kabar"), False),
    "two agencies join one alliance": (
        event("uza", "belta", type="membership"),
        1,
        event("khovar", "belta", type="membership"),
        False,
    ),
    "one country alone": (event(countries=("KZ",)), 0, event(countries=("KZ",)), False),
    "a forum and the memorandum signed there": (
        event("kabar", "kazinform", edition="II", **FORUM),
        0,
        event("kabar", "kazinform", series="Steppe Media Forum"),
        False,
    ),
    "two memoranda signed at one forum": (
        event("kabar", "kazinform", series="Steppe Media Forum"),
        0,
        event("uza", "tass", series="Steppe Media Forum"),
        False,
    ),
    "a forum, and two who met beside it": (
        event("kabar", "kazinform", "uza", **FORUM),
        0,
        event("kabar", "kazinform", type="meeting"),
        False,
    ),
    "a forum that another calls a meeting": (
        event("kabar", "kazinform", "uza", **FORUM),
        0,
        event("kabar", "kazinform", "uza", type="meeting", series="Steppe Media Forum"),
        True,
    ),
    "held, and the next one announced": (
        event("kabar", "kazinform", **FORUM),
        1,
        event("kabar", "kazinform", status="planned", **FORUM),
        False,
    ),
    "the second edition as numeral and as number": (event(edition="II", **FORUM), 1, event(edition="2", **FORUM), True),
    "an edition as number and as year": (event(edition="II", **FORUM), 1, event(edition="2025", **FORUM), True),
    "two forums of other series": (event(**FORUM), 0, event(type="forum", series="Lake Media Forum"), False),
    "a forum planned without a day, held in 100 days": (event(status="planned", **FORUM), 100, event(**FORUM), True),
    "talks planned without a day, and other talks in 100 days": (
        replace(BOTH, type="meeting", status="planned"),
        100,
        replace(BOTH, type="meeting"),
        False,
    ),
    "an agreement of this year, and its renewal": (
        replace(BOTH, **year(2025)),
        0,
        replace(BOTH, status="renewed", **day(18)),
        False,
    ),
    "what runs since an earlier year": (
        replace(BOTH, status="ongoing", **{**year(2020), "date_end": None}),
        0,
        replace(BOTH, **day(18)),
        False,
    ),
    "names as written, in other case and quotation marks": (
        written("Radio «Dala»", "Ala-Too TV"),
        1,
        written("radio “Dala”", "ALA-TOO TV"),
        True,
    ),
    "one agency, two partners as written": (
        written("Ala-Too TV", known="kabar"),
        1,
        written("Dala FM", known="kabar"),
        False,
    ),
    "one agency, partners in two scripts": (
        written("Dala FM", known="kabar"),
        1,
        written("Дала ФМ", known="kabar"),
        True,
    ),
}


@pytest.mark.parametrize("situation", PAIRS)
def test_pairs(situation: str) -> None:
    first, days, second, expected = PAIRS[situation]
    one, other = report("one", first), report("other", second, days)
    assert is_same_event(one, other) is expected
    assert is_same_event(other, one) is expected
    assert len(link_reports([one, other]).events) == (1 if expected else 2)


def clusters(*reports: EventReport) -> list[set[str]]:
    return [{one.article_id for one in linked.reports} for linked in link_reports(reports).events]


def test_two_editions_stay_two_although_a_third_report_names_none() -> None:
    first, second = (event("kabar", "kazinform", edition=number, **FORUM) for number in ("I", "II"))
    unnumbered = event("kabar", "kazinform", **FORUM)
    reports = [report("a", first), report("b", unnumbered, 1), report("c", second, 2)]
    assert clusters(*reports) == clusters(*reports[::-1]) == [{"a", "b"}, {"c"}]


def test_a_report_that_names_one_party_does_not_join_the_agreements_of_two() -> None:
    vague = event("kabar", countries=("KG", "KZ", "RU"))
    reports = [report("a", BOTH), report("b", event("kabar", "tass")), report("c", vague, 1)]
    assert clusters(*reports) == [{"a", "c"}, {"b"}]


def test_a_year_does_not_join_what_was_signed_in_two_of_its_months() -> None:
    reports = [
        report("a", replace(BOTH, date_start=date(2025, 3, 3), date_granularity="day")),
        report("b", replace(BOTH, **day(17))),
        report("c", replace(BOTH, **year(2025)), 9),
    ]
    assert clusters(*reports) == [{"a", "c"}, {"b"}]


def test_a_plan_is_done_once() -> None:
    planned = replace(BOTH, status="planned")
    assert clusters(report("a", planned), report("b", BOTH, 20), report("c", BOTH, 60)) == [{"a", "b"}, {"c"}]


def test_an_article_that_tells_of_two_keeps_them_apart_in_every_cluster() -> None:
    twice = [report("a", BOTH), report("a", event("kabar", "kazinform", "tass"), ordinal=1)]
    linked = link_reports([*twice, report("b", event("kabar", "kazinform", "tass"), 1)]).events
    assert [[one.ordinal for one in each.reports if one.article_id == "a"] for each in linked] == [[0], [1]]


def test_what_is_told_every_few_days_does_not_become_one_event() -> None:
    weeks = [report(f"r{number:02}", BOTH, days=3 * number) for number in range(12)]
    assert max(len(cluster) for cluster in clusters(*weeks)) <= 5


def test_a_notice_of_each_day_is_an_event_of_each_day() -> None:
    def notice(number: int) -> Event:
        quote = Evidence("text", f"Bulletin {number} of Kabar and Kazinform", 0, 10, ("rule",))
        return replace(BOTH, type="content_exchange", evidence=(quote,))

    days = [report(f"n{number}", notice(number), number, owner="kabar") for number in range(3)]
    assert clusters(*days) == [{"n0"}, {"n1"}, {"n2"}]
    repeated = [report(f"n{number}", notice(1), number, owner="kabar") for number in range(3)]
    assert clusters(*repeated) == [{"n0", "n1", "n2"}]


def test_two_events_of_one_article_stay_two() -> None:
    assert not is_same_event(report("one", BOTH), report("one", BOTH, ordinal=1))


def test_the_id_is_that_of_the_earliest_report_and_the_others_resolve_to_it() -> None:
    early, late = report("early", BOTH), report("late", BOTH, days=1)
    linked = link_reports([late, early])
    assert linked.events[0].event.event_id == minted_id(early)
    assert linked.resolved == ((minted_id(late), minted_id(early)),)
    assert linked.events[0].event.first_reported_at == early.published_at


def test_a_status_moves_and_its_history_is_kept() -> None:
    steps = [
        report("a", replace(BOTH, status="planned", **day(20)), 0),
        report("b", replace(BOTH, **day(20)), 2),
        report("c", replace(BOTH, status="planned", **day(20)), 3),
    ]
    linked = link_reports(steps).events[0]
    assert linked.event.status == "concluded"
    assert [(change.status, change.report.article_id) for change in linked.history] == [
        ("planned", "a"),
        ("concluded", "b"),
    ]


def test_what_was_planned_and_called_off_is_one_ended_event() -> None:
    linked = link_reports(
        [report("a", replace(BOTH, status="planned", **day(28))), report("b", replace(BOTH, status="ended"), 5)]
    )
    assert [one.event.status for one in linked.events] == ["ended"]


def test_a_renewal_is_a_new_event_that_supersedes_the_earlier() -> None:
    first, second = link_reports([report("a", BOTH), report("b", replace(BOTH, status="renewed"), 200)]).events
    assert second.event.supersedes == first.event.event_id


def test_what_a_month_alone_joined_goes_to_review() -> None:
    linked = link_reports([report("a", replace(BOTH, **month(9))), report("b", replace(BOTH, **day(20)))])
    assert [one.event.outcome for one in linked.events] == ["review"]


def test_a_series_and_its_edition_are_joined_by_more_than_a_month() -> None:
    planned = event(edition="III", status="planned", **FORUM, **month(9))
    held = event(edition="III", **FORUM, **day(20))
    assert [one.event.outcome for one in link_reports([report("a", planned), report("b", held, 9)]).events] == ["auto"]


def test_renewals_are_a_chain() -> None:
    renewed = replace(BOTH, status="renewed")
    reports = [report("a", BOTH), report("b", renewed, 200), report("c", event("kabar", "tass"), 300)]
    first, second, _, fourth = link_reports([*reports, report("d", renewed, 400)]).events
    assert (second.event.supersedes, fourth.event.supersedes) == (first.event.event_id, second.event.event_id)


STATUSES = {
    "postponed, then held": (("planned", "suspended", "concluded"), "concluded"),
    "postponed, then announced by one who had not heard": (("planned", "suspended", "planned"), "suspended"),
    "ended, then told of as running": (("ongoing", "ended", "ongoing"), "ended"),
    "held, announced by a late report": (("concluded", "planned"), "concluded"),
    "ended": (("concluded", "ended"), "ended"),
}


@pytest.mark.parametrize("situation", STATUSES)
def test_the_status_that_an_event_has_reached(situation: str) -> None:
    statuses, expected = STATUSES[situation]
    assert merged_status(statuses) == expected  # type: ignore[arg-type]


def test_publishers_of_one_owner_and_of_one_text_count_once() -> None:
    reports = [
        report("a", BOTH, owner="family"),
        report("b", BOTH, owner="family"),
        replace(report("c", BOTH), text_digest="a"),
        report("d", BOTH),
        report("e", BOTH),
    ]
    assert count_publishers(reports, {}) == 3
    assert count_publishers(reports, {"e": "d"}) == 2


names = st.sampled_from(["kabar", "kazinform", "tass", "khovar", "uza", "belta"])
many = st.lists(
    st.tuples(
        st.lists(names, min_size=1, max_size=3, unique=True),
        st.integers(0, 12),
        st.sampled_from(["planned", "concluded", "ongoing", "ended"]),
        st.sampled_from(["agreement", "forum", "meeting"]),
        st.sampled_from(
            [
                {},
                day(18),
                day(22),
                month(9),
                year(2025),
                {"series": "Steppe Media Forum"},
                {"series": "Steppe Media Forum", "edition": "I"},
                {"series": "Steppe Media Forum", "edition": "II", **month(9)},
            ]
        ),
        st.booleans(),
    ),
    max_size=14,
)


def told(rows: list[Any]) -> list[EventReport]:
    """Return the reports of drawn rows; one may stand in the article of the one before it."""
    reports: list[EventReport] = []
    for number, (ids, days, status, kind, changes, is_second) in enumerate(rows):
        before = reports[-1] if reports and is_second else None
        name, ordinal = (before.article_id, before.ordinal + 1) if before else (f"r{number}", 0)
        made = report(name, event(*ids, status=status, type=kind, **changes), days, ordinal=ordinal)
        reports.append(replace(made, published_at=before.published_at) if before else made)
    return reports


@settings(max_examples=80, deadline=None)
@given(many, st.randoms(use_true_random=False))
def test_any_order_gives_the_same_events_and_ids(rows: list[Any], random: Any) -> None:
    reports = told(rows)
    shuffled = list(reports)
    random.shuffle(shuffled)
    assert link_reports(shuffled) == link_reports(reports)
    events = link_reports(reports).events
    assert sorted(r.report_id for one in events for r in one.reports) == sorted(r.report_id for r in reports)
    for one in events:
        assert len({r.article_id for r in one.reports}) == len(one.reports)
        assert len({r.event.edition for r in one.reports if r.event.edition}) < 2


@given(many)
def test_reports_that_come_later_never_part_what_was_joined(rows: list[Any]) -> None:
    reports = sorted(told(rows), key=lambda one: (one.published_at, one.canonical_url, one.ordinal))
    before = link_reports(reports[: len(reports) // 2]).events
    after = {r.report_id: place for place, one in enumerate(link_reports(reports).events) for r in one.reports}
    for one in before:
        assert len({after[r.report_id] for r in one.reports}) == 1


def test_the_frames_hold_every_report_and_quote() -> None:
    linked = link_reports([report("a", replace(BOTH, provisions=("training",))), report("b", BOTH, 1)])
    tables = event_tables(linked)
    assert tables["core.events"]["report_count"].tolist() == [2]
    assert tables["core.event_reports"]["event_id"].nunique() == 1
    assert tables["core.event_evidence"]["evidence_id"].nunique() == 2
    assert tables["core.event_parties"]["organisation_id"].tolist() == ["kabar", "kazinform"]
    assert tables["core.event_provisions"]["provision"].tolist() == ["training"]
    empty = event_tables(link_reports([]))
    assert {name: list(frame) for name, frame in empty.items()} == {name: list(frame) for name, frame in tables.items()}


def test_an_event_comes_back_from_its_json() -> None:
    told = replace(BOTH, first_reported_at=NOON, regions=("Central Asia",), **day(18))
    assert event_from_json(event_to_json(told)) == told


def test_coded_articles_of_one_file_share_ids_in_any_order() -> None:
    articles = [ArticleText(name, "", name, NOON + timedelta(days=n)) for n, name in enumerate("abc")]
    coded = [CodedArticle(article.id, "en", "cooperation", 0.9, (BOTH,)) for article in articles]
    there = link_coded(articles, coded)
    back = link_coded(articles[::-1], coded[::-1])
    assert there == back[::-1]
    assert len({one.events[0].event_id for one in there}) == 1


BAD = {
    "no id": ({"title": "", "text": ""}, "id"),
    "a number for a text": ({"id": "a", "title": "", "text": 3}, "text"),
    "a time without an offset": (
        {"id": "a", "title": "", "text": "", "published_at": "2025-01-01T00:00:00"},
        "published_at",
    ),
    "no time at all": ({"id": "a", "title": "", "text": "", "published_at": "soon"}, "published_at"),
    "a list for a language": ({"id": "a", "title": "", "text": "", "language": ["en"]}, "language"),
}


@pytest.mark.parametrize("situation", BAD)
def test_a_record_that_is_none_names_its_field(situation: str) -> None:
    record, field = BAD[situation]
    with pytest.raises(ValueError, match=f"^{field}: "):
        article_text(record)
