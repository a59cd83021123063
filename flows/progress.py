"""Progress for people: a live table by outlet and moving bars in a terminal, plain lines in a log.

A flow asks for `current()`; a command that wants another look sets it for its duration with `showing()`.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from flows.outlet_board import OutletBoard

Advance = Callable[[], None]
PLAIN_INTERVAL_SECONDS = 10.0
_COLUMNS = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())


class Display:
    """Shows stages, each with a count where the total is known, and the outlets that are being asked."""

    def __init__(self, console: Console | None = None, *, is_brief: bool = False) -> None:
        self.console = console or Console(stderr=True)
        self.board = OutletBoard()
        self._is_brief = is_brief  # in a log, no line for a stage that is over within the interval
        self._bars: Progress | None = None

    @contextmanager
    def open(self) -> Iterator[None]:
        """Show table and bars while the block runs, when the console is a terminal."""
        if not self.console.is_terminal or self._bars is not None:
            yield
            return
        self._bars = Progress(*_COLUMNS, console=self.console)
        with Live(console=self.console, get_renderable=self.look, transient=True, vertical_overflow="crop"):
            try:
                yield
            finally:
                self._bars = None

    def look(self) -> RenderableType:
        """Return what a terminal shows now; it never has more lines than the terminal."""
        bars = self._bars
        if bars is None:
            return ""
        if self.board.is_empty:
            return bars
        return Group(self.board.table(self.console.height - len(bars.tasks)), bars)

    @contextmanager
    def stage(self, label: str, total: int, detail: Callable[[], str] | None = None) -> Iterator[Advance]:
        """Show one stage while the block runs; call what it yields after each piece of work, from any thread.

        A stage with a detail is a group of outlets: in a terminal the table shows it, in a log its lines tell the
        detail.
        """
        shown: AbstractContextManager[Advance]
        if self._bars is None:
            shown = self._lines(label, total, detail)
        else:
            shown = self._bar(label, total) if detail is None else nullcontext(_nothing)
        with shown as advance:
            yield advance

    def say(self, text: str) -> None:
        """Write one line above the bars."""
        self.console.print(text, highlight=False)

    @contextmanager
    def _bar(self, label: str, total: int) -> Iterator[Advance]:
        """Show a stage as a bar that disappears at its end."""
        bars = self._bars
        assert bars is not None
        task = bars.add_task(label, total=total)
        try:
            yield lambda: bars.advance(task)
        finally:
            bars.remove_task(task)

    @contextmanager
    def _lines(self, label: str, total: int, detail: Callable[[], str] | None) -> Iterator[Advance]:
        """Show a stage as lines: now and then one while it works, and one at its end."""
        started = last = time.monotonic()
        count = 0
        guard = threading.Lock()

        def words() -> str:
            return f"{label}: {count} of {total}{f', {detail()}' if detail else ''}"

        def advance() -> None:
            nonlocal count, last
            with guard:
                count += 1
                if time.monotonic() - last >= PLAIN_INTERVAL_SECONDS:
                    last = time.monotonic()
                    self.say(words())

        yield advance
        if total and not self._is_brief:
            self.say(f"{words()}, {time.monotonic() - started:.1f} s")


def _nothing() -> None:
    """Advance nothing: the table counts by itself."""


_CURRENT: ContextVar[Display | None] = ContextVar("display", default=None)


def current() -> Display:
    """Return the display that the command has set, else one that writes to standard error."""
    return _CURRENT.get() or Display(Console(file=sys.stderr))


@contextmanager
def showing(display: Display) -> Iterator[Display]:
    """Make a display the current one while the block runs, and open it."""
    token = _CURRENT.set(display)
    try:
        with display.open():
            yield display
    finally:
        _CURRENT.reset(token)
