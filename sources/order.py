"""In which order attempts are written: as they come, or, without pauses, in that of the requests.

The second makes the files of a replay the same however its requests took turns, and however often it was killed.
Called by `client`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from sources.captures import CaptureWriter
from transforms.records import Capture, Request, Response


@dataclass(slots=True, eq=False)
class Attempt:
    """One attempt on its way into the captures; `grounds` are those at robots.txt that let it happen, in order."""

    request: Request
    response: Response
    at: datetime
    grounds: list[Attempt] = field(default_factory=list)
    capture_id: str | None = None  # known as soon as it is written


@dataclass(slots=True)
class Sink:
    """Writes attempts as they come, or held back until all earlier requests are done, so that the order is theirs."""

    writer: CaptureWriter
    on_done: Callable[[Capture], None]
    is_ordered: bool
    keeps_bodies: bool = True  # else the captures are kept without: they are on the disk, and a night's are many
    captures: list[Capture] = field(default_factory=list)
    _finished: dict[int, Attempt] = field(default_factory=dict)
    _next: int = 0
    _is_writing: bool = False  # stays true when a write fails: what came after it would be out of order

    def add_ground(self, attempt: Attempt) -> None:
        """Take an attempt at robots.txt; where the order counts it is written before the first that relies on it."""
        if not self.is_ordered:
            self._write(attempt)

    def add(self, index: int, attempt: Attempt) -> None:
        """Take the attempt that the request at an index came to."""
        if not self.is_ordered:
            self._write(attempt)
            return
        self._finished[index] = attempt
        while self._next in self._finished:
            self._write(self._finished.pop(self._next))
            self._next += 1

    def _write(self, attempt: Attempt) -> None:
        """Write one attempt and what it relies on, unless an earlier one failed and all are about to be stopped."""
        for ground in attempt.grounds:
            if ground.capture_id is None:
                # on the account of whom it is written for: who asked first may differ after a kill
                ground.request = replace(ground.request, outlet_id=attempt.request.outlet_id)
                self._write(ground)
        if self._is_writing:
            return
        self._is_writing = True
        robots_capture_id = attempt.grounds[-1].capture_id if attempt.grounds else None
        capture = self.writer.write(attempt.request, attempt.response, attempt.at, robots_capture_id)
        attempt.capture_id = capture.capture_id
        self.captures.append(capture if self.keeps_bodies else _without_bodies(capture))
        self.on_done(capture)
        self._is_writing = False


def _without_bodies(capture: Capture) -> Capture:
    """Return a capture with nothing of what came but the answer's head."""
    return replace(capture, response=replace(capture.response, payload=b"", raw_payload=None))
