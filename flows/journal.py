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
    for line in journal.read_text(encoding="utf-8").splitlines() if journal.exists() else []:
        try:
            record = _from_json(json.loads(line))
        except (ValueError, KeyError):
            continue  # the last line of a machine that lost power
        runs[record.run_id] = record
    return [_killed_if_gone(run) for run in runs.values()]


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
    journal.parent.mkdir(parents=True, exist_ok=True)
    with journal.open("a", encoding="utf-8") as handle:
        handle.write(json.dumps(line, ensure_ascii=False, default=str) + "\n")
        handle.flush()
        os.fsync(handle.fileno())


def _from_json(line: Mapping[str, Any]) -> RunRecord:
    """Return the record of one line."""
    ended = line["ended_at"]
    return RunRecord(
        line["run_id"],
        line["flow"],
        line["night"],
        datetime.fromisoformat(line["started_at"]),
        line["process"],
        line["state"],
        datetime.fromisoformat(ended) if ended else None,
        line["summary"],
    )


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
