"""The `monitor` command at its edges: help, wrong use, an analyst's own articles."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.cli import app

Monitor = Callable[..., subprocess.CompletedProcess[str]]

ARTICLE = {
    "id": "a",
    "title": "Kabar and Kazinform sign memorandum",
    "text": "Kabar news agency and Kazinform signed a memorandum of cooperation in Bishkek on 18 September 2025.",
    "published_at": "2025-09-18T16:00:00+06:00",
}


def test_every_command_says_what_it_is_for() -> None:
    for command in app.registered_commands:
        assert command.callback is not None
        assert command.callback.__doc__


def test_help_loads_nothing_heavy() -> None:
    program = "import sys; sys.argv = ['monitor', '--help']\nimport flows.cli\n"
    program += "try:\n    flows.cli.main()\nexcept SystemExit:\n    pass\n"
    program += "print(sorted({'prefect', 'great_expectations', 'pandas', 'trafilatura', 'duckdb'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("nightly", "--at", "yesterday"), "--at"),
        (("nightly", "--recording", "nowhere"), "nowhere"),
        (("replay", "nowhere", "--from", "2025-09-16", "--to", "2025-09-16"), "nowhere"),
        (("weekly", "--week", "last"), "last"),
        (("weekly", "--week", "2025-W53"), "2025-W53"),
        (("code", "nowhere.jsonl"), "nowhere.jsonl"),
        (("fly",), "fly"),
        (("nightly", "--home", "/dev/null/home"), "/dev/null/home"),
    ],
)
def test_wrong_use_is_told_without_a_traceback(
    words: tuple[str, ...], named: str, tmp_path: Path, monitor: Monitor
) -> None:
    home = () if words[0] == "fly" or "--home" in words else ("--home", tmp_path)
    done = monitor(*words, *home, code=2)
    assert named in done.stderr
    assert "Traceback" not in done.stderr


def test_code_reads_articles_and_writes_events(tmp_path: Path, monitor: Monitor) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    lines = [ARTICLE, {**ARTICLE, "id": "b", "title": "Снег", "text": "В горах выпал снег.", "published_at": None}]
    source.write_text("\ufeff" + "\n".join(json.dumps(line, ensure_ascii=False) for line in lines), encoding="utf-8")
    monitor("code", source, "--out", target, "--home", tmp_path, code=0)
    first, second = (json.loads(line) for line in target.read_text(encoding="utf-8").splitlines())
    (event,) = first["events"]
    assert (event["type"], event["status"], event["countries"]) == ("agreement", "concluded", ["KG", "KZ"])
    for quote in event["evidence"]:
        assert ARTICLE[quote["field"]][quote["start"] : quote["end"]] == quote["quote"]
    assert (second["id"], second["relevance"], second["events"]) == ("b", "none", [])


def test_code_skips_bad_lines_and_names_them(tmp_path: Path, monitor: Monitor) -> None:
    source = tmp_path / "in.jsonl"
    bad = ["{broken", json.dumps({"id": "c", "title": 5, "text": ""}), "[]", json.dumps(ARTICLE)]
    source.write_text("\n".join([json.dumps(ARTICLE), *bad]) + "\n", encoding="utf-8")
    done = monitor("code", source, "--home", tmp_path, code=1)
    assert len(done.stdout.splitlines()) == 1
    for number in (2, 3, 4, 5):
        assert f"in.jsonl:{number}:" in done.stderr


def test_status_of_a_new_home_is_well(tmp_path: Path, monitor: Monitor) -> None:
    assert "never" in monitor("status", "--home", tmp_path, code=0).stdout


def test_the_bundled_catalogue_is_listed(tmp_path: Path, monitor: Monitor) -> None:
    printed = monitor("sources", "list", "--home", tmp_path, code=0).stdout
    for name in ("Kazinform", "Kabar", "Xinhua", "TASS"):
        assert name in printed


@pytest.mark.parametrize(
    ("line", "named"),
    [
        (b'{"id": "\xff", "title": "", "text": ""}', "utf-8"),
        (b'{"id": "s", "title": "", "text": "\\ud800"}', "surrogate"),
        (b'{"id": "s", "title": "", "text": "", "published_at": "2025-09-18T16:00:00"}', "offset"),
    ],
)
def test_code_tells_a_line_that_is_no_article(line: bytes, named: str, tmp_path: Path, monitor: Monitor) -> None:
    source = tmp_path / "in.jsonl"
    source.write_bytes(line + b"\n" + json.dumps(ARTICLE).encode())
    done = monitor("code", source, "--home", tmp_path, code=1)
    assert len(done.stdout.splitlines()) == 1
    assert "in.jsonl:1:" in done.stderr
    assert named in done.stderr


def test_code_does_not_start_when_it_could_not_write(tmp_path: Path, monitor: Monitor) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text(json.dumps(ARTICLE), encoding="utf-8")
    for target in (tmp_path / "nowhere" / "out.jsonl", tmp_path):
        assert "--out" in monitor("code", source, "--out", target, "--home", tmp_path, code=2).stderr


def test_an_enormous_line_is_coded_like_any_other(tmp_path: Path, monitor: Monitor) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text(json.dumps({**ARTICLE, "text": f"{ARTICLE['text']} " * 20_000}), encoding="utf-8")
    (line,) = monitor("code", source, "--home", tmp_path, code=0).stdout.splitlines()
    assert json.loads(line)["relevance"] == "cooperation"
