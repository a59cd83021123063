"""Running a command and watching what it takes: wall time, processor time and peak memory of its whole tree.

Memory is the proportional set size (pages shared by several processes count once), sampled five times a second from
/proc, so Linux only. A command that outlives its time is ended with all its children. Called by `fetch`.
"""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

_INTERVAL_SECONDS = 0.2
_TICKS = os.sysconf("SC_CLK_TCK")
_PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Watched:
    """What a command took, and its standard output; `exit_code` is None where its time was over."""

    exit_code: int | None
    output: str
    wall_seconds: float
    processor_seconds: float
    peak_bytes: int


@dataclass(slots=True)
class _Meter:
    """What was seen of a tree of processes so far."""

    peak_bytes: int = 0
    ticks: dict[int, int] = field(default_factory=dict)  # by process, the last seen, for those that have ended too

    def read(self, root: int) -> None:
        """Look at the tree once."""
        total = 0
        for process in _tree(root):
            with suppress(OSError, IndexError, StopIteration):
                total += _memory_bytes(process)
                self.ticks[process] = _ticks(process)
        self.peak_bytes = max(self.peak_bytes, total)


def run_watched(command: Sequence[str], log: Path, most_seconds: float, environment: Mapping[str, str]) -> Watched:
    """Run a command to its end or to the end of its time; its standard error goes to the log."""
    started, meter, is_over = time.monotonic(), _Meter(), threading.Event()
    with log.open("wb") as errors:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=environment,
            start_new_session=True,
        )
        watcher = threading.Thread(target=_watch, args=(process.pid, meter, is_over))
        watcher.start()
        try:
            output, _ = process.communicate(timeout=most_seconds)
            code: int | None = process.returncode
        except subprocess.TimeoutExpired:
            output, code = b"", None
        finally:
            is_over.set()
            watcher.join()
            _end(process)
    seconds = time.monotonic() - started
    return Watched(code, output.decode(), seconds, sum(meter.ticks.values()) / _TICKS, meter.peak_bytes)


def _watch(root: int, meter: _Meter, is_over: threading.Event) -> None:
    """Read the meter until told to stop."""
    while not is_over.wait(_INTERVAL_SECONDS):
        meter.read(root)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End whatever is left of the command's own session."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def _tree(root: int) -> Iterator[int]:
    """Yield a process and all that descend from it."""
    children: dict[int, list[int]] = {}
    for entry in _PROC.iterdir():
        if entry.name.isdigit():
            with suppress(OSError, IndexError):
                children.setdefault(int(_fields(int(entry.name))[1]), []).append(int(entry.name))
    waiting = [root]
    while waiting:
        process = waiting.pop()
        yield process
        waiting += children.get(process, [])


def _fields(process: int) -> list[str]:
    """Return the fields of /proc/N/stat from the state on."""
    return (_PROC / str(process) / "stat").read_text().rpartition(")")[2].split()


def _ticks(process: int) -> int:
    """Return the processor time of a process, in ticks of the kernel."""
    fields = _fields(process)
    return int(fields[11]) + int(fields[12])


def _memory_bytes(process: int) -> int:
    """Return the proportional set size of a process."""
    lines = (_PROC / str(process) / "smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
