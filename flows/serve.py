"""`monitor serve`: nightly, weekly and poll by the schedule, in one process, with a Prefect server of its own.

Where PREFECT_API_URL is set, the flows are served through that server instead and none is started here.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flows.home import Home, hold_lock
from flows.settings import Settings
from flows.timetable import FlowName, cron_of

SERVER_PORT = 4200
SERVER_START_SECONDS = 120


def serve_flows(settings: Settings) -> None:
    """Serve the three flows until stopped. Raises Busy when this home is being served already."""
    home = Home(settings.home)
    home.make()
    with hold_lock(home.scheduler_lock, "monitor serve"), _server():
        from prefect import Flow, serve
        from prefect.schedules import Cron

        from flows.nightly import nightly
        from flows.poll import poll
        from flows.weekly import weekly

        served: dict[FlowName, Flow[..., Any]] = {"nightly": nightly, "weekly": weekly, "poll": poll}
        deployments: list[Any] = [
            flow.to_deployment(
                name="serve",
                schedule=Cron(cron_of(name, settings.schedule), timezone=settings.time_zone),
                parameters={"home": str(settings.home)},
                concurrency_limit=1,
            )
            for name, flow in served.items()
        ]
        serve(*deployments, pause_on_shutdown=False, print_starting_message=True)


@contextmanager
def _server() -> Iterator[None]:
    """Run a Prefect server while the block runs, unless the environment names one."""
    if os.environ.get("PREFECT_API_URL"):
        yield
        return
    address = f"http://127.0.0.1:{os.environ.get('PREFECT_SERVER_API_PORT', SERVER_PORT)}"
    command = [
        sys.executable,
        "-m",
        "prefect",
        "server",
        "start",
        "--host",
        "127.0.0.1",
        "--port",
        address.rpartition(":")[2],
    ]
    with subprocess.Popen(command) as server:  # noqa: S603 - our own interpreter and fixed words
        try:
            _wait_for(f"{address}/api/health", server)
            os.environ["PREFECT_API_URL"] = f"{address}/api"
            yield
        finally:
            server.terminate()


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    """Return when the server answers; raises RuntimeError when it ends or stays silent."""
    deadline = time.monotonic() + SERVER_START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - our own server on loopback
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    raise RuntimeError(
        f"the Prefect server did not answer at {address}; is the port taken? Set PREFECT_SERVER_API_PORT."
    )
