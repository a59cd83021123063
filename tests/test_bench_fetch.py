"""The fetching bench in its small mode: real server, client, captures and page readers; no peer, nothing downloaded."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench.fetch import Row, ratios
from bench.fetch_pages import LARGEST_BYTES, SMALLEST_BYTES, compose_pages, read_pages_index
from bench.fetch_peers import PEERS, Peer, PeerAbsentError, install
from bench.watched import run_watched


def test_the_small_mode_reads_every_page_and_writes_its_figures(tmp_path: Path) -> None:
    results = tmp_path / "fetch.json"
    words = ("--outlets", "10", "--pages", "100", "--no-peers", "--results", str(results))
    command = [sys.executable, "-m", "bench.fetch", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    document = json.loads(results.read_text(encoding="utf-8"))
    ours, *ceilings = document["rows"]
    assert [row["problem"] for row in document["rows"]] == ["", "", ""], done.stderr
    assert ours["articles"] == 100
    assert all(row["articles"] == 100 and row["ours_to_this"] > 0 for row in ceilings)
    assert min(row["peak_bytes"] for row in document["rows"]) > 10_000_000
    assert "of bare trafilatura, text on the same bytes" in done.stdout


def test_composed_pages_are_of_the_size_of_real_ones_and_the_same_each_time(tmp_path: Path) -> None:
    once, again = (compose_pages(tmp_path / name, outlets=7, pages=21) for name in ("once", "again"))
    assert once == again == read_pages_index(tmp_path / "once")
    for page in once:
        data = (tmp_path / "once" / page.file).read_bytes()
        assert data == (tmp_path / "again" / page.file).read_bytes()
        assert SMALLEST_BYTES * 0.9 < len(gzip.decompress(data)) < LARGEST_BYTES * 1.2
    assert len({(page.outlet, page.path) for page in once}) == 21


def test_every_peer_is_pinned_to_a_version_and_a_day() -> None:
    assert all("==" in package for peer in PEERS for package in peer.packages)
    assert all(peer.pinned_on.count("-") == 2 for peer in PEERS)


def test_a_peer_that_cannot_be_installed_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    monkeypatch.setattr("bench.fetch_peers.VENVS", tmp_path)  # the real pip runs, in a folder that is thrown away
    nobody = Peer("nobody", "nobody", "nobody.py", ("no-such-package==0",), "2026-11-22", 1)
    with pytest.raises(PeerAbsentError, match=r"not installed: .*no-such-package"):
        install(nobody, 120)


@pytest.mark.parametrize(
    ("program", "exit_code"),
    [("print('done')", 0), ("raise SystemExit(3)", 3), ("import time; time.sleep(60)", None)],
    ids=["ends well", "fails", "outlives its time"],
)
def test_a_watched_command_ends_one_way_or_another(program: str, exit_code: int | None, tmp_path: Path) -> None:
    watched = run_watched([sys.executable, "-c", program], tmp_path / "log", 2.0, os.environ)
    assert watched.exit_code == exit_code
    assert watched.wall_seconds < 30


def test_what_children_take_is_counted(tmp_path: Path) -> None:
    child = "import time; data = bytearray(b'x') * 60_000_000; time.sleep(1)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}], check=True)"
    assert run_watched([sys.executable, "-c", parent], tmp_path / "log", 30.0, os.environ).peak_bytes > 60_000_000


def test_ratios_leave_out_a_ceiling_that_could_not_be_measured() -> None:
    ours = Row("this monitor", 100, seconds=2.0)
    bare = Row("bare trafilatura, text", 100, seconds=1.0)
    absent = Row("bare trafilatura, text and metadata", 100, problem="exit code 1")
    assert ratios([ours, bare, absent]) == ["this monitor reaches 50% of bare trafilatura, text on the same bytes"]
