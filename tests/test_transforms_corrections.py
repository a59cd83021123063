"""What people decide holds in the events, now and later, and what they take back is as it was."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codebook.load import Codebook, load_codebook
from transforms.corrections import Corrected, correct_events
from transforms.event_frames import event_tables
from transforms.event_spans import UNKNOWN_SPAN, EventSpan, span_of, written
from transforms.linking import LinkedEvents, link_reports
from transforms.records import Correction, Event, EventReport, Evidence, Organisation
from transforms.review_sheet import COLUMNS, BadCell, Known, SheetError, decisions_of, filled_rows, text_of_sheet

NOW = datetime(2025, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def codebook() -> Codebook:
    return load_codebook()


def told(**changes: Any) -> Event:
    """Return an event in doubt: Kabar and a body that nobody knows."""
    plain = Event(
        event_id="",
        type="meeting",
        status="concluded",
        label="Kabar – Алтын Дала: meeting",
        organisations=(
            Organisation("kabar", "Kabar", "party", "KG"),
            Organisation(None, "Алтын Дала", "host", None),
        ),
        countries=("KG",),
        evidence=(Evidence("text", "quote", 0, 5, ("rule",)),),
        confidence=0.55,
        outcome="review",
        scope="domestic",
        is_regional=True,
        date_basis="publication",
    )
    return replace(plain, **changes)


def linked(*events: Event) -> LinkedEvents:
    """Return these events as linked, each told by an article of its own, months apart."""
    return link_reports([report(f"a{number}", month, one) for number, (month, one) in enumerate(enumerate(events, 1))])


def report(name: str, month: int, event: Event) -> EventReport:
    moment = datetime(2025, month, 3, 9, tzinfo=UTC)
    url = f"https://{name}.example/"
    return EventReport(name, name, name, name, name, name, url, moment, "UTC", 0, name, event)


def decided(
    decision: str, day: int = 1, event: str | None = None, name: str | None = None, **values: Any
) -> Correction:
    """Return a decision of a day in November."""
    return Correction(
        correction_id=f"{decision} {day} {event or name} {values}",
        subject="event" if event else "organisation",
        event_id=event,
        organisation_name=name,
        decision=decision,  # type: ignore[arg-type]
        values_json=json.dumps(values),
        note=None,
        author="A. Linguist",
        decided_date=date(2025, 11, day),
        imported_at=NOW,
    )


def corrected(events: LinkedEvents, codebook: Codebook, *decisions: Correction, **became: str) -> Corrected:
    return correct_events(events, decisions, codebook, became)


def test_without_decisions_nothing_changes(codebook: Codebook) -> None:
    events = linked(told())
    assert corrected(events, codebook).linked == events


def test_what_is_accepted_counts_and_says_by_which_decision(codebook: Codebook) -> None:
    events = linked(told())
    (one,) = events.events
    decision = decided("accept", event=one.event.event_id)
    (after,) = corrected(events, codebook, decision).linked.events
    assert after.event == replace(one.event, outcome="auto", corrections=(decision.correction_id,))
    assert after.reports == one.reports


def test_what_is_rejected_leaves_and_its_reports_stay(codebook: Codebook) -> None:
    events = linked(told(), told(type="forum", label="forum"))
    gone, stays = events.events
    result = corrected(events, codebook, decided("reject", event=gone.event.event_id)).linked
    assert result.events == (stays,)
    tables = event_tables(result)
    reports = tables["core.event_reports"].set_index("report_id")
    assert reports.loc["a0", "rejected_event_id"] == gone.event.event_id
    assert reports["event_id"].isna().tolist() == [False, True]
    assert set(tables["core.event_evidence"]["report_id"]) == {"a1"}


def test_of_several_decisions_the_later_day_holds_whatever_came_in_first(codebook: Codebook) -> None:
    events = linked(told())
    (event_id,) = [one.event.event_id for one in events.events]
    late, early = decided("accept", 9, event_id), decided("reject", 2, event_id)
    for order in ((late, early), (early, late)):
        assert len(corrected(events, codebook, *order).linked.events) == 1
    assert not corrected(events, codebook, decided("accept", 1, event_id), early).linked.events
    same_day = (decided("accept", 2, event_id), early)
    assert not corrected(events, codebook, *same_day).linked.events
    assert corrected(events, codebook, *same_day[::-1]).linked.events


def test_a_value_holds_until_another_decision_gives_it_anew(codebook: Codebook) -> None:
    events = linked(told())
    (event_id,) = [one.event.event_id for one in events.events]
    decisions = [
        decided("correct", 1, event_id, type="agreement", status="planned"),
        decided("correct", 2, event_id, status="concluded", date_start="2025-05-06"),
        decided("accept", 3, event_id),
    ]
    (one,) = corrected(events, codebook, *decisions).linked.events
    assert (one.event.type, one.event.group, one.event.status) == ("agreement", "agreement", "concluded")
    assert one.event.label == "Kabar – Алтын Дала: agreement"
    assert (one.event.date_start, one.event.date_end) == (date(2025, 5, 6), date(2025, 5, 6))
    assert (one.event.date_granularity, one.event.date_basis) == ("day", "explicit")
    assert one.event.corrections == tuple(decision.correction_id for decision in decisions)


def test_a_decision_follows_the_event_when_its_id_is_given_up(codebook: Codebook) -> None:
    events = linked(told())
    (event_id,) = [one.event.event_id for one in events.events]
    became = {"old": "older", "older": event_id, "gone": "nowhere", "round": "about", "about": "round"}
    decisions = [decided("correct", 1, "old", status="planned")]
    (one,) = corrected(events, codebook, *decisions, **became).linked.events
    assert one.event.status == "planned"
    lost = [decided("reject", 1, name) for name in ("gone", "round", "never")]
    result = corrected(events, codebook, *lost, **became)
    assert result.linked.events == events.events
    assert sorted(result.unmatched) == sorted(one.correction_id for one in lost)


def test_a_name_is_put_into_the_gazetteers_wherever_it_stands(codebook: Codebook) -> None:
    events = linked(told(), told(type="forum", organisations=(Organisation(None, "«АЛТЫН  ДАЛА»", "organiser", None),)))
    decision = decided("correct", name="алтын дала", organisations=["kazinform"])
    meeting, forum = corrected(events, codebook, decision).linked.events
    assert [(one.id, one.role, one.country) for one in meeting.event.organisations] == [
        ("kabar", "party", "KG"),
        ("kazinform", "host", "KZ"),
    ]
    assert (meeting.event.countries, meeting.event.scope) == (("KG", "KZ"), "bilateral")
    assert meeting.event.label == f"Kabar – {codebook.organisations['kazinform'].name}: meeting"
    assert meeting.event.outcome == "review"  # its name is known now, which says nothing of the event
    assert [one.id for one in forum.event.organisations] == ["kazinform"]
    assert forum.event.corrections == (decision.correction_id,)


def test_a_name_that_stands_for_a_known_party_is_no_second_one(codebook: Codebook) -> None:
    decision = decided("correct", name="алтын дала", organisations=["kabar"])
    (one,) = corrected(linked(told()), codebook, decision).linked.events
    assert [party.id for party in one.event.organisations] == ["kabar"]


def test_what_is_no_organisation_is_struck_and_what_is_accepted_stays(codebook: Codebook) -> None:
    (one,) = corrected(linked(told()), codebook, decided("reject", name="алтын дала")).linked.events
    assert [party.name for party in one.event.organisations] == ["Kabar"]
    (one,) = corrected(linked(told()), codebook, decided("accept", name="алтын дала")).linked.events
    assert [party.name for party in one.event.organisations] == ["Kabar", "Алтын Дала"]


def test_corrected_parties_bring_their_countries(codebook: Codebook) -> None:
    events = linked(told())
    (event_id,) = [one.event.event_id for one in events.events]
    decision = decided("correct", event=event_id, organisations=["tass", "xinhua"])
    (one,) = corrected(events, codebook, decision).linked.events
    assert one.event.countries == ("CN", "RU")
    assert (one.event.scope, one.event.is_regional) == ("bilateral", False)
    decision = decided("correct", event=event_id, countries=["CN", "KZ", "RU"])
    (one,) = corrected(events, codebook, decision).linked.events
    assert (one.event.scope, one.event.is_regional) == ("multilateral", True)


def test_an_event_no_longer_replaces_one_that_is_rejected(codebook: Codebook) -> None:
    events = linked(told(), told(type="forum", label="forum"))
    gone, stays = events.events
    renewed = replace(stays, event=replace(stays.event, supersedes=gone.event.event_id))
    events = replace(events, events=(gone, renewed))
    (one,) = corrected(events, codebook, decided("reject", event=gone.event.event_id)).linked.events
    assert one.event.supersedes is None


@pytest.mark.parametrize(
    ("values", "status", "expected"),
    [
        ({"date_start": "2025-05"}, "concluded", (date(2025, 5, 1), date(2025, 5, 31), "month", "explicit")),
        ({"date_start": "2024"}, "ongoing", (date(2024, 1, 1), None, "year", "explicit")),
        ({"date_start": None}, "concluded", (None, None, "unresolved", "none")),
        ({"date_end": "2025-09-19"}, "concluded", (date(2025, 9, 17), date(2025, 9, 19), "day", "explicit")),
        ({"date_end": "2025-09-01"}, "concluded", (date(2025, 9, 17), None, "day", "explicit")),
        ({"date_start": "2025-09-16"}, "concluded", (date(2025, 9, 16), date(2025, 9, 18), "day", "explicit")),
        ({"date_start": "2025-10-01"}, "concluded", (date(2025, 10, 1), date(2025, 10, 1), "day", "explicit")),
    ],
)
def test_dates_stay_in_order(
    values: dict[str, str | None], status: str, expected: tuple[object, ...], codebook: Codebook
) -> None:
    event = told(status=status, date_start=date(2025, 9, 17), date_end=date(2025, 9, 18), date_granularity="day")
    events = linked(event)
    (event_id,) = [one.event.event_id for one in events.events]
    (one,) = corrected(events, codebook, decided("correct", event=event_id, **values)).linked.events
    result = one.event
    assert (result.date_start, result.date_end, result.date_granularity, result.date_basis) == expected


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)), st.sampled_from(["day", "month", "year"]))
def test_a_span_is_read_as_it_was_written(day: date, granularity: str) -> None:
    text = day.isoformat()[: {"day": 10, "month": 7, "year": 4}[granularity]]
    span = span_of(text)
    assert (span.granularity, written(span)) == (granularity, text)
    assert span.start is not None
    assert span.end is not None
    assert span.start <= day <= span.end
    assert span_of(f"{day:%d.%m.}{day.year:04}") == EventSpan(day, day, "day")


def test_what_is_no_date_is_none() -> None:
    assert span_of(None) == UNKNOWN_SPAN
    for text in ("", "31.02.2025", "2025-13", "22/11/2025", "soon", "99999", "0001-01-01"):
        with pytest.raises(ValueError, match=r"no date|day|month"):
            span_of(text)


KNOWN = Known(frozenset({"e1", "e2"}), frozenset({"kabar", "kazinform"}), frozenset({"KZ", "KG"}))
FILLED = {"subject": "event", "id": "e1", "decision": "accept", "author": "А. Лингвист", "date": "22.11.2025"}


def sheet(*rows: dict[str, str], columns: tuple[str, ...] = COLUMNS, sign: str = ",") -> str:
    """Return a sheet with these cells."""
    quoted = [[row.get(name, "").replace('"', '""') for name in columns] for row in rows]
    return "\r\n".join([sign.join(columns), *(sign.join(f'"{cell}"' for cell in cells) for cells in quoted)])


def read(text: str) -> tuple[list[Correction], list[BadCell]]:
    return decisions_of(filled_rows(text), KNOWN, NOW)


@pytest.mark.parametrize("sign", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "utf-16"])
def test_a_sheet_is_read_however_a_spreadsheet_saved_it(sign: str, encoding: str) -> None:
    columns = (*COLUMNS[::-1], "", "", "my own")
    text = sheet(FILLED, {"subject": "event", "id": "e2"}, columns=columns, sign=sign) + f"\r\n{sign * 30}\r\n"
    (one,), bad = read(text_of_sheet(text.encode(encoding)))
    assert bad == []
    assert (one.event_id, one.decision, one.author, one.decided_date) == (
        "e1",
        "accept",
        "А. Лингвист",
        date(2025, 11, 22),
    )


def test_a_hint_of_excel_at_the_head_and_cells_of_many_lines_do_no_harm() -> None:
    text = "sep=;\r\n" + sheet({**FILLED, "note": "one\r\ntwo; three"}, {**FILLED, "id": "e9"}, sign=";")
    (one,), (bad,) = read(text)
    assert one.note == "one\r\ntwo; three"
    assert (bad.line, bad.column) == (5, "id")


def test_a_cell_that_was_defused_is_read_as_it_was_meant() -> None:
    (one, other), _ = read(sheet({**FILLED, "note": "'=no formula"}, {**FILLED, "note": "'tis a note"}))
    assert (one.note, other.note) == ("=no formula", "'tis a note")


def test_a_windows_code_page_is_told_and_not_guessed() -> None:
    with pytest.raises(SheetError, match=r"line 2: .* UTF-8.*1251.*Save it again"):
        text_of_sheet(sheet(FILLED).encode("cp1251"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "the file is empty"),
        ("a,b\n1,2", "subject, id, decision, author, date is missing"),
        (sheet(columns=(*COLUMNS, "note")), "note stands there twice"),
        (sheet(FILLED) + "\r\n" + "x" * 200_000, "line 3: field larger"),
    ],
)
def test_what_is_no_sheet_is_told(text: str, words: str) -> None:
    with pytest.raises(SheetError, match=words):
        filled_rows(text)


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"decision": "maybe"}, "decision"),
        ({"decision": "", "note": "what is it?"}, "decision"),
        ({"decision": "correct"}, "decision"),
        ({"new_type": "forum"}, "new_type"),
        ({"decision": "correct", "new_type": "party"}, "new_type"),
        ({"decision": "correct", "new_status": "done"}, "new_status"),
        ({"decision": "correct", "new_date_start": "31.02.2025"}, "new_date_start"),
        ({"decision": "correct", "new_date_start": "2025-05-03", "new_date_end": "02.05.2025"}, "new_date_end"),
        ({"decision": "correct", "new_countries": "KZ; XX"}, "new_countries"),
        ({"decision": "correct", "new_organisations": "Kabar"}, "new_organisations"),
        ({"author": " "}, "author"),
        ({"date": ""}, "date"),
        ({"date": "2025"}, "date"),
        ({"date": "24.11.2025"}, "date"),
        ({"id": "e9"}, "id"),
        ({"subject": "outlet"}, "subject"),
        ({"subject": "organisation", "decision": "correct", "new_type": "forum"}, "new_type"),
        (
            {"subject": "organisation", "decision": "correct", "new_organisations": "kabar kazinform"},
            "new_organisations",
        ),
    ],
)
def test_a_bad_row_is_told_with_its_column_and_the_others_are_taken(cells: dict[str, str], column: str) -> None:
    found, (bad,) = read(sheet({**FILLED, **cells}, FILLED))
    assert len(found) == 1
    assert (bad.line, bad.column) == (2, column)
    assert bad.problem
    assert bad.cure.endswith(".")


def test_corrected_values_are_stored_in_one_form() -> None:
    cells = {
        "decision": "Correct",
        "new_type": "FORUM",
        "new_date_start": "06.05.2025",
        "new_date_end": "none",
        "new_countries": "kz, KG",
        "new_organisations": "kazinform; kabar",
    }
    (one,), bad = read(sheet({**FILLED, **cells}))
    assert bad == []
    assert json.loads(one.values_json) == {
        "type": "forum",
        "date_start": "2025-05-06",
        "date_end": None,
        "countries": ["KG", "KZ"],
        "organisations": ["kazinform", "kabar"],
    }


def test_one_decision_has_one_id_and_another_has_another() -> None:
    (one, again, other), _ = read(sheet(FILLED, FILLED, {**FILLED, "note": "sure"}))
    assert one.correction_id == again.correction_id != other.correction_id


@given(st.binary(max_size=300), st.dictionaries(st.sampled_from(COLUMNS), st.text(max_size=12), max_size=8))
def test_whatever_is_in_a_file_is_read_or_told(data: bytes, cells: dict[str, str]) -> None:
    for content in (data, sheet().encode() + b"\r\n" + data, sheet({**FILLED, **cells}).encode()):
        try:
            found, bad = decisions_of(filled_rows(text_of_sheet(content)), KNOWN, NOW)
        except SheetError:
            continue
        assert all(one.event_id in KNOWN.event_ids for one in found if one.subject == "event")
        assert all(one.line > 1 for one in bad)
