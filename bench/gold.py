"""The coder on gold, against floors: `python -m bench.gold` (`--only development` for a set alone).

Three sets: `development` (bench/gold/development, labelled before any coder ran on it, then used to improve the coder),
`region` (the composed region, likewise) and `frozen` (bench/gold/frozen, which nobody improves the coder on: of it only
aggregates are ever printed). Each gold file is pinned by its digest in gold_floors.toml, where the floors stand. Ends
with 1 when a floor, a pin or the floors' history is broken, with 2 when a gold file cannot be read.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Final

import typer

from bench.figures import Figure, Pin, broken, floors_in, pins_in, print_figures
from bench.floors_history import check_history
from bench.region_gold import region_codebook, region_records
from codebook.files import FileError
from codebook.load import load_codebook
from flows.evaluate import Evaluation, evaluate
from flows.evaluation_tables import print_tables, tables_of
from flows.gold_files import read_gold
from transforms.evaluate import gaps
from transforms.gold import gold_article
from transforms.intervals import Estimate

GOLD: Final = Path(__file__).with_name("gold")
FLOORS: Final = Path(__file__).with_name("gold_floors.toml")
SETS: Final = ("development", "frozen", "region")
BROKEN, WRONG = 1, 2


def measure(name: str, folder: Path = GOLD) -> Evaluation | None:
    """Return the evaluation of a set, beside the baselines; None where it has no articles."""
    if name == "region":
        return evaluate([gold_article(record) for record in region_records()], region_codebook())
    gold = read_gold(_files(folder / name))
    return evaluate(gold, load_codebook(), with_baselines=True, with_ablations=True) if gold else None


def figures_of(name: str, evaluation: Evaluation) -> Iterator[Figure]:
    """Yield the figures of a set: all languages as "set.figure", each language as "set.language.figure", gaps.

    Figures that stand on too few cases are left out.
    """
    yield Figure(f"{name}.articles", len(evaluation.comparisons), len(evaluation.comparisons))
    for language, found in evaluation.figures.items():
        start = name if language == "all" else f"{name}.{language}"
        yield from _figures(start, found)
    yield from _figures(name, gaps(evaluation.comparisons))
    for rival in evaluation.rivals:
        yield from _figures(f"{name}.{rival.name.replace(' ', '_')}", rival.figures)


def broken_pins(pins: dict[str, Pin], folder: Path = GOLD) -> list[str]:
    """Return which gold files are not those on which the floors were set, with the lines that pin them."""
    digests = {
        f"{name}/{file.name}": hashlib.sha256(file.read_bytes()).hexdigest()
        for name in SETS
        for file in _files(folder / name)
    }
    problems = [f"{name} is pinned and not there" for name in pins if name not in digests]
    for name, digest in digests.items():
        if name not in pins or pins[name].sha256 != digest:
            state = "has changed" if name in pins else "is not pinned"
            lines = f'[pinned."{name}"]\nsha256 = "{digest}"\nreason = "…"'
            problems.append(f"{name} {state}. In {FLOORS.name}, and named in the commit's message:\n{lines}")
    return problems


def main(
    only: Annotated[list[str] | None, typer.Option(help=f"measure this set alone: {', '.join(SETS)}")] = None,
    tables: Annotated[bool, typer.Option("--tables", help="print the tables of `monitor evaluate`, too")] = False,
    folder: Annotated[Path, typer.Option(help="the folder of the gold sets")] = GOLD,
    floors_file: Annotated[Path, typer.Option("--floors", help="the floors")] = FLOORS,
) -> None:
    """Measure the coder on the gold sets and compare with the floors."""
    names = tuple(only or SETS)
    if unknown := [name for name in names if name not in SETS]:
        print(f"There is no set {', '.join(unknown)}; the sets are {', '.join(SETS)}.", file=sys.stderr)
        raise typer.Exit(WRONG)
    text = floors_file.read_text(encoding="utf-8")
    try:
        figures = _measured(names, folder, tables)
    except FileError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(WRONG) from None
    floors = floors_in(text)
    told = [one for one in figures if one.name in floors or one.name.count(".") <= 2 or ".gap." in one.name]
    print_figures(told, floors, "The coder on gold")
    history = check_history()
    for remark in history.remarks:
        print(remark, file=sys.stderr)
    problems = [f"Broken floor: {words}" for words in broken(figures, floors, names)]
    problems += [f"Broken pin: {words}" for words in broken_pins(pins_in(text), folder)]
    problems += [f"Lowered in silence: {words}" for words in history.problems]
    if problems:
        print("\n".join(problems), file=sys.stderr)
        raise typer.Exit(BROKEN)


def _measured(names: Sequence[str], folder: Path, is_told: bool) -> list[Figure]:
    """Return the figures of these sets, saying which are empty."""
    figures: list[Figure] = []
    for name in names:
        evaluation = measure(name, folder)
        if evaluation is None:
            print(f"{name}: there is no gold in {folder / name}; nothing was measured.", file=sys.stderr)
            continue
        figures += figures_of(name, evaluation)
        if is_told:
            print(f"\n{name}\n")
            print_tables(tables_of(evaluation))
    return figures


def _files(folder: Path) -> list[Path]:
    """Return the gold files of a folder, by name."""
    return sorted(folder.glob("*.jsonl"))


def _figures(start: str, found: dict[str, Estimate]) -> Iterator[Figure]:
    """Yield what stands on cases enough, with its interval as the note."""
    for name, one in found.items():
        if one.is_shown:
            yield Figure(f"{start}.{name}", one.value, one.n, f"95 %: {one.low:.3f} to {one.high:.3f}")


if __name__ == "__main__":
    typer.run(main)
