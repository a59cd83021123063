"""Following redirects one by one, so that each address on the way is seen, checked and counted.

Never opens a connection itself: it is handed the function that asks for one address. Shared by the network and the
replay, which therefore agree on what a chain of redirects ends in.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from urllib.parse import urldefrag, urljoin, urlsplit

from sources.answers import REDIRECTS, unanswered
from transforms.records import Outcome, Request, Response

Ask = Callable[[Request], Awaitable[Response]]
PERMANENT = frozenset({301, 308})


async def follow(request: Request, ask: Ask, max_redirects: int) -> Response:
    """Ask for an address, and for the next one as long as the answer is a redirect.

    `redirects` of the response are the addresses we were sent on to, in order; `final_url` is the last one, and
    `moved_to` the last before which every redirect was permanent.
    """
    url, trail = _without_fragment(request.url), tuple[str, ...]()
    moved_to, is_permanent = None, True
    while True:
        if problem := address_problem(url):
            return replace(unanswered(Outcome.REFUSED_ADDRESS, url, problem), redirects=trail)
        answer = await ask(replace(request, url=url))
        target = redirect_target(answer)
        if target is None:
            moved_to = (is_permanent and answer.moved_to) or moved_to  # a recorded answer brings its own redirects
            return replace(answer, redirects=trail + answer.redirects, moved_to=moved_to)
        trail = (*trail, target)
        is_permanent = is_permanent and answer.status in PERMANENT
        moved_to = target if is_permanent else moved_to
        if len(trail) > max_redirects:
            words = f"more than {max_redirects} redirects"
            return replace(unanswered(Outcome.TOO_MANY_REDIRECTS, target, words), redirects=trail)
        url = target


def redirect_target(answer: Response) -> str | None:
    """Return the absolute address that an answer sends us on to, or None where it is no redirect."""
    location = answer.header("Location")
    if answer.status not in REDIRECTS or not location:
        return None
    try:
        return _without_fragment(urljoin(answer.final_url, location.strip()))
    except ValueError:  # such as a bracket left open; `address_problem` will say so
        return location


def address_problem(url: str) -> str | None:
    """Return why an address may not be asked for, whatever stands behind it; None where it may."""
    try:
        parts = urlsplit(url)
        is_complete = (
            bool(parts.hostname) and parts.port != 0 and parts.netloc.isprintable() and " " not in parts.netloc
        )
    except ValueError as error:
        return f"not an address: {error}"
    if parts.scheme not in {"http", "https"}:
        return f"scheme {parts.scheme or 'missing'!r} is not http or https"
    return None if is_complete else "the address names no host that could be asked"


def _without_fragment(url: str) -> str:
    """Return the address as a server sees it."""
    try:
        return urldefrag(url).url
    except ValueError:
        return url
