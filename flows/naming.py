"""What a flow run asks of Prefect about itself: a name that a person recognises, and whether a schedule started it."""

from __future__ import annotations

from datetime import UTC, datetime

from prefect import runtime

from flows.settings import Settings


def name_of_run() -> str:
    """Return a run's name: its flow and the night or week it works for."""
    parameters = runtime.flow_run.parameters
    subject = parameters.get("week") or parameters.get("at") or datetime.now(UTC)
    shown = f"{subject:%Y-%m-%d %H:%M}" if isinstance(subject, datetime) else str(subject)
    return f"{runtime.flow_run.flow_name} {shown}"


def with_patience(settings: Settings) -> Settings:
    """Return the settings, with a long wait for the writer's lock where a schedule started the run, not a person."""
    if runtime.deployment.id is None:
        return settings
    wait = settings.run.scheduled_lock_wait_seconds
    return settings.model_copy(update={"run": settings.run.model_copy(update={"lock_wait_seconds": wait})})
