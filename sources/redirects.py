"""Following redirects one by one, so that each address on the way is seen, checked and counted.

Never opens a connection itself: it is handed the function that asks for one address. Called by `client`, whichever
transport it asks, so that network and replay agree on what a chain of redirects ends in.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from dataclasses import replace
from urllib.parse import urldefrag, urljoin, urlsplit

from sources.answers import REDIRECTS, unanswered
from transforms.records import Outcome, Request, Response

Ask = Callable[[Request], Awaitable[Response]]
PERMANENT = frozenset({301, 308})
USUAL_PORTS = (80, 443, 8080, 8443)
_PORT_OF_SCHEME = {"http": 80, "https": 443}


async def follow(
    request: Request, ask: Ask, max_redirects: int, ports: Collection[int] | None = USUAL_PORTS
) -> Response:
    """Ask for an address, and for the next one as long as the answer is a redirect.

    `redirects` of the response are the addresses we were sent on to, in order; `final_url` is the last one, and
    `moved_to` the last before which every redirect was permanent. `ports` None: any port will do.
    """
    url, trail, seconds = _without_fragment(request.url), tuple[str, ...](), 0.0
    moved_to, is_permanent = None, True
    while True:
        if problem := address_problem(url, ports):
            return replace(unanswered(Outcome.REFUSED_ADDRESS, url, problem), redirects=trail)
        answer = await ask(replace(request, url=url))
        seconds += answer.elapsed_seconds
        target = redirect_target(answer)
        if target is None:
            moved_to = (is_permanent and answer.moved_to) or moved_to  # a recorded answer brings its own redirects
            answer = replace(answer, redirects=trail + answer.redirects, moved_to=moved_to)
            return replace(answer, elapsed_seconds=round(seconds, 3))
        if problem := _chain_problem(request.url, url, target, trail, max_redirects):
            answer = unanswered(Outcome.TOO_MANY_REDIRECTS, target, problem)
            return replace(answer, redirects=(*trail, target), elapsed_seconds=round(seconds, 3))
        is_permanent = is_permanent and answer.status in PERMANENT
        moved_to = target if is_permanent else moved_to
        url, trail = target, (*trail, target)


def _chain_problem(first: str, here: str, target: str, trail: tuple[str, ...], max_redirects: int) -> str | None:
    """Return why a redirect is not followed, or None where it is; a circle is left as soon as it closes."""
    if target in (_without_fragment(first), here, *trail):
        return "the redirects lead in a circle"
    return f"more than {max_redirects} redirects" if len(trail) >= max_redirects else None


def redirect_target(answer: Response) -> str | None:
    """Return the absolute address that an answer sends us on to, or None where it is no redirect."""
    location = answer.header("Location")
    if answer.status not in REDIRECTS or not location:
        return None
    try:
        return _without_fragment(urljoin(answer.final_url, location.strip()))
    except ValueError:  # such as a bracket left open; `address_problem` will say so
        return location


def address_problem(url: str, ports: Collection[int] | None = USUAL_PORTS) -> str | None:
    """Return why an address may not be asked for, whatever stands behind it; None where it may."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        return f"not an address: {error}"
    if parts.scheme not in _PORT_OF_SCHEME:
        return f"scheme {parts.scheme or 'missing'!r} is not http or https"
    if not host or port == 0 or not parts.netloc.isprintable() or " " in parts.netloc:
        return "the address names no host that could be asked"
    port = port or _PORT_OF_SCHEME[parts.scheme]
    return None if ports is None or port in ports else f"port {port} is none on which websites are served"


def _without_fragment(url: str) -> str:
    """Return the address as a server sees it."""
    try:
        return urldefrag(url).url
    except ValueError:
        return url
