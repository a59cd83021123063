"""`monitor evaluate` as a user runs it: tables, misses, figures for machines, and what is wrong in a gold file."""

import json
import subprocess
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from flows.evaluation_tables import print_tables, tables_of, words_of
from transforms.coding import CodingOptions
from transforms.intervals import Estimate

Monitor = Callable[..., subprocess.CompletedProcess[str]]

SIGNED = {
    "title": "Kabar and Kazinform sign memorandum",
    "text": "Kabar news agency and Kazinform signed a memorandum of cooperation in Bishkek on 18 September 2025.",
    "published_at": "2025-09-18T16:00:00+06:00",
    "language": "en",
    "relevance": "cooperation",
    "events": [
        {
            "type": "agreement",
            "status": "concluded",
            "organisations": [{"id": "kabar", "name": "Kabar"}, {"id": "kazinform", "name": "Kazinform"}],
            "countries": ["KG", "KZ"],
            "same_as": "k1",
        }
    ],
}
RAIN = {
    "title": "Rain over Osh",
    "text": "It rained in Osh.",
    "published_at": None,
    "language": "en",
    "relevance": "none",
    "events": [],
    "kind": "plain",
}
MISSED = {  # in words that no reader of ours knows
    **SIGNED,
    "title": "Қабар",
    "text": "Екеуі бір жерде шай ішті.",
    "language": "kk",
}


def lines(*records: dict[str, Any]) -> str:
    return "".join(json.dumps({"id": f"a{number}", **one}) + "\n" for number, one in enumerate(records))


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    """Twelve articles that tell of one event, eight without one."""
    path = tmp_path / "gold.jsonl"
    path.write_text(lines(*[SIGNED] * 11, MISSED, *[RAIN] * 8), encoding="utf-8")
    return path


def test_the_command_prints_every_figure_with_n_and_interval(gold: Path, tmp_path: Path, monitor: Monitor) -> None:
    done = monitor("evaluate", gold, "--home", tmp_path, code=0)
    rows = {row.split()[0]: row for row in done.stdout.splitlines() if row.strip()}
    assert "100.0 (74–100) n 11" in rows["relevance.precision"]
    assert "91.7 (65–99) n 12" in rows["events.recall"]
    assert "100.0 (93–100) n 55" in rows["merging.recall"]  # the missed article makes no pair
    assert rows["date.accuracy"].split()[1:] == ["–", "n", "0"]
    assert any(row.startswith(" kk ") and "– n 1 " in row for row in done.stdout.splitlines())
    assert "coder: 20 of 20" in done.stderr
    assert "keywords" not in done.stdout
    assert not any(sign in done.stdout for sign in "│┃━")


def test_baselines_and_ablations_stand_beside_the_coder(gold: Path, tmp_path: Path, monitor: Monitor) -> None:
    done = monitor("evaluate", gold, "--baselines", "--ablations", "--home", tmp_path, code=0)
    readers = ["coder", "keywords", "organisation and act", *(f"without {one.name}" for one in fields(CodingOptions))]
    table = done.stdout.split("The coder, its parts and the baselines")[1].split("\n\n")[0]
    assert [next(name for name in readers if row.strip().startswith(name)) for row in table.splitlines()[2:]] == readers


def test_misses_are_listed_only_when_asked_for(gold: Path, tmp_path: Path, monitor: Monitor) -> None:
    asked = monitor("evaluate", gold, "--misses", "--home", tmp_path, code=0).stdout
    assert "a11: Қабар\n    relevance: expected cooperation, found none\n    missed: agreement" in asked
    assert "a0:" not in asked
    assert "Қабар" not in monitor("evaluate", gold, "--home", tmp_path, code=0).stdout


def test_a_language_alone(gold: Path, tmp_path: Path, monitor: Monitor) -> None:
    target = tmp_path / "kk.json"
    monitor("evaluate", gold, "--language", "kk", "--json", target, "--home", tmp_path, code=0)
    assert json.loads(target.read_text())["articles"] == 1


