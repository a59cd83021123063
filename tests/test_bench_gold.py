"""The gate of the coder: floors, pinned gold files, and a history in which no floor is lowered in silence."""

import hashlib
import json
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import typer
from click.testing import Result
from typer.testing import CliRunner

from bench import gold
from bench.figures import FLOORS, Pin, floors_in, pins_in
from bench.floors_history import check_history, lowered

FILE = "bench/gold_floors.toml"
ARTICLE: dict[str, Any] = {
    "title": "Kabar and Kazinform sign memorandum",
    "text": "Kabar news agency and Kazinform signed a memorandum of cooperation in Bishkek.",
    "published_at": "2025-09-18T16:00:00+06:00",
    "language": "en",
    "relevance": "cooperation",
    "events": [
        {"type": "agreement", "status": "concluded", "organisations": [{"id": "kabar"}], "countries": ["KG", "KZ"]}
    ],
}


# --- the gate ---


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A gold folder with one development file of twelve articles."""
    (tmp_path / "development").mkdir()
    lines = [json.dumps({"id": f"a{number}", **ARTICLE}) for number in range(12)]
    (tmp_path / "development" / "en.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return tmp_path


@pytest.fixture
def gate(folder: Path) -> Callable[..., Result]:
    """Run the gate on the folder with these floors beside the pin of its file."""
    app = typer.Typer()
    app.command()(gold.main)

    def run(floors: str = "", *words: str, is_pinned: bool = True) -> Result:
        path = folder / "floors.toml"
        digest = hashlib.sha256((folder / "development" / "en.jsonl").read_bytes()).hexdigest()
        pin = f'[pinned."development/en.jsonl"]\nsha256 = "{digest}"\nreason = "first"\n' if is_pinned else ""
        path.write_text(floors + pin, encoding="utf-8")
        only = () if "--only" in words else ("--only", "development", "--only", "frozen")
        return CliRunner().invoke(app, [*only, *words, "--folder", str(folder), "--floors", str(path)])

    return run


def floor(name: str, height: float) -> str:
    return f'["{name}"]\nat_least = {height}\nreason = "as measured"\n'


def test_floors_that_hold_end_well(gate: Callable[..., Result]) -> None:
    result = gate(floor("development.events.recall", 1.0) + floor("development.en.relevance.f1", 1.0))
    assert result.exit_code == 0, result.output
    assert "development.events.recall" in result.output


def test_an_empty_set_is_said_and_fails_only_where_a_floor_names_it(gate: Callable[..., Result]) -> None:
    assert "frozen: there is no gold in" in gate().output
    result = gate(floor("frozen.events.f1", 0.5))
    assert result.exit_code == 1
    assert "frozen.events.f1 was not measured" in result.output


def test_a_broken_floor_is_told(gate: Callable[..., Result]) -> None:
    result = gate(floor("development.organisations.precision", 0.9))  # the gold names one of the two
    assert result.exit_code == 1
    assert "Broken floor: development.organisations.precision is 0.5" in result.output


def test_a_gold_file_must_be_pinned_as_it_is(gate: Callable[..., Result], folder: Path) -> None:
    result = gate(is_pinned=False)
    assert result.exit_code == 1
    assert '[pinned."development/en.jsonl"]' in result.output
    pins = {"development/en.jsonl": Pin("0", "first"), "frozen/en.jsonl": Pin("0", "first")}
    told = gold.broken_pins(pins, folder)
    assert [words.split(". ")[0] for words in told] == [
        "frozen/en.jsonl is pinned and not there",
        "development/en.jsonl has changed",
    ]


def test_of_the_frozen_set_no_article_is_ever_printed(gate: Callable[..., Result], folder: Path) -> None:
    (folder / "frozen").mkdir()
    secret = {"id": "secret-id", **ARTICLE, "title": "Secret headline", "relevance": "none", "events": []}
    (folder / "frozen" / "en.jsonl").write_text(json.dumps(secret), encoding="utf-8")
    output = gate("", "--tables").output
    assert "frozen.articles" in output
    assert "ecret" not in output


def test_a_bad_gold_line_ends_with_code_two(gate: Callable[..., Result], folder: Path) -> None:
    (folder / "development" / "ky.jsonl").write_text("{", encoding="utf-8")
    result = gate()
    assert result.exit_code == 2
    assert "ky.jsonl:1: line: " in result.output


def test_an_unknown_set_is_named(gate: Callable[..., Result]) -> None:
    assert gate("", "--only", "secret").exit_code == 2


def test_figures_on_few_cases_are_left_out(folder: Path) -> None:
    evaluation = gold.measure("development", folder)
    assert evaluation is not None
    names = {figure.name for figure in gold.figures_of("development", evaluation)}
    assert {"development.events.f1", "development.en.events.f1", "development.keywords.relevance.f1"} <= names
    assert "development.date.accuracy" not in names
    assert all(figure.n >= 10 for figure in gold.figures_of("development", evaluation))


def test_every_floor_and_pin_of_the_project_gives_its_reason() -> None:
    for path in (FLOORS, gold.FLOORS):
        text = path.read_text(encoding="utf-8")
        assert all(one.reason for one in (*floors_in(text).values(), *pins_in(text).values()))
        assert all(one.at_least is not None or one.at_most is not None for one in floors_in(text).values())


# --- the history ---


@pytest.mark.parametrize(
    ("before", "after", "names"),
    [
        (floor("a", 0.5), floor("a", 0.5), set()),
        (floor("a", 0.5), floor("a", 0.6) + floor("b", 0.1), set()),
        (floor("a", 0.5), floor("a", 0.4), {"a"}),
        (floor("a", 0.5), "", {"a"}),
        (floor("a", 0.5), "no toml", {"a"}),
        (floor("a", 0.5), floor("a", 0.5).replace("at_least", "at_most"), {"a"}),
        ('["a"]\nat_most = 0.1\nreason = "r"', '["a"]\nat_most = 0.2\nreason = "r"', {"a"}),
        ('["a"]\nat_most = 0.1\nreason = "r"', '["a"]\nat_most = 0.0\nreason = "r"', set()),
        ('[pinned."f"]\nsha256 = "1"\nreason = "r"', '[pinned."f"]\nsha256 = "1"\nreason = "other"', set()),
        ('[pinned."f"]\nsha256 = "1"\nreason = "r"', '[pinned."f"]\nsha256 = "2"\nreason = "r"', {"f"}),
        ("", '[pinned."f"]\nsha256 = "2"\nreason = "r"', set()),
    ],
)
def test_what_a_floors_file_gives_up(before: str, after: str, names: set[str]) -> None:
    assert lowered(before, after) == names


class Repository:
    """A small git repository with a floors file."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "bench").mkdir(parents=True)
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *words: str) -> None:
        who = ["-c", "user.name=n", "-c", "user.email=e@example.org", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", "-C", str(self.root), *who, *words], check=True, capture_output=True)

    def commit(self, text: str, message: str = "Change a floor") -> None:
        (self.root / FILE).write_text(text, encoding="utf-8")
        self.git("add", FILE)
        self.git("commit", "--quiet", "--allow-empty", "--message", message)

    def merge(self, other: str, text: str, message: str = "Merge") -> None:
        """Merge a branch with this text as the outcome."""
        self.git("merge", "--quiet", "--no-ff", "--no-commit", "--strategy=ours", other)
        self.commit(text, message)

    @property
    def problems(self) -> Sequence[str]:
        return check_history(self.root, (FILE,)).problems


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "clone")
    made.commit(floor("set.events.f1", 0.8), "First floors")
    return made


