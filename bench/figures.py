"""Figures, the floors they must not fall below, and the table in which people read them.

A floor stands in a TOML file with the reason for its height; so does the digest of a file that the figures are measured
on. Called by `conformance`, `gold` and `floors_history`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

_NARROWEST = 140  # columns; a pipe has 80, in which notes become columns of letters
FLOORS = Path(__file__).with_name("floors.toml")
PINNED = "pinned"  # the table of a floors file that holds digests of files


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number with how many cases it stands on; shares lie between 0 and 1."""

    name: str
    value: float
    n: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Floor:
    """What a figure must not fall below or rise above, and why."""

    reason: str
    at_least: float | None = None
    at_most: float | None = None

    def holds(self, value: float) -> bool:
        """Say whether a value keeps to the floor."""
        above = self.at_least is None or value >= self.at_least
        return above and (self.at_most is None or value <= self.at_most)

    def __str__(self) -> str:
        bounds = (("≥", self.at_least), ("≤", self.at_most))
        return " ".join(f"{sign} {bound:g}" for sign, bound in bounds if bound is not None)


@dataclass(frozen=True, slots=True)
class Pin:
    """The digest that a file had when the floors were set on it, and why it is this one."""

    sha256: str
    reason: str


def read_floors(path: Path = FLOORS) -> dict[str, Floor]:
    """Return the floors of a file by the names of their figures; each must give its reason."""
    return floors_in(path.read_text(encoding="utf-8"))


def floors_in(text: str) -> dict[str, Floor]:
    """Return the floors that stand in the text of a floors file."""
    return {name: Floor(**table) for name, table in tomllib.loads(text).items() if name != PINNED}


def pins_in(text: str) -> dict[str, Pin]:
    """Return the pinned files that stand in the text of a floors file, by name."""
    return {name: Pin(**table) for name, table in tomllib.loads(text).get(PINNED, {}).items()}


def broken(figures: Iterable[Figure], floors: Mapping[str, Floor], parts: Iterable[str]) -> list[str]:
    """Return what is wrong: floors that do not hold, and floors of the measured parts whose figure was not measured."""
    values = {figure.name: figure.value for figure in figures}
    below = [f"{name} is {values[name]:.4g}" for name, floor in floors.items() if not _holds(floor, values.get(name))]
    measured = tuple(f"{part}." for part in parts)
    absent = [f"{name} was not measured" for name in floors if name.startswith(measured) and name not in values]
    return below + absent


def print_figures(figures: Iterable[Figure], floors: Mapping[str, Floor], title: str) -> None:
    """Print figures beside their floors."""
    table = Table(title=title)
    for heading in ("figure", "value", "n", "floor", ""):
        table.add_column(heading, no_wrap=True)
    table.add_column("note", overflow="fold")
    for figure in figures:
        floor = floors.get(figure.name)
        mark = "" if floor is None else "holds" if floor.holds(figure.value) else "[bold red]BROKEN[/]"
        table.add_row(figure.name, f"{figure.value:.4g}", str(figure.n), str(floor or ""), mark, figure.note)
    Console(width=max(Console().width, _NARROWEST)).print(table)


def _holds(floor: Floor, value: float | None) -> bool:
    """Say whether a floor holds; one whose figure is absent is told apart."""
    return value is None or floor.holds(value)
