"""Whose turn it is at each host: one request at a time, and a pause after it.

Shared by all that a run asks at once, in however many threads and event loops: two groups of outlets may live on one
host. Knows nothing of requests and answers. Made by `flows` for a run; called by `client`.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import Future
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass(slots=True)
class _Host:
    """What is known of one host: whether somebody asks it, who waits for that to end, and when it last ended."""

    is_taken: bool = False
    waiters: deque[Future[None]] = field(default_factory=deque)
    ended_at: datetime | None = None


class HostTurns:
    """Hands out turns, first come, first served; `now` and `sleep` are the run's clock."""

    def __init__(
        self, now: Callable[[], datetime], sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    ) -> None:
        self._now, self._sleep = now, sleep
        self._lock = threading.Lock()
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def turn(self, host: str, pause_seconds: Callable[[], float]) -> AsyncIterator[None]:
        """Wait until nobody else asks the host and it has had its pause; on leaving, its next pause begins.

        The pause is asked for when the turn has come: what was learnt of the host while waiting counts.
        """
        await self._take(host)
        try:
            await self._rest(host, pause_seconds())
            yield
        finally:
            self._give_up(host)

    def note(self, host: str, ended_at: datetime) -> None:
        """Take note that a host was asked up to a moment, by an earlier run."""
        with self._lock:
            state = self._hosts.setdefault(host, _Host())
            state.ended_at = max(ended_at, state.ended_at or ended_at)

    async def _take(self, host: str) -> None:
        """Wait for the turn."""
        with self._lock:
            state = self._hosts.setdefault(host, _Host())
            if not state.is_taken:
                state.is_taken = True
                return
            place: Future[None] = Future()
            state.waiters.append(place)
        try:
            await asyncio.wrap_future(place)
        except asyncio.CancelledError:
            self._leave(host, place)
            raise

    def _leave(self, host: str, place: Future[None]) -> None:
        """Give up a place in the queue, or the turn itself where it came at the very moment."""
        with self._lock:
            has_come = place.done() and not place.cancelled()
        if has_come:
            self._give_up(host)

    async def _rest(self, host: str, pause_seconds: float) -> None:
        """Sleep for what is left of the pause; a clock that was set back cannot make this longer than a pause."""
        ended_at = self._hosts[host].ended_at
        if ended_at is None or pause_seconds <= 0:
            return
        left = (ended_at + timedelta(seconds=pause_seconds) - self._now()).total_seconds()
        if left > 0:
            await self._sleep(min(left, pause_seconds))

    def _give_up(self, host: str) -> None:
        """End the turn and hand it to the first who still waits."""
        with self._lock:
            state = self._hosts[host]
            state.ended_at = self._now()
            while state.waiters:
                place = state.waiters.popleft()
                if place.set_running_or_notify_cancel():
                    place.set_result(None)
                    return
            state.is_taken = False
