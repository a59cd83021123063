"""What a site's robots.txt lets us do (RFC 9309), read by protego.

Pure: it is handed the answer and never fetches. A site whose robots.txt is missing allows everything; one whose
robots.txt cannot be reached allows nothing for now, and the refusal carries the true cause (a host that is down is
`dns` or `connect`, not `robots`). Called by `client`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from protego import Protego

from sources.answers import unanswered
from transforms.records import Capture, CaptureKind, Outcome, Request, Response

MAX_CRAWL_DELAY_SECONDS = 120.0
MAX_RULES_BYTES = 512_000  # RFC 9309 asks for 500 KiB at least; what follows is passed over
MIN_REDIRECTS = 5  # that many RFC 9309 asks to follow, however few are followed elsewhere
LONGEST_HOLD = timedelta(hours=24)  # RFC 9309 again
_FAILURE_HOLDS = timedelta(hours=1)  # "refused for now": the next poll asks again
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
    authority = parts.netloc.rpartition("@")[2].removesuffix(_USUAL_PORT.get(parts.scheme, "/"))
    return f"{parts.scheme}://{authority}".lower() if parts.scheme and authority else None


_USUAL_PORT = {"http": ":80", "https": ":443"}


def robots_request(request: Request, origin: str) -> Request:
    """Return the request for the robots.txt that speaks for a request, on the account of the same outlet."""
    return Request(CaptureKind.ROBOTS, request.outlet_id, f"{origin}/robots.txt")


def read_robots(response: Response) -> Robots:
    """Return what an answer to the question for robots.txt allows."""
    if _is_unreachable(response):
        return Robots(failure=response)
    if response.outcome is Outcome.TOO_LARGE:  # the payload is its beginning, and the last line may be torn
        return Robots(rules=_rules(response.payload.rpartition(b"\n")[0]))
    return Robots(rules=_rules(response.payload)) if response.outcome is Outcome.FETCHED else Robots()


def still_holds(capture: Capture, now: datetime) -> bool:
    """Say whether what a captured robots.txt allowed is still to be gone by: for a day, a failure for an hour."""
    return now - capture.fetched_at <= (_FAILURE_HOLDS if _is_unreachable(capture.response) else LONGEST_HOLD)


def refusal(robots: Robots, url: str, user_agent: str) -> Response | None:
    """Return the outcome of a request that robots.txt forbids, or None where it may be sent."""
    if robots.failure is not None:
        cause = robots.failure.error or f"status {robots.failure.status}"
        return unanswered(robots.failure.outcome, url, f"not asked: robots.txt could not be had ({cause})")
    if robots.rules is not None and not robots.rules.can_fetch(url, _product(user_agent)):
        return unanswered(Outcome.ROBOTS, url, "robots.txt forbids this address")
    return None


def crawl_delay_seconds(robots: Robots, user_agent: str) -> float:
    """Return the pause between two requests that the site asks for, at most two minutes; 0 where it asks for none."""
    if robots.rules is None:
        return 0.0
    delay = robots.rules.crawl_delay(_product(user_agent)) or 0.0
    rate = robots.rules.request_rate(_product(user_agent))
    asked = max(delay, rate.seconds / rate.requests if rate and rate.requests else 0.0)
    return min(asked, MAX_CRAWL_DELAY_SECONDS) if asked > 0 else 0.0  # also where it is no number


def _is_unreachable(response: Response) -> bool:
    """Say whether robots.txt exists as far as we know but could not be had."""
    is_no_http = response.outcome is Outcome.UNPARSABLE and response.status is None
    return is_no_http or response.outcome in _UNREACHABLE


def _rules(payload: bytes) -> Protego:
    """Return the rules in the bytes of a robots.txt, whatever they are."""
    return Protego.parse(payload[:MAX_RULES_BYTES].decode("utf-8-sig", errors="replace"))


def _product(user_agent: str) -> str:
    """Return the product token by which robots.txt may call us: what stands before version and remarks."""
    return user_agent.partition("/")[0].partition(" ")[0]
