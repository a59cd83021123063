"""What an answer means: status and bytes in, a Response with one outcome of the closed list out.

Pure and bounded: a body is never unpacked beyond the limit given. Shared by the network and the replay, so that a
recorded answer is judged exactly like a live one. Called by both transports.
"""

from __future__ import annotations

from sources.decoding import BodyError, decode_body
from sources.headers import is_conditional
from transforms.records import CaptureKind, Outcome, Request, Response

REDIRECTS = frozenset({301, 302, 303, 307, 308})

Headers = tuple[tuple[str, str], ...]


def read_answer(request: Request, status: int, headers: Headers, body: bytes | None, limit_bytes: int) -> Response:
    """Return the Response that an answer amounts to.

    A body longer than the limit was broken off behind it; one of None was announced as too long and left unread.
    """
    outcome, error = outcome_of_status(status, is_conditional(request))
    answer = Response(outcome, request.url, status, headers, error=error)
    if body is None:
        return _without_body(request, answer, b"", BodyError(Outcome.TOO_LARGE, "the body is announced as too large"))
    try:
        payload = decode_body(body, answer.header("Content-Encoding"), limit_bytes)
    except BodyError as problem:
        return _without_body(request, answer, body, problem)
    raw = None if payload is body else body
    return Response(outcome, request.url, status, headers, payload=payload, error=error, raw_payload=raw)


def _without_body(request: Request, answer: Response, body: bytes, problem: BodyError) -> Response:
    """Return the Response of an answer whose body cannot be taken.

    A status that already is a failure says more than the state of its error page. Of robots.txt the beginning counts.
    """
    begun = problem.begun if request.kind is CaptureKind.ROBOTS else b""
    is_kept = problem.outcome is Outcome.UNPARSABLE or (begun and not body.startswith(begun))
    return Response(
        problem.outcome if answer.outcome is Outcome.FETCHED else answer.outcome,
        request.url,
        answer.status,
        answer.headers,
        payload=begun,
        error=str(problem),
        raw_payload=body if is_kept else None,
    )


def unanswered(outcome: Outcome, url: str, error: str) -> Response:
    """Return the Response of an attempt that got no answer, and why."""
    return Response(outcome, final_url=url, error=error)


def outcome_of_status(status: int, was_conditional: bool) -> tuple[Outcome, str | None]:
    """Return what a status means, and words where the status is not one that may come here."""
    match status:
        case 304 if was_conditional:
            return Outcome.NOT_MODIFIED, None
        case 404 | 410:
            return Outcome.MISSING, None
        case 429:
            return Outcome.HTTP_429, None
    if 200 <= status < 300:
        return Outcome.FETCHED, None
    if 400 <= status < 500:
        return Outcome.HTTP_4XX, None
    if status >= 500:
        return Outcome.HTTP_5XX, None
    return Outcome.UNPARSABLE, f"status {status} answers nothing that was asked"
