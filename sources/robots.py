"""What a site's robots.txt lets us do (RFC 9309), read by protego.

Pure: it is handed the answer and never fetches. A site whose robots.txt is missing allows everything; one whose
robots.txt cannot be reached allows nothing for now, and the refusal carries the true cause (a host that is down is
`dns` or `connect`, not `robots`). Called by `client`.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from protego import Protego

from sources.answers import unanswered
from transforms.records import CaptureKind, Outcome, Request, Response

MAX_CRAWL_DELAY_SECONDS = 120.0
MAX_RULES_BYTES = 512_000  # RFC 9309 asks for 500 KiB at least; what follows is passed over
_UNREACHABLE = frozenset(
    {
        Outcome.DNS,
        Outcome.CONNECT,
        Outcome.TLS,
        Outcome.TIMEOUT,
        Outcome.REFUSED_ADDRESS,
        Outcome.HTTP_429,  # "not now" is no permission
        Outcome.HTTP_5XX,
    }
)


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules of one origin (None: everything is allowed), or why they could not be had (`failure`)."""

    rules: Protego | None = None
    failure: Response | None = None


def origin_of(url: str) -> str | None:
    """Return scheme and authority, for which one robots.txt speaks, or None where the address has none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return f"{parts.scheme}://{parts.netloc}".lower() if parts.scheme and parts.netloc else None


def robots_request(request: Request, origin: str) -> Request:
    """Return the request for the robots.txt that speaks for a request, on the account of the same outlet."""
    return Request(CaptureKind.ROBOTS, request.outlet_id, f"{origin}/robots.txt")


def read_robots(response: Response) -> Robots:
    """Return what an answer to the question for robots.txt allows."""
    if response.outcome in _UNREACHABLE:
        return Robots(failure=response)
    if response.outcome is Outcome.FETCHED:
        text = response.payload[:MAX_RULES_BYTES].decode("utf-8-sig", errors="replace")
        return Robots(rules=Protego.parse(text))
    return Robots()


def refusal(robots: Robots, url: str, user_agent: str) -> Response | None:
    """Return the outcome of a request that robots.txt forbids, or None where it may be sent."""
    if robots.failure is not None:
        cause = robots.failure.error or f"status {robots.failure.status}"
        return unanswered(robots.failure.outcome, url, f"not asked: robots.txt could not be had ({cause})")
    if robots.rules is not None and not robots.rules.can_fetch(url, user_agent):
        return unanswered(Outcome.ROBOTS, url, "robots.txt forbids this address")
    return None


def crawl_delay_seconds(robots: Robots, user_agent: str) -> float:
    """Return the pause between two requests that the site asks for, at most two minutes; 0 where it asks for none."""
    delay = robots.rules.crawl_delay(user_agent) if robots.rules is not None else None
    return min(delay or 0.0, MAX_CRAWL_DELAY_SECONDS)