def test_raising_a_floor_and_naming_a_lowered_one_is_well(repository: Repository) -> None:
    repository.commit(floor("set.events.f1", 0.9))
    repository.commit(floor("set.events.f1", 0.7), "Count forums, too\n\nset.events.f1 falls: the gold is harder")
    assert repository.problems == ()


def test_a_floor_lowered_in_silence_is_found_even_when_raised_again(repository: Repository) -> None:
    repository.commit(floor("set.events.f1", 0.7))
    repository.commit(floor("set.events.f1", 0.8))
    assert len(repository.problems) == 1
    assert "set.events.f1" in repository.problems[0]


def test_a_deleted_floors_file_gives_up_all_floors(repository: Repository) -> None:
    repository.git("rm", "--quiet", FILE)
    repository.git("commit", "--quiet", "--message", "Tidy up")
    assert len(repository.problems) == 1


def test_a_file_pinned_anew_is_named(repository: Repository) -> None:
    pin = '[pinned."development/ky.jsonl"]\nsha256 = "{}"\nreason = "r"'
    repository.commit(floor("set.events.f1", 0.8) + pin.format(1))
    repository.commit(floor("set.events.f1", 0.8) + pin.format(2), "Correct two labels of development/ky.jsonl")
    assert repository.problems == ()
    repository.commit(floor("set.events.f1", 0.8) + pin.format(3), "Correct a label")
    assert len(repository.problems) == 1


@pytest.mark.parametrize(
    ("ours", "theirs", "merged", "is_well"),
    [
        (0.8, 0.9, 0.9, True),
        (0.8, 0.9, 0.8, False),  # the merge drops what a branch had raised
        (0.9, 0.7, 0.7, True),  # a branch lowered it, and said so
        (0.8, 0.8, 0.7, False),
        (0.7, 0.6, 0.5, False),
    ],
)
def test_a_merge_keeps_what_a_branch_gave_up_and_no_more(
    ours: float, theirs: float, merged: float, is_well: bool, repository: Repository
) -> None:
    repository.git("checkout", "--quiet", "-b", "branch")
    repository.commit(floor("set.events.f1", theirs), "set.events.f1")
    repository.git("checkout", "--quiet", "main")
    repository.commit(floor("set.events.f1", ours), "set.events.f1")
    repository.merge("branch", floor("set.events.f1", merged))
    assert (repository.problems == ()) is is_well


def test_a_shallow_clone_is_read_as_far_as_it_goes(repository: Repository, tmp_path: Path) -> None:
    repository.commit(floor("set.events.f1", 0.7))
    repository.commit(floor("set.events.f1", 0.6))
    clone = tmp_path / "shallow"
    for depth, count in ((1, 0), (2, 1)):
        target = clone / str(depth)
        repository.git("clone", "--quiet", f"--depth={depth}", f"file://{repository.root}", str(target))
        check = check_history(target, (FILE,))
        assert len(check.problems) == count
        assert f"last {depth} commits" in check.remarks[0]


def test_no_repository_is_said_and_is_no_failure(tmp_path: Path) -> None:
    check = check_history(tmp_path, (FILE,))
    assert check.problems == ()
    assert "no git history" in check.remarks[0]
