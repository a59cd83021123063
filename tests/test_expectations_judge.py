"""Each kind of bad row is caught by the expectation made for it, and by that alone where it can be."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from functools import cache

import pandas as pd
import pytest

from expectations.judge import STOPPED, Judgement, judge
from expectations.suites import SUITES
from transforms.frames import frame_of
from transforms.records import Article, DateBasis, Entry, digest

NOW = datetime(2025, 9, 22, 2, 0, tzinfo=UTC)
URL = "https://registon.example/yangiliklar/1"
EVENT = {
    "type": "agreement",
    "group": "agreement",
    "countries": ["UZ", "KG"],
    "evidence": [{"field": "text", "quote": "imzoladi", "start": 10, "end": 18, "rule_ids": ["r"]}],
}


def entries(count: int = 1, outlet: str = "registon") -> pd.DataFrame:
    rows = [
        Entry(
            digest(outlet, str(n)), "uz", outlet, digest("c"), digest(URL), str(n), URL, URL, "Yangi koʻrsatuv", None,
            None, None, NOW, None, NOW,
        )
        for n in range(count)
    ]  # fmt: skip
    return frame_of(rows, Entry)


def articles(count: int = 1) -> pd.DataFrame:
    text = "Telekanal yangi koʻrsatuv haqida xabar berdi. " * 8
    rows = [
        Article(
            digest(URL, str(n)), digest("r", str(n)), "registon", digest("c"), URL, URL, "Yangi koʻrsatuv", text, NOW,
            DateBasis.FEED, None, None, "uz", digest(text), len(text), NOW,
        )
        for n in range(count)
    ]  # fmt: skip
    return frame_of(rows, Article)


def event_reports(count: int = 1) -> pd.DataFrame:
    row = {
        "article_id": digest(URL),
        "revision_id": digest("r"),
        "capture_id": digest("c"),
        "outlet_id": "registon",
        "ordinal": 0,
        "published_at": NOW,
        "type": "agreement",
        "status": "concluded",
        "outcome": "auto",
        "confidence": 0.9,
        "event_json": json.dumps(EVENT),
    }
    return pd.DataFrame([{"report_id": digest(str(n)), **row} for n in range(count)])


GOOD = {"feed_entries": entries, "articles": articles, "event_reports": event_reports}


def told(**changes: object) -> str:
    return json.dumps({**EVENT, **changes})


def quote(text: str, start: int, end: int) -> list[dict[str, object]]:
    return [{"field": "text", "quote": text, "start": start, "end": end, "rule_ids": []}]


LATE, OLD = NOW + timedelta(days=2), datetime(1970, 1, 1, tzinfo=UTC)
BAD = [
    ("feed_entries", "entry_id_is_a_digest", "entry_id", "17"),
    ("feed_entries", "capture_id_is_a_digest", "capture_id", "c"),
    ("feed_entries", "capture_id_present", "capture_id", None),
    ("feed_entries", "seen_at_present", "seen_at", None),
    ("feed_entries", "url_is_a_web_address", "url", "javascript:alert(1)"),
    ("feed_entries", "article_id_present", "article_id", None),
    ("feed_entries", "title_present", "title", None),
    ("feed_entries", "title_not_blank", "title", "   "),
    ("feed_entries", "title_of_sensible_length", "title", "a" * 1001),
    ("feed_entries", "summary_of_sensible_length", "summary", "a" * 200_001),
    ("feed_entries", "published_not_in_the_future", "published_at", LATE),
    ("feed_entries", "published_after_the_web_began", "published_at", OLD),
    ("articles", "article_id_is_a_digest", "article_id", "17"),
    ("articles", "revision_id_is_a_digest", "revision_id", "17"),
    ("articles", "text_digest_is_a_digest", "text_digest", "17"),
    ("articles", "capture_id_present", "capture_id", None),
    ("articles", "capture_id_is_a_digest", "capture_id", "17"),
    ("articles", "url_is_a_web_address", "url", "/uz/1"),
    ("articles", "canonical_url_present", "canonical_url", None),
    ("articles", "canonical_url_is_a_web_address", "canonical_url", "file:///etc/passwd"),
    ("articles", "title_present", "title", None),
    ("articles", "title_not_blank", "title", "\u00a0 "),
    ("articles", "title_of_sensible_length", "title", "a" * 1001),
    ("articles", "text_present", "text", None),
    ("articles", "text_not_blank", "text", " \n" * 200),
    ("articles", "text_not_enormous", "text", "a" * 1_000_001),
    ("articles", "text_not_short", "text", "Rasm: muallif"),
    ("articles", "text_decoded", "text", "\ufffd koʻrsatuv" * 30),
    ("articles", "language_known", "language", None),
    ("articles", "language_is_bcp47", "language", "Uzbek"),
    ("articles", "published_basis_known", "published_basis", "guess"),
    ("articles", "published_not_in_the_future", "published_at", LATE),
    ("articles", "published_after_the_web_began", "published_at", OLD),
    ("event_reports", "report_id_is_a_digest", "report_id", "17"),
    ("event_reports", "revision_id_is_a_digest", "revision_id", "17"),
    ("event_reports", "capture_id_is_a_digest", "capture_id", "17"),
    ("event_reports", "published_at_present", "published_at", None),
    ("event_reports", "type_known", "type", "friendship"),
    ("event_reports", "status_known", "status", "done"),
    ("event_reports", "outcome_known", "outcome", "maybe"),
    ("event_reports", "confidence_is_a_share", "confidence", 1.2),
    ("event_reports", "confidence_present", "confidence", None),
    ("event_reports", "event_readable", "event_json", "{"),
    ("event_reports", "group_known", "event_json", told(group="friends")),
    ("event_reports", "evidence_present", "event_json", told(evidence=[])),
    ("event_reports", "quotes_short", "event_json", told(evidence=quote("a" * 181, 0, 181))),
    ("event_reports", "quotes_fit_offsets", "event_json", told(evidence=quote("imzoladi", 18, 10))),
    ("event_reports", "parties_named", "event_json", told(countries=[])),
]


def test_every_rule_has_its_bad_row() -> None:
    named = {(table, rule) for table, rule, *_ in BAD}
    assert named == {(suite.table, rule.name) for suite in SUITES.values() for rule in suite.rules}
    assert all(rule.reason for suite in SUITES.values() for rule in suite.rules)


@cache
def judged(table: str) -> tuple[pd.DataFrame, Judgement]:
    """Judge one good row and the table's bad rows, in the order of `BAD`, each of an outlet of its own."""
    cases = [(column, value) for name, _, column, value in BAD if name == table]
    frame = GOOD[table](1 + len(cases))
    for row, (column, value) in enumerate(cases, start=1):
        frame.loc[row, column] = value
    frame["outlet_id"] = [f"outlet-{row}" for row in frame.index]
    return frame, judge(table, frame)


