"""Scheduled runs: `monitor serve` with its own server, and `prefect.yaml` on a server that is there."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
import yaml

from flows.settings import ScheduleSettings
from flows.timetable import FLOWS, cron_of

ROOT = Path(__file__).parent.parent
PATIENCE_SECONDS = 120


def ask(address: str, path: str) -> Any:
    """Return what Prefect's API answers to a filter that lets everything through."""
    request = urllib.request.Request(
        f"{address}/{path}/filter", data=b"{}", headers={"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def wait_for(address: str, path: str, count: int) -> Any:
    """Return the API's rows as soon as there are this many; fails after the patience is over."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            if len(rows := ask(address, path)) >= count:
                return rows
        except (urllib.error.URLError, OSError):
            pass
        time.sleep(0.5)
    pytest.fail(f"{path} did not reach {count} rows")


def crons(deployments: list[dict[str, Any]]) -> dict[str, tuple[str, str]]:
    """Return each deployment's cron line and time zone by the name of its flow."""
    return {
        row["entrypoint"].rpartition(":")[2].rpartition(".")[2]: (
            schedule["schedule"]["cron"],
            schedule["schedule"]["timezone"],
        )
        for row in deployments
        for schedule in row["schedules"]
    }


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_serve_schedules_the_three_flows_and_ends_when_told(home: Path, port: int) -> None:
    environment = {**os.environ, "PREFECT_SERVER_API_PORT": str(port)}
    environment.pop("PREFECT_API_URL", None)
    command = [sys.executable, "-m", "flows.cli", "serve", "--home", str(home)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as service:
        try:
            deployments = wait_for(f"http://127.0.0.1:{port}/api", "deployments", 3)
            # A schedule is worth nothing when the server makes no runs of it.
            runs = wait_for(f"http://127.0.0.1:{port}/api", "flow_runs", 3)
            busy = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        finally:
            service.send_signal(signal.SIGTERM)
        service.communicate(timeout=60)
    assert crons(deployments) == {flow: (cron_of(flow, ScheduleSettings()), "Asia/Almaty") for flow in FLOWS}
    assert {run["state_type"] for run in runs} == {"SCHEDULED"}
    assert busy.returncode == 75


def test_prefect_yaml_deploys_the_same_schedules(prefect_server: str) -> None:
    prefect = [sys.executable, "-m", "prefect", "--no-prompt"]
    pool = [*prefect, "work-pool", "create", "--type", "process", "--overwrite", "monitor"]
    for command in (pool, [*prefect, "deploy", "--all"]):
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    deployed = [row for row in ask(prefect_server, "deployments") if row["name"] == "worker"]
    assert crons(deployed) == {flow: (cron_of(flow, ScheduleSettings()), "Asia/Almaty") for flow in FLOWS}


def test_the_units_and_the_yaml_are_well_formed() -> None:
    declared = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))
    assert {row["entrypoint"] for row in declared["deployments"]} == {f"flows.{flow}.{flow}" for flow in FLOWS}
    assert "monitor serve" in (ROOT / "deploy" / "monitor.service").read_text(encoding="utf-8")
