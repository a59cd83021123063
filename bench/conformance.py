"""Conformance on real input: `python -m bench.conformance DATA` (or `make conformance DATA=folder`).

DATA is a folder of reference material that is no part of this repository: feeds/, extraction/, language/, seeds/,
countries/, entities/, stories/. Each part is measured, printed beside its floor, and a floor that is broken ends with
exit code 1; a folder that is not there with 2. `--only feeds` (repeatable) measures a part alone.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from time import perf_counter
from typing import Annotated, Final

import typer

from bench.figures import Figure, broken, print_figures, read_floors

PARTS: Final = ("feeds", "pages", "languages", "seeds", "countries", "entities", "stories")
BROKEN, ABSENT = 1, 2


def measure(data: Path, parts: tuple[str, ...]) -> list[Figure]:
    """Return the figures of these parts, telling on stderr how long each took."""
    figures: list[Figure] = []
    for part in parts:
        started = perf_counter()
        measured: Callable[[Path], list[Figure]] = import_module(f"bench.conformance_{part}").measure
        figures += measured(data)
        print(f"{part}: {perf_counter() - started:.1f} s", file=sys.stderr)
    return figures


def main(
    data: Annotated[Path, typer.Argument(help="folder with feeds/, extraction/, language/ and so on")],
    only: Annotated[list[str] | None, typer.Option(help=f"measure this part alone: {', '.join(PARTS)}")] = None,
) -> None:
    """Measure the readers on real input and compare with the floors."""
    parts = tuple(only or PARTS)
    if unknown := [part for part in parts if part not in PARTS]:
        print(f"There is no part {', '.join(unknown)}; the parts are {', '.join(PARTS)}.", file=sys.stderr)
        raise typer.Exit(ABSENT)
    if not data.is_dir():
        print(f"{data}: there is no such folder. Name the folder of reference data.", file=sys.stderr)
        raise typer.Exit(ABSENT)
    try:
        figures = measure(data, parts)
    except FileNotFoundError as error:
        print(f"{error.filename}: this file of the reference data is missing.", file=sys.stderr)
        raise typer.Exit(ABSENT) from None
    floors = read_floors()
    print_figures(figures, floors, "Conformance on real input")
    if problems := broken(figures, floors, parts):
        print("\n".join(f"Broken floor: {problem}" for problem in problems), file=sys.stderr)
        raise typer.Exit(BROKEN)


if __name__ == "__main__":
    typer.run(main)
