"""When a host is left alone for the rest of a visit: it asked for it, or it is not there.

Pure: told of each answer, asked before each request. Called by `client`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sources.answers import unanswered
from transforms.records import Outcome, Response

MOST_FAILURES_IN_A_ROW = 3  # at a minute's timeout each, and then a night later
_IS_DOWN = frozenset({Outcome.DNS, Outcome.CONNECT, Outcome.TLS, Outcome.TIMEOUT})
_TOO_MUCH = frozenset({Outcome.HTTP_429, Outcome.HTTP_5XX})


@dataclass(slots=True)
class Patience:
    """What the hosts have answered so far."""

    _left_alone: dict[str, Response] = field(default_factory=dict)
    _failures: dict[str, int] = field(default_factory=dict)

    def note(self, host: str, answer: Response) -> None:
        """Take note of what a host answered."""
        self._failures[host] = self._failures.get(host, 0) + 1 if answer.outcome in _IS_DOWN else 0
        if _asks_for_quiet(answer) or self._failures[host] >= MOST_FAILURES_IN_A_ROW:
            self._left_alone.setdefault(host, answer)

    def refusal(self, host: str, url: str) -> Response | None:
        """Return the outcome of a request that the host is to be spared, or None where it may be sent."""
        cause = self._left_alone.get(host)
        if cause is None:
            return None
        words = cause.error or f"status {cause.status}"
        return unanswered(cause.outcome, url, f"not asked: the host is left alone for now ({words})")


def _asks_for_quiet(answer: Response) -> bool:
    """Say whether an answer asks us to come back later: 429, or a failure with Retry-After."""
    has_date = answer.header("Retry-After") is not None
    return answer.outcome is Outcome.HTTP_429 or (answer.outcome in _TOO_MUCH and has_date)
