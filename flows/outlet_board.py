"""The live table by outlet: who is being asked now, how far each is, how much came, and how the last attempt ended.

Only bookkeeping and one rendering; it asks nobody and knows no terminal. Told from several threads at once by
`flows/fetching.py`, shown by `flows/progress.py`.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.filesize import decimal
from rich.table import Table

from transforms.records import Capture, CaptureKind, Outcome, Request

_FRAME_LINES = 6  # heading, rules and totals
_COLUMNS = ("outlet", "state", "feeds", "pages", "received", "last outcome")


@dataclass(slots=True)
class OutletLine:
    """What is known of one outlet in this run."""

    name: str
    due: Counter[CaptureKind] = field(default_factory=Counter)
    done: Counter[CaptureKind] = field(default_factory=Counter)
    asked_now: int = 0
    received_bytes: int = 0
    last_outcome: Outcome | None = None

    @property
    def state(self) -> str:
        """What the outlet does now: asked, between two requests, finished, or not begun."""
        if self.asked_now:
            return "asking"
        if self.done.total() >= self.due.total():
            return "done"
        return "pausing" if self.last_outcome else "waiting"

    @property
    def is_active(self) -> bool:
        """Whether somebody is at it: begun, and not finished."""
        return self.state in {"asking", "pausing"}


class OutletBoard:
    """All outlets of a run."""

    def __init__(self) -> None:
        self._lines: dict[str, OutletLine] = {}
        self._guard = threading.Lock()

    def expect(self, names: Mapping[str, str], requests: Iterable[Request]) -> None:
        """Take note of what is to be asked; `names` are the outlets' names by id."""
        with self._guard:
            for request in requests:
                name = names.get(request.outlet_id, request.outlet_id)
                line = self._lines.setdefault(request.outlet_id, OutletLine(name))
                line.due[request.kind] += 1

    @contextmanager
    def asking(self, outlet_id: str) -> Iterator[None]:
        """Show the outlet as being asked while the block runs."""
        self._add(outlet_id, 1)
        try:
            yield
        finally:
            self._add(outlet_id, -1)

    def note(self, capture: Capture) -> None:
        """Take note of how an attempt ended; robots.txt is asked for on the way and counts for its bytes alone."""
        with self._guard:
            line = self._lines.get(capture.request.outlet_id)
            if line is not None:
                line.received_bytes += received_bytes(capture)
                if capture.request.kind is not CaptureKind.ROBOTS:
                    line.done[capture.request.kind] += 1
                    line.last_outcome = capture.response.outcome

    @property
    def is_empty(self) -> bool:
        """Whether nothing is being asked or waits to be."""
        with self._guard:
            return all(line.state == "done" for line in self._lines.values())

    def table(self, most_lines: int) -> Table:
        """Return the outlets that are active, as many as fit into so many lines, and the totals of all."""
        with self._guard:
            lines = list(self._lines.values())
            active = sorted((line for line in lines if line.is_active), key=lambda line: (line.state, line.name))
            shown = active[: max(1, most_lines - _FRAME_LINES)]
            return _table(lines, shown, len(active) - len(shown))

    def _add(self, outlet_id: str, number: int) -> None:
        """Count who is asking an outlet."""
        with self._guard:
            if outlet_id in self._lines:
                self._lines[outlet_id].asked_now += number


def received_bytes(capture: Capture) -> int:
    """Return how many bytes of body came over the network."""
    response = capture.response
    return len(response.payload if response.raw_payload is None else response.raw_payload)


def _table(lines: list[OutletLine], shown: list[OutletLine], hidden: int) -> Table:
    """Lay out the shown lines with the totals of all lines as the footer."""
    finished = sum(line.state == "done" for line in lines)
    more = f" (+ {hidden} active)" if hidden else ""
    totals = (
        f"{finished} of {len(lines)} outlets{more}",
        "",
        _share(lines, CaptureKind.FEED),
        _share(lines, CaptureKind.PAGE),
        decimal(sum(line.received_bytes for line in lines)),
        "",
    )
    table = Table(show_footer=True, box=None, pad_edge=False)
    for heading, total in zip(_COLUMNS, totals, strict=True):
        is_number = heading in {"feeds", "pages", "received"}
        table.add_column(heading, total, justify="right" if is_number else "left", no_wrap=True, footer_style="bold")
    for line in shown:
        table.add_row(
            line.name,
            line.state,
            _share([line], CaptureKind.FEED),
            _share([line], CaptureKind.PAGE),
            decimal(line.received_bytes),
            line.last_outcome.value.replace("_", " ") if line.last_outcome else "",
        )
    return table


def _share(lines: list[OutletLine], kind: CaptureKind) -> str:
    """Return how many of the addresses of a kind are done."""
    due = sum(line.due[kind] for line in lines)
    return f"{sum(line.done[kind] for line in lines)}/{due}" if due else ""
