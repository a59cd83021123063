"""Prefect's history on a real server: our own old runs go with their artifacts, everybody else's stay."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from flows.prefect_history import forget_runs

pytestmark = pytest.mark.usefixtures("prefect_server")

# name: (flow, parameters, whether it has ended, whether it goes)
SITUATIONS: dict[str, tuple[str, dict[str, Any], bool, bool]] = {
    "ours": ("poll", {"home": "HOME"}, True, True),
    "ours, of a worker that takes the home folder from its environment": ("nightly", {"home": None}, True, True),
    "ours, still running": ("poll", {"home": "HOME"}, False, False),
    "of another home folder": ("nightly", {"home": "/srv/other"}, True, False),
    "of somebody's flow of the same name": ("nightly", {"table": "sales"}, True, False),
    "of another flow": ("backup", {"home": "HOME"}, True, False),
}


def test_only_our_ended_runs_go(tmp_path: Path) -> None:
    from prefect import flow
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.actions import ArtifactCreate
    from prefect.client.schemas.filters import (
        ArtifactFilter,
        ArtifactFilterFlowRunId,
        FlowRunFilter,
        FlowRunFilterId,
    )
    from prefect.states import Completed, Running

    runs = {}
    with get_client(sync_client=True) as client:
        for situation, (name, parameters, has_ended, _) in SITUATIONS.items():
            own = {key: str(tmp_path) if value == "HOME" else value for key, value in parameters.items()}
            some_flow = flow(name=name)(lambda: None)
            run = client.create_flow_run(some_flow, parameters=own, state=Running())
            client.create_artifact(ArtifactCreate(type="markdown", data="a night", flow_run_id=run.id))
            if has_ended:
                client.set_flow_run_state(run.id, Completed(), force=True)
            runs[situation] = run.id
        now = datetime.now(UTC)
        assert forget_runs(tmp_path, now - timedelta(days=30)) == 0
        forget_runs(tmp_path, now + timedelta(minutes=1))
        left = client.read_flow_runs(flow_run_filter=FlowRunFilter(id=FlowRunFilterId(any_=list(runs.values()))))
        filed = client.read_artifacts(
            artifact_filter=ArtifactFilter(flow_run_id=ArtifactFilterFlowRunId(any_=list(runs.values())))
        )
    ids = {run.id for run in left}
    assert {artifact.flow_run_id for artifact in filed} == ids
    assert {situation: runs[situation] not in ids for situation in runs} == {
        situation: goes for situation, (*_, goes) in SITUATIONS.items()
    }
