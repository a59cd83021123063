"""Names of flow runs that a person recognises in Prefect's pages."""

from __future__ import annotations

from datetime import UTC, datetime

from prefect import runtime


def name_of_run() -> str:
    """Return a run's name: its flow and the night or week it works for."""
    parameters = runtime.flow_run.parameters
    subject = parameters.get("week") or parameters.get("at") or datetime.now(UTC)
    shown = f"{subject:%Y-%m-%d %H:%M}" if isinstance(subject, datetime) else str(subject)
    return f"{runtime.flow_run.flow_name} {shown}"
