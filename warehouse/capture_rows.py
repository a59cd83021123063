"""One capture as rows: the attempt, and the answer where there was one.

It opens no file and knows no database. Called by `store`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from transforms.records import Capture, Outcome, digest


def answer_row(capture: Capture) -> dict[str, object]:
    """Return the row of raw.captures for a capture with an answer."""
    request, response = capture.request, capture.response
    return {
        "capture_id": capture.capture_id,
        "kind": request.kind,
        "outlet_id": request.outlet_id,
        "feed_id": request.feed_id,
        "url": request.url,
        "final_url": response.final_url,
        "moved_to": response.moved_to,
        "fetched_at": capture.fetched_at,
        "status": response.status,
        "media_type": response.header("content-type"),
        "payload_bytes": len(response.payload),
        "payload_digest": digest(response.payload),
        "warc_file": capture.warc_file,
        "warc_offset_bytes": capture.warc_offset_bytes,
    }


def fetch_row(
    capture: Capture, night: date, outcomes: Mapping[str, Outcome], errors: Mapping[str, str]
) -> dict[str, object]:
    """Return the row of raw.fetches for any capture; what reading found out goes before what the transport said."""
    request, response = capture.request, capture.response
    return {
        "capture_id": capture.capture_id,
        "night": night,
        "kind": request.kind,
        "outlet_id": request.outlet_id,
        "feed_id": request.feed_id,
        "url": request.url,
        "attempted_at": capture.fetched_at,
        "outcome": outcomes.get(capture.capture_id, response.outcome),
        "status": response.status,
        "elapsed_seconds": response.elapsed_seconds,
        "payload_bytes": len(response.payload),
        "was_conditional": request.etag is not None or request.last_modified is not None,
        "error": errors.get(capture.capture_id, response.error),
        "robots_capture_id": capture.robots_capture_id,
    }
