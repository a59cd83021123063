"""The journal of runs: a line at the start of each and one at its end, kept beside the warehouse.

It is what `monitor status` reads, since it needs no database, survives a run that was killed, and can be read while
another process writes. `ops.runs` in the warehouse is made from the same records.
"""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from flows.json_lines import append_line, read_lines

RunState = Literal["running", "done", "done_with_rejects", "failed", "killed"]


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One run of one flow; `night` is the local date or week that it worked for."""

    run_id: str
    flow: str
    night: str
    started_at: datetime
    process: int
    state: RunState = "running"
    ended_at: datetime | None = None
    summary: Mapping[str, Any] = field(default_factory=dict)


def note_start(journal: Path, flow: str, night: str) -> RunRecord:
    """Write that a run has started, and return its record."""
    record = RunRecord(uuid.uuid4().hex, flow, night, datetime.now(UTC), os.getpid())
    _append(journal, record)
    return record


def note_end(journal: Path, record: RunRecord, state: RunState, summary: Mapping[str, Any]) -> RunRecord:
    """Write how a run has ended, and return its record."""
    ended = RunRecord(
        record.run_id,
        record.flow,
        record.night,
        record.started_at,
        record.process,
        state,
        datetime.now(UTC),
        dict(summary),
    )
    _append(journal, ended)
    return ended


def read_journal(journal: Path) -> list[RunRecord]:
    """Return all runs in the order of their start; one without an end whose process is gone is `killed`."""
    runs: dict[str, RunRecord] = {}
    for line in read_lines(journal):
        if record := _from_json(line):
            runs[record.run_id] = record
    return [_killed_if_gone(run) for run in runs.values()]


def shorten(journal: Path, since: datetime, max_bytes: int) -> int:
    """Drop the runs that began before a moment, and the oldest beyond a size; return how many those were.

    The last run of each flow always stays, for `monitor status` asks for it.
    """
    lines: dict[str, str] = {}
    runs: dict[str, RunRecord] = {}
    for line in read_lines(journal):
        if record := _from_json(line):
            runs[record.run_id], lines[record.run_id] = record, json.dumps(line, ensure_ascii=False) + "\n"
    last = {run.flow: run.run_id for run in runs.values()}
    kept: list[str] = []
    for run_id in reversed(runs):
        max_bytes -= len(lines[run_id].encode())
        if run_id in last.values() or (runs[run_id].started_at >= since and max_bytes >= 0):
            kept.append(run_id)
    if len(kept) < len(runs):
        _rewrite(journal, "".join(lines[run_id] for run_id in reversed(kept)))
    return len(runs) - len(kept)


def _rewrite(journal: Path, text: str) -> None:
    """Put a file with this text in the journal's place; who reads at the moment sees the old one or the new."""
    part = journal.with_name(f".{journal.name}.part")
    with part.open("w", encoding="utf-8") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())
    part.replace(journal)


def _append(journal: Path, record: RunRecord) -> None:
    """Append one record as one line that reaches the disk before this returns."""
    line = {
        "run_id": record.run_id,
        "flow": record.flow,
        "night": record.night,
        "started_at": record.started_at.isoformat(),
        "process": record.process,
        "state": record.state,
        "ended_at": record.ended_at and record.ended_at.isoformat(),
        "summary": dict(record.summary),
    }
    append_line(journal, line)


def _from_json(line: Mapping[str, Any]) -> RunRecord | None:
    """Return the record of one line, or None for a line that is none."""
    try:
        return RunRecord(
            line["run_id"],
            line["flow"],
            line["night"],
            datetime.fromisoformat(line["started_at"]),
            line["process"],
            line["state"],
            datetime.fromisoformat(line["ended_at"]) if line["ended_at"] else None,
            line["summary"],
        )
    except (KeyError, TypeError, ValueError):
        return None


def _killed_if_gone(run: RunRecord) -> RunRecord:
    """Return the run, as `killed` when it has no end and its process is not alive."""
    if run.state != "running" or _is_alive(run.process):
        return run
    return RunRecord(run.run_id, run.flow, run.night, run.started_at, run.process, "killed", None, run.summary)


def _is_alive(process: int) -> bool:
    """Say whether a process with this number exists."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