def test_figures_for_machines(gold: Path, tmp_path: Path, monitor: Monitor) -> None:
    target = tmp_path / "figures.json"
    monitor("evaluate", gold, "--baselines", "--json", target, "--home", tmp_path, code=0)
    written = json.loads(target.read_text(encoding="utf-8"))
    assert written["figures"]["all"]["events.recall"] == {"value": 0.9167, "low": 0.6461, "high": 0.9851, "n": 12}
    assert written["figures"]["kk"]["events.recall"] == {"value": None, "low": None, "high": None, "n": 1}
    assert set(written["rivals"]) == {"keywords", "organisation and act"}
    assert {"gold": "agreement", "coder": "none", "count": 1} in written["confusion"]["type"]
    assert sum(one["n"] for one in written["calibration"]) == 11
    assert written["gaps"] == {}


def test_several_files_are_one_set(gold: Path, tmp_path: Path, monitor: Monitor) -> None:
    other = tmp_path / "other.jsonl"
    other.write_text(json.dumps({"id": "b", **SIGNED}), encoding="utf-8")
    done = monitor("evaluate", gold, other, "--home", tmp_path, code=0)
    assert "100.0 (94–100) n 66" in done.stdout  # pairs of twelve mentions


def test_an_operators_own_organisations_are_known(home: Path, tmp_path: Path, monitor: Monitor) -> None:
    own = json.loads(json.dumps(SIGNED).replace("kazinform", "saryarqa").replace("Kazinform", "Saryarqa News Agency"))
    path = tmp_path / "own.jsonl"
    path.write_text(lines(own), encoding="utf-8")
    warning = "not in the gazetteer, so never found by id: saryarqa"
    assert warning in monitor("evaluate", path, "--home", tmp_path, code=0).stderr
    done = monitor("evaluate", path, "--misses", "--home", home, code=0)
    assert "saryarqa" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("text", "line", "key"),
    [
        ("{", 1, "line"),
        ("[]", 1, "line"),
        (lines(RAIN) + lines(RAIN), 2, "id"),
        ("\n" + lines({**RAIN, "relevance": "cooperation"}), 2, "relevance"),
        (lines({**RAIN, "published_at": "noon"}), 1, "published_at"),
        (lines({**SIGNED, "events": [{**SIGNED["events"][0], "status": "done"}]}), 1, "events[0].status"),  # type: ignore[index]
        ("\udcff", 1, "line"),
    ],
)
def test_a_bad_line_is_told_with_file_line_key_and_cure(
    text: str, line: int, key: str, tmp_path: Path, monitor: Monitor
) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_bytes(text.encode(errors="surrogateescape"))
    done = monitor("evaluate", path, "--home", tmp_path, code=2)
    assert f"{path}:{line}: {key}: " in done.stderr
    assert "Traceback" not in done.stderr


def test_all_bad_lines_are_told_at_once(tmp_path: Path, monitor: Monitor) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text("{\n" + lines(RAIN) + "7\n", encoding="utf-8")
    told = monitor("evaluate", path, "--home", tmp_path, code=2).stderr
    assert f"{path}:1: " in told
    assert f"{path}:3: " in told


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("nowhere.jsonl",), "nowhere.jsonl"),
        (("{gold}", "--language", "fi"), "'fi'"),
        (("{gold}", "--json", "{gold}/deep.json"), "--json"),
        (("{gold}", "{gold}"), "a0"),
    ],
)
def test_wrong_use_is_told(words: tuple[str, ...], named: str, gold: Path, tmp_path: Path, monitor: Monitor) -> None:
    done = monitor("evaluate", *(word.format(gold=gold) for word in words), "--home", tmp_path, code=2)
    assert named in done.stderr
    assert "Traceback" not in done.stderr


def test_an_empty_file_is_told(tmp_path: Path, monitor: Monitor) -> None:
    path = tmp_path / "empty.jsonl"
    path.touch()
    assert "no article" in monitor("evaluate", path, "--home", tmp_path, code=2).stderr


def test_rates_of_fewer_than_ten_cases_are_not_told() -> None:
    assert words_of(Estimate(1.0, 9, 0.7, 1.0)) == "– n 9"
    assert words_of(Estimate(0.8333, 12, 0.552, 0.953)) == "83.3 (55–95) n 12"


def test_a_terminal_gets_lines_round_its_tables() -> None:
    from bench.region_gold import region_codebook, region_records
    from flows.evaluate import evaluate
    from transforms.gold import gold_article

    evaluation = evaluate([gold_article(one) for one in region_records()][:20], region_codebook())
    screen = Console(force_terminal=True, width=120, record=True, markup=False)
    print_tables(tables_of(evaluation), screen)
    assert "┃" in screen.export_text()
