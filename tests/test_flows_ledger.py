"""The ledger of steps: which of them came to their end, and what a torn line does to it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.json_lines import append_line, read_lines
from flows.ledger import steps_taken

AT = datetime(2026, 11, 22, 21, 0, 0, 5, tzinfo=UTC)
Lines = list[tuple[str, dict[str, tuple[int, int]]]]

# name: (lines as kind and spans, numbers of the steps that were taken)
SITUATIONS: dict[str, tuple[Lines, list[int]]] = {
    "nothing yet": ([], []),
    "two batches of a file": ([("feeds", {"a": (9, 50)}), ("pages", {"a": (50, 90)})], [0, 1]),
    "a batch that was never committed": (
        [("feeds", {"a": (9, 50)}), ("pages", {"a": (50, 90)}), ("pages", {"a": (50, 120)})],
        [0, 2],
    ),
    "a batch of two files of which one was taken again": (
        [("feeds", {"a": (9, 50), "b": (9, 20)}), ("feeds", {"b": (9, 20)}), ("feeds", {"a": (9, 50)})],
        [1, 2],
    ),
    "taken in vain three times": ([("feeds", {"a": (9, 50)})] * 3, [2]),
    "an older warehouse was put back": (
        [("feeds", {"a": (9, 50)}), ("feeds", {"a": (50, 70)}), ("feeds", {"a": (70, 99)}), ("feeds", {"a": (50, 99)})],
        [0, 3],
    ),
    "linking and weeks name no captures": ([("feeds", {"a": (9, 50)}), ("link", {}), ("week", {})], [0, 1, 2]),
}


@pytest.mark.parametrize("situation", SITUATIONS)
def test_a_step_happened_unless_its_captures_were_taken_again(situation: str, tmp_path: Path) -> None:
    lines, taken = SITUATIONS[situation]
    ledger = tmp_path / "steps.jsonl"
    for number, (kind, spans) in enumerate(lines):
        append_line(ledger, {"step": kind, "night": str(number), "at": AT.isoformat(), "spans": spans})
    steps = steps_taken(ledger)
    assert [int(step.night) for step in steps] == taken
    assert [(step.kind, dict(step.spans)) for step in steps] == [lines[number] for number in taken]
    assert all(step.at == AT for step in steps)


@pytest.mark.parametrize("torn", [b'{"n": 2', b"\0" * 40, b'{"n": 2}'], ids=["half a line", "zeros", "no line end"])
def test_a_torn_line_does_not_take_the_next_along(torn: bytes, tmp_path: Path) -> None:
    file = tmp_path / "lines.jsonl"
    append_line(file, {"n": 1})
    with file.open("ab") as handle:
        handle.write(torn)
    append_line(file, {"n": 3})
    numbers = [line["n"] for line in read_lines(file)]
    assert numbers in ([1, 3], [1, 2, 3])


def test_a_file_that_is_not_there_has_no_lines(tmp_path: Path) -> None:
    assert list(read_lines(tmp_path / "none.jsonl")) == []
