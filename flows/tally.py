"""What attempts amount to in numbers: outcomes, failures, bytes; for a group while it is fetched, for a run as loaded.

Reading may change an outcome (a page of HTML in a feed's place was fetched, and is no feed), so a run counts its
failures and bytes when captures are loaded, those that an interrupted run left over among them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from rich.filesize import decimal

from flows.context import RunContext
from flows.outlet_board import received_bytes
from flows.verdict import GOOD
from transforms.records import Capture, CaptureKind, Outcome


@dataclass(slots=True)
class Tally:
    """The attempts of one group so far."""

    outcomes: Counter[str] = field(default_factory=Counter)
    received_bytes: int = 0

    def add(self, capture: Capture) -> None:
        """Count an attempt; robots.txt counts for its bytes alone."""
        self.received_bytes += received_bytes(capture)
        if capture.request.kind is not CaptureKind.ROBOTS:
            self.outcomes[capture.response.outcome.value] += 1

    def words(self) -> str:
        """Say what failed and how much came."""
        failed = sum(number for outcome, number in self.outcomes.items() if Outcome(outcome) not in GOOD)
        return f"{failed} failed, {decimal(self.received_bytes)}"


def count_loaded(context: RunContext, captures: Iterable[Capture], outcomes: Mapping[str, Outcome]) -> None:
    """Add bytes and failures of loaded captures to the run's counts; `outcomes` are those that reading changed, by id.

    The sum is `failed`; `failed_…` says how often each outcome is among it.
    """
    for capture in captures:
        context.count("received_bytes", received_bytes(capture))
        outcome = outcomes.get(capture.capture_id, capture.response.outcome)
        if capture.request.kind is not CaptureKind.ROBOTS and outcome not in GOOD:
            context.count("failed")
            context.count(f"failed_{outcome.value}")
