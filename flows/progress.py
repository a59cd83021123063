"""Progress for people: moving bars in a terminal, plain lines in a log.

A flow asks for `current()`; a command that wants another look sets it for its duration with `showing()`.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

Advance = Callable[[], None]
PLAIN_INTERVAL_SECONDS = 10.0


class Display:
    """Shows stages, each with a count where the total is known."""

    def __init__(self, console: Console | None = None, *, is_brief: bool = False) -> None:
        self.console = console or Console(stderr=True)
        self._is_brief = is_brief  # in a log, no line for a stage that is over within the interval
        self._bars: Progress | None = None

    @contextmanager
    def open(self) -> Iterator[None]:
        """Show bars while the block runs, when the console is a terminal."""
        if not self.console.is_terminal or self._bars is not None:
            yield
            return
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=self.console, transient=True) as self._bars:
            yield
        self._bars = None

    @contextmanager
    def stage(self, label: str, total: int) -> Iterator[Advance]:
        """Show one stage while the block runs; call what it yields after each piece of work, from any thread."""
        shown = self._bar(label, total) if self._bars is not None else self._lines(label, total)
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
    def _lines(self, label: str, total: int) -> Iterator[Advance]:
        """Show a stage as lines: now and then one while it works, and one at its end."""
        started = last = time.monotonic()
        count = 0
        guard = threading.Lock()

        def advance() -> None:
            nonlocal count, last
            with guard:
                count += 1
                if time.monotonic() - last >= PLAIN_INTERVAL_SECONDS:
                    last = time.monotonic()
                    self.say(f"{label}: {count} of {total}")

        yield advance
        if total and not self._is_brief:
            self.say(f"{label}: {count} of {total}, {time.monotonic() - started:.1f} s")


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
