"""Every figure of an evaluation against numbers worked out by hand, and what must hold for any articles."""

from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codebook.load import load_codebook
from transforms.baselines import code_by_gazetteer, code_by_keywords
from transforms.differences import differences, evidence
from transforms.evaluate import FIGURES, Comparison, alarms, calibration, compare, confusion, counts_of, figures, gaps
from transforms.event_matching import is_same, match_events
from transforms.gold import GoldArticle, GoldError, GoldEvent, GoldOrganisation, gold_article
from transforms.intervals import f1, f1_estimate, f1_gap, share, total
from transforms.records import ArticleText, CodedArticle, Event, Evidence, Organisation, Place


def organisation(words: str) -> dict[str, Any]:
    """ "kabar" is an id, "?Kabar News" a name; the role may stand behind a colon."""
    name, _, role = words.partition(":")
    known = {"id": None, "name": name[1:]} if name.startswith("?") else {"id": name, "name": name.title()}
    return known | ({"role": role} if role else {})


def gold(kind: str = "agreement", status: str = "concluded", names: str = "kabar", **more: Any) -> GoldEvent:
    """A gold event of organisations separated by blanks."""
    rows = [organisation(words) for words in names.split()]
    event = {"type": kind, "status": status, "organisations": rows, "countries": ["KG", "KZ"], **more}
    return article(events=[event]).events[0]


def found(kind: str = "agreement", status: str = "concluded", names: str = "kabar", **more: Any) -> Event:
    """An event as the coder gives it."""
    rows = [organisation(words) for words in names.split()]
    members = tuple(Organisation(one["id"], one["name"], one.get("role", "party"), None) for one in rows)
    given = {"event_id": "e", "label": "", "countries": ("KG", "KZ"), "evidence": (), "confidence": 0.7, **more}
    return Event(type=kind, status=status, organisations=members, **given)  # type: ignore[arg-type]


