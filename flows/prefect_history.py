"""Prefect's history of our own runs: what is old is deleted through its API, some at a time.

It touches no flow, deployment or run of anybody else on a shared server: only runs of our three flows that worked for
this home folder (or, from a deployment that names none, for the worker's). Called by `housekeeping`.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient
    from prefect.client.schemas.objects import FlowRun

from flows.timetable import FLOWS

AT_ONCE = 200  # a night brings about 26 runs; a backlog goes in a few nights, without making the server stand still
_PARAMETERS = {"home", "recording", "at", "week"}


def forget_runs(home: Path, before: datetime) -> int:
    """Delete our runs that ended and had begun before a moment, with their artifacts; return how many."""
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        runs = _old_runs(client, home, before)
        for run in runs:
            _delete(client, run)
    return len(runs)


def _old_runs(client: SyncPrefectClient, home: Path, before: datetime) -> list[FlowRun]:
    """Return our ended runs from before a moment, oldest first."""
    from prefect.client.schemas.filters import FlowFilter, FlowFilterName, FlowRunFilter, FlowRunFilterStartTime
    from prefect.client.schemas.sorting import FlowRunSort

    runs = client.read_flow_runs(
        flow_filter=FlowFilter(name=FlowFilterName(any_=list(FLOWS))),
        flow_run_filter=FlowRunFilter(start_time=FlowRunFilterStartTime(before_=before)),
        sort=FlowRunSort.START_TIME_ASC,
        limit=AT_ONCE,
    )
    return [run for run in runs if _is_ours(run, home) and run.state is not None and run.state.is_final()]


def _is_ours(run: FlowRun, home: Path) -> bool:
    """Say whether a run of a flow with our name was one of this home's."""
    return run.parameters.keys() <= _PARAMETERS and run.parameters.get("home") in (None, str(home))


def _delete(client: SyncPrefectClient, run: FlowRun) -> None:
    """Delete one run; its task runs go with it, its artifacts would stay."""
    from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterFlowRunId

    own = ArtifactFilter(flow_run_id=ArtifactFilterFlowRunId(any_=[run.id]))
    for artifact in client.read_artifacts(artifact_filter=own):
        client.delete_artifact(artifact.id)
    client.delete_flow_run(run.id)
