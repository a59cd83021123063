"""A stage of a flow as one Prefect task run, around a plain function that is tested without Prefect.

The function takes no argument (what it needs it has bound), so that no frame or connection is ever hashed or stored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from prefect import task
from prefect.cache_policies import NO_CACHE

Result = TypeVar("Result")


def stage(
    name: str, work: Callable[[], Result], subject: str = "", retries: int = 0, retry_delay_seconds: float = 5.0
) -> Result:
    """Run one stage in this thread and return its result; `subject` tells its runs apart in the UI."""
    result: Result = _task(name, work, subject, retries, retry_delay_seconds)()
    return result


def side_by_side(name: str, works: Iterable[tuple[str, Callable[[], Result]]]) -> list[Result]:
    """Run one stage for several subjects at once, each in a thread of its own; results in the given order."""
    futures = [_task(name, work, subject, 0, 0.0).submit() for subject, work in works]
    return [future.result() for future in futures]


def _task(name: str, work: Callable[[], Result], subject: str, retries: int, delay: float) -> Any:
    """Return a Prefect task that does this work."""

    @task(
        name=name,
        task_run_name=f"{name} · {subject}" if subject else name,
        cache_policy=NO_CACHE,
        persist_result=False,
        retries=retries,
        retry_delay_seconds=delay,
    )
    def run() -> Result:
        return work()

    return run