@pytest.mark.parametrize(("table", "name"), [row[:2] for row in BAD], ids=[f"{row[0]}-{row[1]}" for row in BAD])
def test_a_bad_row_is_caught_by_its_rule_and_by_no_other(table: str, name: str) -> None:
    frame, judgement = judged(table)
    rule = next(rule for rule in SUITES[table].rules if rule.name == name)
    row = 1 + [case[1] for case in BAD if case[0] == table].index(name)
    validation = next(one for one in judgement.validations if one.expectation == name)
    assert (validation.batch, validation.checked_count, validation.unexpected_count) == ("all", len(frame), 1)
    rejections = [one for one in judgement.rejections if one.outlet_id == f"outlet-{row}"]
    is_accepted = f"outlet-{row}" in set(judgement.accepted["outlet_id"])
    if rule.severity == "warning":
        assert is_accepted
        assert rejections == []
    else:
        assert not is_accepted
        assert [(one.expectation, one.column) for one in rejections] == [(name, rule.column)]
        assert json.loads(rejections[0].row_json).keys() == set(frame.columns)


@pytest.mark.parametrize("table", list(GOOD))
def test_good_rows_come_in_as_they_are(table: str) -> None:
    frame = GOOD[table](4)
    judgement = judge(table, frame)
    pd.testing.assert_frame_equal(judgement.accepted, frame)
    assert judgement.rejections == judgement.stopped == ()
    assert all(validation.is_success for validation in judgement.validations)


@pytest.mark.parametrize("table", list(GOOD))
def test_nothing_is_judged_as_nothing(table: str) -> None:
    judgement = judge(table, GOOD[table](1).iloc[:0])
    assert judgement.accepted.empty
    assert {validation.checked_count for validation in judgement.validations} == {0}


def test_a_rejection_keeps_the_raw_value_and_the_capture() -> None:
    frame = entries(2)
    frame.loc[0, "published_at"] = LATE
    (rejection,) = judge("feed_entries", frame).rejections
    assert rejection.raw_value == LATE.isoformat()
    assert rejection.capture_id == digest("c")
    assert json.loads(rejection.row_json)["title"] == "Yangi koʻrsatuv"


def test_a_missing_date_passes() -> None:
    frame = entries(2)
    frame["published_at"] = pd.Series([pd.NaT, pd.NaT], dtype="datetime64[us, UTC]")
    assert len(judge("feed_entries", frame).accepted) == 2


STOPS = [("most of them", 9, 6, True), ("just half", 10, 5, False), ("all, but few", 4, 4, False)]


@pytest.mark.parametrize(("rows", "bad", "is_stopped"), [c[1:] for c in STOPS], ids=[c[0] for c in STOPS])
def test_an_outlet_whose_rows_mostly_fail_is_stopped_and_no_other(rows: int, bad: int, is_stopped: bool) -> None:
    frame = pd.concat([entries(rows), entries(3, outlet="pomir")], ignore_index=True)
    frame.loc[: bad - 1, "title"] = " "
    judgement = judge("feed_entries", frame)
    assert judgement.stopped == (("registon",) if is_stopped else ())
    assert len(judgement.accepted) == 3 + (0 if is_stopped else rows - bad)
    reasons = [rejection.expectation for rejection in judgement.rejections]
    assert reasons.count(STOPPED) == (rows - bad if is_stopped else 0)
    assert len({rejection.row_id for rejection in judgement.rejections}) == (rows if is_stopped else bad)
    records = [one for one in judgement.validations if one.expectation == STOPPED]
    assert [(one.batch, one.checked_count, one.unexpected_count) for one in records] == (
        [("registon", rows, bad)] if is_stopped else []
    )


def test_a_missing_column_is_the_programs_mistake() -> None:
    with pytest.raises(ValueError, match="feed_entries: missing column title"):
        judge("feed_entries", entries().drop(columns="title"))


def test_the_library_is_not_loaded_before_the_first_call() -> None:
    code = "import sys, expectations.judge; sys.exit('great_expectations' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
