"""The home folder: where everything lies, and the lock that keeps it to one writer.

Every command that writes holds `writer.lock`; readers need no lock, since they open the published copy.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flows.settings import SettingsError


class Busy(Exception):  # noqa: N818 - a state of the house, not a fault
    """Another process holds the writer's lock; try later (exit code 75)."""


class RunFailed(Exception):  # noqa: N818 - the name of a state
    """A run cannot go on, or so much went wrong that it has failed as a whole; what it did is stored (exit code 3)."""


@dataclass(frozen=True, slots=True)
class Home:
    """The places in one home folder."""

    folder: Path

    @property
    def captures(self) -> Path:
        """WARC files, a folder a day."""
        return self.folder / "captures"

    @property
    def warehouse(self) -> Path:
        """The working DuckDB file, opened by the writer alone."""
        return self.folder / "warehouse" / "monitor.duckdb"

    @property
    def published(self) -> Path:
        """The read-only DuckDB file that analysts open."""
        return self.folder / "published" / "monitor.duckdb"

    @property
    def exports(self) -> Path:
        """Weekly deliveries, a folder a week."""
        return self.folder / "exports"

    @property
    def quality(self) -> Path:
        """Quality pages, a file a night."""
        return self.folder / "quality"

    @property
    def logs(self) -> Path:
        """The journal of runs."""
        return self.folder / "logs"

    @property
    def journal(self) -> Path:
        """One line for each start and end of a run."""
        return self.logs / "runs.jsonl"

    @property
    def ledger(self) -> Path:
        """One line for each step by which captures became tables: what a rebuild goes by."""
        return self.folder / "ledger" / "steps.jsonl"

    @property
    def published_ids(self) -> Path:
        """One line for each publication that brought or changed event ids: what each of them stands for."""
        return self.folder / "ledger" / "published.jsonl"

    @property
    def corrections(self) -> Path:
        """One line for each decision of a person on an event or an organisation."""
        return self.folder / "ledger" / "corrections.jsonl"

    @property
    def removals(self) -> Path:
        """One line for each day of captures that retention removed."""
        return self.folder / "ledger" / "removed.jsonl"

    @property
    def prefect(self) -> Path:
        """Prefect's own files, where no other server is named."""
        return self.folder / "prefect"

    @property
    def writer_lock(self) -> Path:
        """Held by whoever writes."""
        return self.folder / "writer.lock"

    @property
    def scheduler_lock(self) -> Path:
        """Held by `monitor serve` while it runs."""
        return self.folder / "scheduler.lock"

    def make(self) -> None:
        """Make the folders that a run writes to."""
        for folder in (
            self.captures,
            self.warehouse.parent,
            self.published.parent,
            self.exports,
            self.quality,
            self.logs,
            self.ledger.parent,
        ):
            folder.mkdir(parents=True, exist_ok=True)


def make_home(folder: Path) -> None:
    """Make a home folder; raises SettingsError when it cannot be made or written to."""
    try:
        Home(folder).make()
        holds_writing = os.access(folder, os.W_OK)
    except OSError as error:
        raise SettingsError(f"--home: {folder} cannot be made ({error.strerror}). Name another folder.") from None
    if not holds_writing:
        raise SettingsError(f"--home: {folder} cannot be written to. Name another folder, or change its owner.")


@contextmanager
def hold_lock(path: Path, command: str, wait_seconds: float = 0.0) -> Iterator[None]:
    """Hold a lock file for as long as the block runs; the kernel lets go of it when the process dies.

    Raises Busy, naming the holder, when it is not free within `wait_seconds`.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as handle:
        _wait_for(handle.fileno(), path, time.monotonic() + wait_seconds)
        handle.seek(0)
        handle.truncate()
        json.dump({"pid": os.getpid(), "command": command, "since": datetime.now(UTC).isoformat()}, handle)
        handle.flush()
        try:
            yield
        finally:
            handle.seek(0)
            handle.truncate()


def holder_of(path: Path) -> str | None:
    """Return who holds a lock file, in words, or None when nobody does."""
    if not path.exists():
        return None
    with path.open("r", encoding="utf-8") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return _holder_in_words(handle.read())
    return None


def _wait_for(descriptor: int, path: Path, deadline: float) -> None:
    """Take the lock, or raise Busy at the deadline (a reading of time.monotonic)."""
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if time.monotonic() >= deadline:
                raise Busy(
                    f"{path} is held by {_holder_in_words(path.read_text(encoding='utf-8'))}; try later"
                ) from None
            time.sleep(0.2)
        else:
            return


def _holder_in_words(content: str) -> str:
    """Return a lock file's content as words."""
    try:
        holder = json.loads(content)
    except ValueError:
        return "another process"
    return f"“{holder['command']}” (process {holder['pid']}, since {holder['since'][:19]} UTC)"
