"""What `monitor status` says: when each flow last ran, how it ended, when it runs next, and what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flows.home import Home, holder_of
from flows.journal import RunRecord, read_journal
from flows.settings import Settings
from flows.timetable import FLOWS, FlowName, last_due, next_due

GRACE = timedelta(minutes=45)  # a flow may wait this long for the writer's lock before it counts as missed


@dataclass(frozen=True, slots=True)
class FlowStatus:
    """One flow's line: `trouble` is None when all is well."""

    flow: FlowName
    last: RunRecord | None
    next_at: datetime
    trouble: str | None


@dataclass(frozen=True, slots=True)
class Status:
    """The state of one home folder."""

    flows: tuple[FlowStatus, ...]
    writer: str | None  # who holds the writer's lock
    scheduler: str | None  # who runs `monitor serve`

    @property
    def is_well(self) -> bool:
        """Whether every flow ran when it was due and ended well."""
        return all(flow.trouble is None for flow in self.flows)


def read_status(settings: Settings, moment: datetime) -> Status:
    """Return the status at a moment, from the journal and the locks."""
    home = Home(settings.home)
    runs = read_journal(home.journal)
    return Status(
        tuple(_flow_status(flow, runs, settings, moment) for flow in FLOWS),
        holder_of(home.writer_lock),
        holder_of(home.scheduler_lock),
    )


def _flow_status(flow: FlowName, runs: Sequence[RunRecord], settings: Settings, moment: datetime) -> FlowStatus:
    """Return one flow's line."""
    own = [run for run in runs if run.flow == flow]
    last = own[-1] if own else None
    due = last_due(flow, settings.schedule, settings.zone, moment - GRACE)
    return FlowStatus(
        flow,
        last,
        next_due(flow, settings.schedule, settings.zone, moment),
        _trouble(last, runs, due),
    )


def _trouble(last: RunRecord | None, runs: Sequence[RunRecord], due: datetime) -> str | None:
    """Return what is wrong with a flow that should have started at `due`, in words, or None."""
    if last is None:
        # A home that is younger than the due time has missed nothing yet.
        return f"has never run; was due {due:%Y-%m-%d %H:%M}" if runs and runs[0].started_at < due else None
    if last.state == "failed":
        return f"failed: {last.summary.get('error', 'see the log')}"
    if last.state == "killed":
        return "was killed or lost its machine; it can simply be run again"
    if last.started_at < due - timedelta(minutes=1) and not _was_busy(runs, due):
        return f"did not run when it was due {due:%Y-%m-%d %H:%M}"
    return None


def _was_busy(runs: Sequence[RunRecord], due: datetime) -> bool:
    """Say whether another run was at work at that time: a poll that gives way to a long night is no trouble."""
    return any(run.started_at <= due and (run.ended_at or due) >= due and run.state != "killed" for run in runs)