def record(events: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    relevance = "cooperation" if events else "none"
    return {"id": "a", "title": "t", "text": "x", "relevance": relevance, "events": events, **more}


def article(events: list[dict[str, Any]], **more: Any) -> GoldArticle:
    return gold_article(record(events, **more))


def comparison(
    wanted: list[GoldEvent], given: list[Event], language: str = "en", kind: str | None = None
) -> Comparison:
    """One article compared, relevant where it has events."""
    text = ArticleText("a", "t", "x", language=language)
    labelled = GoldArticle(text, "cooperation" if wanted else "adjacent", tuple(wanted), kind)
    return compare(labelled, CodedArticle("a", language, "cooperation" if given else "none", 0.9, tuple(given)))


# --- matching ---


@pytest.mark.parametrize(
    ("ours", "theirs", "is_one"),
    [
        (gold("forum"), found("meeting"), True),  # one group
        (gold("forum"), found("agreement"), False),
        (gold(names="kabar uza"), found(names="uza"), True),
        (gold(names="kabar"), found(names="uza"), False),
        (gold(names=""), found(names="uza"), True),  # the same countries
        (gold(names="", countries=["KG"]), found(names="uza"), False),
        (gold(names="?Nur-TV"), found(names="?nur_tv"), True),  # folded names
        (gold(names="?Kabar"), found(names="kabar"), True),
        (gold(names="uza"), found(names="?Kabar"), False),
        (gold(date_start="2025-03-12"), found(date_start=date(2025, 3, 20), date_granularity="day"), True),
        (
            gold(date_start="2025-03-12", date_granularity="day"),
            found(date_start=date(2025, 3, 15), date_granularity="day"),
            True,
        ),
        (
            gold(date_start="2025-03-12", date_granularity="day"),
            found(date_start=date(2025, 3, 16), date_granularity="day"),
            False,
        ),
        (
            gold(date_start="2025-03-01", date_granularity="month"),
            found(date_start=date(2025, 3, 16), date_granularity="day"),
            True,
        ),
    ],
)
def test_which_events_may_be_one(ours: GoldEvent, theirs: Event, is_one: bool) -> None:
    assert bool(match_events([ours], [theirs])) is is_one


def test_the_matching_is_the_largest_even_where_the_nearest_pair_must_give_way() -> None:
    both, only_kabar = gold(names="kabar uza"), gold(names="kabar")
    near, far = found(names="kabar"), found(names="uza")
    assert match_events([both, only_kabar], [near, far]) in (
        [(both, far), (only_kabar, near)],
        [(only_kabar, near), (both, far)],
    )


def test_of_two_largest_matchings_the_one_that_agrees_more_is_taken() -> None:
    planned, done = gold(status="planned"), gold(status="concluded")
    theirs = [found(status="concluded"), found(status="planned")]
    assert all(one.status == other.status for one, other in match_events([planned, done], theirs))


def test_two_ids_are_never_one_organisation_by_their_names() -> None:
    assert not is_same(GoldOrganisation("a", "Kabar", None), Organisation("b", "Kabar", "party", None))
    assert not is_same(GoldOrganisation(None, "—", None), Organisation(None, "…", "party", None))


# --- figures ---


def hand_made() -> list[Comparison]:
    """Four articles whose figures are worked out below."""
    return [
        comparison(
            [
                gold(
                    names="kabar:party uza:host",
                    date_start="2025-03-12",
                    provisions=["training", "forum"],
                    place={"name": "Bishkek", "country": "KG"},
                    same_as="d1",
                )
            ],
            [
                found(
                    names="kabar:party uza:party xinhua",
                    date_start=date(2025, 3, 12),
                    provisions=("training",),
                    place=Place("Almaty", "KZ"),
                    countries=("KG",),
                    event_id="1",
                )
            ],
        ),
        comparison(
            [gold("forum", names="mir", same_as="d1"), gold("training", "planned", "mir", same_as="d2")],
            [found("meeting", "planned", "mir", event_id="1", outcome="review"), found("contest", names="mir")],
        ),
        comparison([], [found()], kind="interview"),
        comparison([], [], kind="interview"),
    ]


def test_figures_worked_out_by_hand() -> None:
    values = {name: (round(one.value, 4), one.n) for name, one in figures(hand_made()).items()}
    assert values == {
        "relevance.precision": (0.6667, 3),  # two of three alarms
        "relevance.recall": (1.0, 2),
        "relevance.f1": (0.8, 2),
        "events.precision": (0.5, 4),  # agreement and meeting, of four given
        "events.recall": (0.6667, 3),
        "events.f1": (0.5714, 3),  # 2·2 / (4 + 3)
        "auto.precision": (0.3333, 3),  # the meeting is under review
        "auto.recall": (0.3333, 3),
        "auto.f1": (0.3333, 3),
        "organisations.precision": (0.75, 4),  # xinhua is too many
        "organisations.recall": (1.0, 3),
        "organisations.f1": (0.8571, 3),
        "countries.precision": (1.0, 3),
        "countries.recall": (0.75, 4),
        "countries.f1": (0.8571, 4),
        "provisions.precision": (1.0, 1),
        "provisions.recall": (0.5, 2),
        "provisions.f1": (0.6667, 2),
        "type.accuracy": (0.5, 2),
        "status.accuracy": (0.5, 2),
        "date.accuracy": (1.0, 1),
        "place.accuracy": (0.0, 1),
        "role.accuracy": (0.5, 2),  # mir's role is not labelled
        "merging.precision": (1.0, 1),
        "merging.recall": (1.0, 1),
    }
    assert set(values) == set(FIGURES)


def test_merging_counts_pairs_of_matched_mentions() -> None:
    def told(key: str | None, identity: str) -> Comparison:
        return comparison([gold(same_as=key)], [found(event_id=identity)])

    rows = [told("a", "1"), told("a", "1"), told("a", "2"), told("b", "2"), told(None, "2"), told(None, "3")]
    rows.append(comparison([gold(same_as="a")], []))  # a mention that was not found is no pair
    measured = figures(rows)
    assert (measured["merging.precision"].value, measured["merging.precision"].n) == (1 / 4, 4)  # 1 + 3 pairs by id
    assert (measured["merging.recall"].value, measured["merging.recall"].n) == (1 / 3, 3)


def test_no_date_is_asked_of_what_is_proposed_or_suspended() -> None:
    rows = [comparison([gold(status=one, date_start="2025-03-12")], [found()]) for one in ("proposed", "suspended")]
    assert figures(rows)["date.accuracy"].n == 0
    rows.append(comparison([gold(status="ended", date_start="2025-03-12")], [found()]))
    assert (figures(rows)["date.accuracy"].value, figures(rows)["date.accuracy"].n) == (0.0, 1)


def test_what_was_not_labelled_is_not_scored() -> None:
    bare = article([{"type": "agreement", "status": "concluded", "countries": ["KG", "KZ"]}]).events[0]
    counts = counts_of(comparison([bare], [found(provisions=("training",))]))
    assert counts["events"] == (1, 1, 1)
    assert counts["organisations"] == counts["provisions"] == (0, 0, 0)


def test_confusion_tells_what_was_missed_and_what_was_too_many() -> None:
    assert confusion(hand_made(), "type") == {
        ("agreement", "agreement"): 1,
        ("forum", "meeting"): 1,
        ("none", "agreement"): 1,
        ("none", "contest"): 1,
        ("training", "none"): 1,
    }
    assert confusion(hand_made(), "status")["concluded", "planned"] == 1


def test_calibration_puts_each_event_into_one_bin() -> None:
    sure, unsure = found(confidence=1.0), found("forum", confidence=0.55)
    bins = calibration([comparison([gold()], [sure, unsure])])
    assert [(one.start, one.mean_confidence, one.right.value, one.right.n) for one in bins] == [
        (0.5, 0.55, 0.0, 1),
        (0.9, 1.0, 1.0, 1),
    ]


def test_false_alarms_are_told_by_kind() -> None:
    rates = alarms(hand_made())
    assert {kind: (one.value, one.n) for kind, one in rates.items()} == {"interview": (0.5, 2)}


def test_gaps_are_points_below_the_mean_of_english_and_russian() -> None:
    right, wrong = ([gold()], [found()]), ([gold()], [])
    rows = [comparison(*right, language="en") for _ in range(10)]
    rows += [comparison(*case, language="ru") for case in (right,) * 10 + (wrong,) * 10]
    rows += [comparison(*case, language=tag) for tag in ("uz", "uz-Cyrl") for case in (right,) * 2 + (wrong,) * 6]
    measured = gaps(rows)
    mean = (1 + 2 * 10 / 30) / 2
    assert measured["events.gap.uz"].value == pytest.approx(mean - 2 * 4 / 20)
    assert measured["events.gap.uz"].n == 10
    assert set(measured) == {"relevance.gap.uz", "events.gap.uz"}
    assert gaps(rows[:10]) == {}


# --- intervals ---


def test_wilson_as_in_the_textbook() -> None:
    one = share(8, 10)
    assert (round(one.low, 3), round(one.high, 3)) == (0.490, 0.943)
    assert (share(0, 0).low, share(0, 0).high, share(0, 0).is_shown) == (0.0, 1.0, False)


@given(st.integers(0, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_an_interval_contains_its_share(pair: tuple[int, int]) -> None:
    one = share(*pair)
    assert 0 <= one.low <= one.value <= one.high <= 1


COUNTS = st.tuples(st.integers(0, 3), st.integers(0, 2), st.integers(0, 2)).map(
    lambda c: (c[0], c[0] + c[1], c[0] + c[2])
)


@given(st.lists(COUNTS, max_size=30), st.lists(COUNTS, min_size=1, max_size=30))
def test_an_f1_lies_in_its_interval_whatever_the_order_of_articles(
    rows: list[tuple[int, int, int]], others: list[tuple[int, int, int]]
) -> None:
    one = f1_estimate(rows)
    assert one.low <= one.value <= one.high
    assert one.value == f1(*total(rows))
    assert f1_estimate(rows[::-1]) == one
    gap = f1_gap(rows, [others, rows])
    assert gap.low <= gap.value <= gap.high


def test_articles_drawn_without_anything_to_score_do_not_count_as_wrong() -> None:
    one = f1_estimate([(0, 0, 0)] * 19 + [(12, 12, 12)])
    assert (one.value, one.low, one.high) == (1.0, 1.0, 1.0)


def test_more_articles_make_an_interval_narrower() -> None:
    few = f1_estimate([(1, 1, 1), (0, 1, 1)] * 5)
    many = f1_estimate([(1, 1, 1), (0, 1, 1)] * 500)
    assert few.value == many.value == 0.5
    assert many.high - many.low < (few.high - few.low) / 5


# --- what holds for all ---

NAMES = st.lists(st.sampled_from(["kabar", "uza", "?Nur-TV", "?Новое Радио"]), max_size=3, unique=True).map(" ".join)
TYPES = st.sampled_from(["agreement", "forum", "meeting", "training", "content_exchange", "broadcasting"])
STATUSES = st.sampled_from(["proposed", "planned", "concluded", "ended"])
DAYS = st.dates(date(2025, 3, 1), date(2025, 3, 9))
CODES = st.lists(st.sampled_from(["KG", "KZ", "CN"]), unique=True, min_size=1)


@st.composite
def events(draw: st.DrawFn) -> Event:
    day = draw(st.none() | DAYS)
    return found(
        draw(TYPES),
        draw(STATUSES),
        draw(NAMES),
        countries=tuple(draw(CODES)),
        date_start=day,
        date_granularity="day" if day else "unresolved",
        event_id=draw(st.sampled_from("123")),
        confidence=draw(st.floats(0, 1)),
        provisions=tuple(draw(st.sets(TYPES, max_size=2))),
        place=draw(st.none() | st.just(Place("Osh", "KG"))),
    )


def as_gold(event: Event) -> GoldEvent:
    """The gold that says what the coder says."""
    return GoldEvent(
        type=event.type,
        status=event.status,
        countries=frozenset(event.countries),
        organisations=tuple(GoldOrganisation(one.id, one.name, one.role) for one in event.organisations),
        date_start=event.date_start,
        date_granularity=event.date_granularity,
        place_country=event.place.country if event.place else None,
        provisions=frozenset(event.provisions),
        same_as=event.event_id,
    )


@given(st.lists(st.lists(events(), max_size=4), max_size=4))
def test_a_coder_that_answers_with_the_gold_is_always_right(articles: list[list[Event]]) -> None:
    rows = [comparison([as_gold(event) for event in given], given) for given in articles]
    assert all(one.value == 1.0 for one in figures(rows).values() if one.n)
    assert all(one.low <= one.value <= one.high for one in figures(rows).values())
    assert not any(row.missed or row.extra for row in rows)


@given(st.lists(events(), max_size=5), st.lists(events(), max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_events_changes_nothing(ours: list[Event], theirs: list[Event], chance: Random) -> None:
    wanted = [as_gold(event) for event in ours]
    before = figures([comparison(wanted, theirs)])
    other, given = chance.sample(wanted, len(wanted)), chance.sample(theirs, len(theirs))
    assert figures([comparison(other, given)]) == before


@given(st.lists(events(), max_size=5), st.lists(events(), max_size=5))
def test_every_event_is_matched_missed_or_extra(ours: list[Event], theirs: list[Event]) -> None:
    row = comparison([as_gold(event) for event in ours], theirs)
    assert len(row.pairs) + len(row.missed) == len(ours)
    assert len(row.pairs) + len(row.extra) == len(theirs)


# --- gold records ---


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"id": 1}, "id"),
        ({"published_at": "yesterday"}, "published_at"),
        ({"relevance": "yes"}, "relevance"),
        ({"relevance": "none"}, "relevance"),
        ({"events": None}, "events"),
        ({"kind": 3}, "kind"),
        ({"events": ["x"]}, "events[0]"),
        ({"events": [{"type": "treaty"}]}, "events[0].type"),
        ({"events": [{"type": "forum", "group": "forum", "status": "planned"}]}, "events[0].group"),
        ({"events": [{"type": "forum", "status": "over"}]}, "events[0].status"),
        ({"events": [{"type": "forum", "status": "planned", "countries": ["kz"]}]}, "events[0].countries"),
        ({"events": [{"type": "forum", "status": "planned", "date_start": "May"}]}, "events[0].date_start"),
        ({"events": [{"type": "forum", "status": "planned", "place": "Osh"}]}, "events[0].place"),
        ({"events": [{"type": "forum", "status": "planned", "provisions": ["tea"]}]}, "events[0].provisions"),
        ({"events": [{"type": "forum", "status": "planned", "organisations": [{}]}]}, "events[0].organisations[0]"),
        (
            {"events": [{"type": "forum", "status": "planned", "organisations": [{"id": "x", "role": "guest"}]}]},
            "events[0].organisations[0].role",
        ),
        (
            {"events": [{"type": "forum", "status": "planned", "date_granularity": "week"}]},
            "events[0].date_granularity",
        ),
    ],
)
def test_a_bad_record_is_told_by_key_and_cure(change: dict[str, Any], key: str) -> None:
    with pytest.raises(GoldError) as told:
        gold_article({**record([{"type": "forum", "status": "planned"}]), **change})
    assert told.value.key == key
    assert told.value.cure.endswith(".")


def test_a_record_that_is_no_object_is_refused() -> None:
    with pytest.raises(GoldError):
        gold_article([1])


# --- words and baselines ---


def test_differences_say_what_was_expected_and_found() -> None:
    assert [line for row in hand_made() for line in differences(row)] == [
        "agreement concluded: organisations: missed [], extra [xinhua]",
        "agreement concluded: role of uza: expected host, found party",
        "agreement concluded: countries: expected [KG, KZ], found [KG]",
        "agreement concluded: provisions: expected [forum, training], found [training]",
        "agreement concluded: place: expected KG, found KZ",
        "missed: training planned  [mir] [KG, KZ]",
        "extra: contest concluded  [mir] [KG, KZ] (auto, 0.70)",
        "forum concluded: type meeting",
        "forum concluded: status planned",
        "relevance: expected adjacent, found cooperation",
        "extra: agreement concluded  [kabar] [KG, KZ] (auto, 0.70)",
    ]


def test_evidence_stands_with_its_rules() -> None:
    event = replace(found(), evidence=(Evidence("text", "they\nsigned", 0, 11, ("r.1", "r.2")),))
    assert evidence(comparison([gold()], [event])) == ["agreement by r.1, r.2: they signed"]


@pytest.mark.parametrize(
    ("language", "text", "keywords", "gazetteer"),
    [
        ("en", "Kabar news agency signed a memorandum.", "cooperation", "cooperation"),
        ("en", "A newspaper signed a memorandum.", "cooperation", "none"),
        ("en", "Kabar reported rain.", "none", "none"),
        ("ru", "Агентство «Кабар» подписало меморандум о сотрудничестве.", "cooperation", "cooperation"),
        ("fi", "Kabar news agency signed a memorandum.", "none", "none"),  # no lexicon
    ],
)
def test_baselines_know_words_and_nothing_else(language: str, text: str, keywords: str, gazetteer: str) -> None:
    codebook, given = load_codebook(), ArticleText("a", "", text, language=language)
    assert code_by_keywords(given, codebook).relevance == keywords
    coded = code_by_gazetteer(given, codebook)
    assert coded.relevance == gazetteer
    assert [(event.type, event.countries) for event in coded.events] == (
        [("agreement", ("KG",))] if gazetteer == "cooperation" else []
    )
