"""What people see of a run: the table by outlet and bars in a terminal, lines in a log, a summary at the end."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.console import Console
from rich.table import Table

from flows import progress
from flows.outlet_board import OutletBoard, received_bytes
from flows.progress import Display, current, showing
from flows.summary import completed, summary_table
from flows.tally import Tally
from transforms.records import Capture, CaptureKind, Outcome, Request, Response

NIGHT = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
FAST, SLOW = "fast", "slow"
NAMES = {FAST: "Fast News", SLOW: "Slow News"}


def request(outlet: str, kind: CaptureKind = CaptureKind.PAGE) -> Request:
    return Request(kind, outlet, f"https://{outlet}.example/")


def capture(asked: Request, outcome: Outcome = Outcome.FETCHED, body: bytes = b"x" * 1_000) -> Capture:
    return Capture("c", asked, Response(outcome, asked.url, 200, payload=body), NIGHT, "", 0)


def recorded(*, is_terminal: bool, height: int = 24) -> Console:
    return Console(file=io.StringIO(), record=True, force_terminal=is_terminal, width=100, height=height)


def rows_of(table: Table) -> list[list[str]]:
    """Return the cells of a table, and those of its footer last."""
    columns = [[str(cell) for cell in column.cells] for column in table.columns]
    return [*map(list, zip(*columns, strict=True)), [str(column.footer) for column in table.columns]]


def test_the_board_follows_an_outlet_from_waiting_to_done() -> None:
    board = OutletBoard()
    assert board.is_empty
    feed, page = request(FAST, CaptureKind.FEED), request(FAST)
    board.expect(NAMES, [feed, page, request(SLOW)])
    assert rows_of(board.table(24)) == [["0 of 2 outlets", "", "0/1", "0/2", "0 bytes", ""]]
    with board.asking(FAST):
        assert rows_of(board.table(24))[0] == ["Fast News", "asking", "0/1", "0/1", "0 bytes", ""]
    board.note(capture(request(FAST, CaptureKind.ROBOTS), Outcome.MISSING))
    board.note(capture(feed, Outcome.NOT_MODIFIED, b""))
    assert rows_of(board.table(24))[0] == ["Fast News", "pausing", "1/1", "0/1", "1.0 kB", "not modified"]
    board.note(capture(page))
    assert rows_of(board.table(24)) == [["1 of 2 outlets", "", "1/1", "1/2", "2.0 kB", ""]]
    board.note(capture(request(SLOW), Outcome.TIMEOUT))
    assert board.is_empty


def test_of_a_packed_body_the_packed_bytes_count() -> None:
    packed = Response(Outcome.FETCHED, "", 200, payload=b"x" * 1_000, raw_payload=b"y" * 40)
    assert received_bytes(Capture("c", request(FAST), packed, NIGHT, "", 0)) == 40


@pytest.mark.parametrize("height", [24, 50])
def test_a_crowd_of_active_outlets_fits_the_terminal(height: int) -> None:
    console = recorded(is_terminal=True, height=height)
    display = Display(console)
    with showing(display), display.stage("read pages", 10):
        crowd = [request(f"outlet-{number:03}") for number in range(300)]
        display.board.expect({}, crowd + crowd)
        for one in crowd:
            display.board.note(capture(one))
        lines = console.render_lines(display.look(), pad=False)
    text = "\n".join("".join(segment.text for segment in line) for line in lines)
    assert height - 4 <= len(lines) <= height
    assert "0 of 300 outlets (+ " in text
    assert "300/600" in text
    assert "read pages" in text


def test_a_terminal_shows_the_table_and_leaves_nothing_behind() -> None:
    console = recorded(is_terminal=True)
    with showing(Display(console)) as display:
        display.board.expect(NAMES, [request(FAST), request(FAST)])
        with display.stage("fetch pages · 1 KZ", 2, lambda: "a detail for logs") as advance:
            display.board.note(capture(request(FAST)))
            advance()
            console.print(display.look())
    shown = console.export_text()
    assert "Fast News" in shown
    assert "1/2" in shown
    assert "a detail for logs" not in shown
    assert display.look() == ""


def test_a_log_gets_a_line_for_each_finished_group_and_no_table() -> None:
    console, tally = recorded(is_terminal=False), Tally()
    with showing(Display(console)) as display:
        assert current() is display
        display.board.expect(NAMES, [request(FAST), request(SLOW)])
        with display.stage("fetch pages · 1 KZ", 2, tally.words) as advance:
            for outlet, outcome in ((FAST, Outcome.FETCHED), (SLOW, Outcome.TIMEOUT)):
                tally.add(capture(request(outlet), outcome))
                advance()
    (line,) = console.export_text().splitlines()
    assert line.startswith("fetch pages · 1 KZ: 2 of 2, 1 failed, 2.0 kB, ")


def test_a_log_hears_of_a_long_group_at_intervals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "PLAIN_INTERVAL_SECONDS", 0.0)  # or the test would last as long as the interval
    console = recorded(is_terminal=False)
    with showing(Display(console, is_brief=True)) as display, display.stage("read pages", 3) as advance:
        advance()
        advance()
    assert console.export_text().splitlines() == ["read pages: 1 of 3", "read pages: 2 of 3"]


def test_a_brief_log_passes_over_what_is_soon_done() -> None:
    console = recorded(is_terminal=False)
    with showing(Display(console, is_brief=True)) as display, display.stage("read pages", 1) as advance:
        advance()
    assert console.export_text() == ""


@pytest.mark.parametrize(
    ("seconds", "shown"), [(4.21, "4.2 s"), (59.9, "1 min 00 s"), (75, "1 min 15 s"), (7_500, "2 h 05 min")]
)
def test_the_summary_says_first_what_people_ask_for(seconds: float, shown: str) -> None:
    counts = completed(
        {
            "feeds_fetched": 3,
            "feeds_timeout": 1,
            "items_new": 1_234,
            "failed": 1,
            "failed_timeout": 1,
            "received_bytes": 2_500_000,
            "articles": 7,
        }
    )
    rows = rows_of(summary_table("nightly", counts, seconds))[:-1]
    assert rows == [
        ["items new", "1,234", ""],
        ["items unchanged", "0", ""],
        ["failed", "1", "timeout 1"],
        ["received", "2.5 MB", ""],
        ["time", shown, ""],
        ["feeds asked", "4", "fetched 3, timeout 1"],
        ["pages asked", "0", ""],
        ["rejects", "0", ""],
        ["articles", "7", ""],
    ]


@pytest.mark.usefixtures("prefect_server")
def test_nightly_and_poll_end_with_a_summary(recording: Path, new_home: Callable[[], Path]) -> None:
    home = new_home()

    def run(flow: str, at: str) -> str:
        words = (flow, "--home", str(home), "--recording", str(recording), "--at", at)
        command = [sys.executable, "-m", "flows.cli", *words]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | {"COLUMNS": "120"})
        assert done.returncode in {0, 1}, done.stderr
        assert "Traceback" not in done.stderr
        return done.stderr

    def figures(output: str) -> dict[str, str]:
        lines = [re.match(r" *([a-z]+(?: [a-z]+)?)  +(\S+)", line) for line in output.splitlines()]
        return {found[1]: found[2] for found in lines if found}

    first = run("nightly", "2025-09-18T02:00")
    night = figures(first)
    assert night.keys() >= {"items new", "items unchanged", "failed", "received", "time", "feeds asked"}
    assert int(night["items new"]) > 0
    assert int(night["pages asked"]) == int(night["articles"])
    assert "fetch feeds · 1 KZ" in first
    # nothing is due any more
    poll = figures(run("poll", "2025-09-18T02:00"))
    assert (poll["feeds asked"], poll["items new"], poll["received"]) == ("0", "0", "0")
