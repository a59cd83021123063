"""Journal, timetable and status: what ran, what is due, and what is wrong."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from flows.home import Home
from flows.journal import note_end, note_start, read_journal
from flows.settings import ScheduleSettings, Settings
from flows.status import read_status
from flows.timetable import FlowName, cron_of, last_due, next_due

ALMATY = ZoneInfo("Asia/Almaty")
SCHEDULE = ScheduleSettings()


@pytest.mark.parametrize(
    ("flow", "moment", "last", "following"),
    [
        ("nightly", "2026-11-22T01:59", "2026-11-21T02:00", "2026-11-22T02:00"),
        ("nightly", "2026-11-22T02:00", "2026-11-22T02:00", "2026-11-23T02:00"),
        ("weekly", "2026-11-22T12:00", "2026-11-16T06:00", "2026-11-23T06:00"),
        ("weekly", "2026-11-23T06:00", "2026-11-23T06:00", "2026-11-30T06:00"),
        ("poll", "2026-11-22T12:29", "2026-11-22T11:30", "2026-11-22T12:30"),
    ],
)
def test_when_flows_are_due(flow: FlowName, moment: str, last: str, following: str) -> None:
    at = datetime.fromisoformat(moment).replace(tzinfo=ALMATY)
    assert last_due(flow, SCHEDULE, ALMATY, at).isoformat()[:16] == last
    assert next_due(flow, SCHEDULE, ALMATY, at).isoformat()[:16] == following


@pytest.mark.parametrize(
    ("flow", "schedule", "cron"),
    [
        ("nightly", SCHEDULE, "0 2 * * *"),
        ("weekly", SCHEDULE, "0 6 * * 1"),
        ("weekly", ScheduleSettings(weekly_day="sunday", weekly_at="18:45"), "45 18 * * 0"),
        ("poll", SCHEDULE, "30 * * * *"),
        ("poll", ScheduleSettings(poll_hours=3), "30 */3 * * *"),
    ],
)
def test_cron_lines(flow: FlowName, schedule: ScheduleSettings, cron: str) -> None:
    assert cron_of(flow, schedule) == cron


def test_a_run_that_ended_is_read_back(tmp_path: Path) -> None:
    journal = tmp_path / "runs.jsonl"
    record = note_start(journal, "nightly", "2026-11-22")
    assert [run.state for run in read_journal(journal)] == ["running"]
    note_end(journal, record, "done_with_rejects", {"rejects": 2})
    (run,) = read_journal(journal)
    assert (run.state, run.summary["rejects"]) == ("done_with_rejects", 2)


def test_a_run_whose_process_is_gone_was_killed(tmp_path: Path) -> None:
    journal = tmp_path / "runs.jsonl"
    program = "import sys; from pathlib import Path; from flows.journal import note_start; "
    program += "note_start(Path(sys.argv[1]), 'nightly', '2026-11-22')"
    subprocess.run([sys.executable, "-c", program, str(journal)], check=True)
    assert [run.state for run in read_journal(journal)] == ["killed"]


def test_a_torn_last_line_is_passed_over(tmp_path: Path) -> None:
    journal = tmp_path / "runs.jsonl"
    note_start(journal, "nightly", "2026-11-22")
    with journal.open("a") as handle:
        handle.write('{"run_id": "x", "fl')
    assert len(read_journal(journal)) == 1


def test_a_new_home_has_no_trouble_and_an_old_one_misses_its_runs(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    now = datetime.now(UTC)
    assert read_status(settings, now).is_well
    journal = Home(tmp_path).journal
    for flow in ("nightly", "weekly", "poll"):
        note_end(journal, note_start(journal, flow, "x"), "done", {})
    assert read_status(settings, now).is_well
    later = read_status(settings, now + timedelta(days=9))
    assert [flow.flow for flow in later.flows if "did not run" in str(flow.trouble)] == ["nightly", "weekly", "poll"]


def test_a_failed_run_is_told_with_its_reason(tmp_path: Path) -> None:
    journal = Home(tmp_path).journal
    note_end(journal, note_start(journal, "nightly", "x"), "failed", {"error": "12 of 14 feeds could not be had"})
    status = read_status(Settings(home=tmp_path), datetime.now(UTC))
    assert not status.is_well
    assert "12 of 14 feeds" in str(status.flows[0].trouble)


def test_a_poll_that_gave_way_to_a_long_night_is_no_trouble(tmp_path: Path) -> None:
    settings, journal = Settings(home=tmp_path), Home(tmp_path).journal
    note_end(journal, note_start(journal, "poll", "x"), "done", {})
    note_start(journal, "nightly", "x")  # and it is still at work: this very process
    polls = read_status(settings, datetime.now(UTC) + timedelta(hours=5)).flows[2]
    assert polls.trouble is None
